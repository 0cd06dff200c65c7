package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** Clocks and sleeping. Timers that signal are the process's. */
public final class TimeCalls implements CallFamily {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final int CLOCK_BOOTTIME = 7;
    private static final int CLOCK_TAI = 11;
    private static final int TIMER_ABSTIME = 1;

    private final Abi abi;

    public TimeCalls(Abi abi) {
        this.abi = abi;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "clock_gettime" -> (t, a) -> clock(t, SyscallNumber.CLOCK_GETTIME, a, abi.time);
            case "clock_gettime64" -> (t, a) -> clock(t, SyscallNumber.CLOCK_GETTIME, a, abi.time64);
            case "clock_getres" -> (t, a) -> clock(t, SyscallNumber.CLOCK_GETRES, a, abi.time);
            case "clock_getres_time64" -> (t, a) -> clock(t, SyscallNumber.CLOCK_GETRES, a, abi.time64);
            case "clock_settime", "clock_settime64", "settimeofday", "stime" -> (t, a) -> -Errno.EPERM;
            case "gettimeofday" -> this::gettimeofday;
            case "time" -> this::time;
            case "nanosleep" -> (t, a) -> sleep(t, CLOCK_MONOTONIC, 0, abi.word(a[0]), abi.word(a[1]), abi.time);
            case "clock_nanosleep" -> (t, a) ->
                    sleep(t, (int) a[0], (int) a[1], abi.word(a[2]), abi.word(a[3]), abi.time);
            case "clock_nanosleep_time64" -> (t, a) ->
                    sleep(t, (int) a[0], (int) a[1], abi.word(a[2]), abi.word(a[3]), abi.time64);
            default -> null;
        };
    }

    private long clock(Task task, int number, long[] a, Layout<Abi.Time> time) {
        int clock = (int) a[0];
        long to = abi.word(a[1]);
        if (number == SyscallNumber.CLOCK_GETTIME && clock == CLOCK_MONOTONIC) {
            GuestTimes.write(task.memory(), time, to, System.nanoTime()); // the JVM reads the same clock, without a call
            return 0;
        }
        if (clock < 0) {
            clock = dynamicClock(task, clock);
        }
        long host = task.scratch().struct();
        long result = Syscall.call(number, clock, host);
        if (result == 0 && to != 0) {
            time.put(task.memory(), to, Abi.Time.SECONDS, RawMemory.getLong(host));
            time.put(task.memory(), to, Abi.Time.FRACTION, RawMemory.getLong(host + 8));
        }
        return result;
    }

    /**
     * CPU clocks of given processes and threads: {@code ~id << 3 | kind}, kind 4 and up for threads. Only the caller's own are
     * known.
     */
    private static int dynamicClock(Task task, int clock) {
        int id = ~(clock >> 3);
        boolean thread = (clock & 4) != 0;
        if (thread && (id == 0 || id == task.tid())) {
            return CLOCK_THREAD_CPUTIME_ID;
        }
        if (!thread && (id == 0 || id == task.process().pid())) {
            return CLOCK_PROCESS_CPUTIME_ID;
        }
        throw new Errno(Errno.EINVAL);
    }

    /** Nanoseconds that a clock of the host shows. @throws Errno EINVAL for a clock that is none */
    private static long now(Task task, int clock) {
        if (clock == CLOCK_MONOTONIC) {
            return System.nanoTime();
        }
        long host = task.scratch().struct();
        Errno.check(Syscall.call(SyscallNumber.CLOCK_GETTIME, clock, host));
        return RawMemory.getLong(host) * GuestTimes.SECOND + RawMemory.getLong(host + 8);
    }

    private long gettimeofday(Task task, long[] a) {
        GuestMemory memory = task.memory();
        if (a[0] != 0) {
            GuestTimes.writeTimeval(memory, abi.time, abi.word(a[0]), now(task, CLOCK_REALTIME));
        }
        if (a[1] != 0) {
            memory.write(abi.word(a[1]), 0, 8); // struct timezone
        }
        return 0;
    }

    private long time(Task task, long[] a) {
        long seconds = now(task, CLOCK_REALTIME) / GuestTimes.SECOND;
        if (a[0] != 0) {
            task.memory().write(abi.word(a[0]), seconds, abi.model().wordSize());
        }
        return seconds;
    }

    private long sleep(Task task, int clock, int flags, long request, long remain, Layout<Abi.Time> time) {
        switch (clock) {
            case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI -> {}
            case CLOCK_PROCESS_CPUTIME_ID -> {
                return -Errno.EOPNOTSUPP; // would need the guest process's own clock to wake us
            }
            default -> {
                return -Errno.EINVAL;
            }
        }
        long nanoseconds = GuestTimes.read(abi, task.memory(), time, request);
        if ((flags & TIMER_ABSTIME) != 0) {
            long deadline = GuestTimes.deadlineIn(Math.max(0, nanoseconds - now(task, clock)));
            return until(task, deadline) ? 0 : -Errno.ERESTARTNOHAND;
        }
        return relative(task, GuestTimes.deadlineIn(nanoseconds), remain, time);
    }

    private static long relative(Task task, long deadline, long remain, Layout<Abi.Time> time) {
        if (until(task, deadline)) {
            return 0;
        }
        if (remain != 0) {
            GuestTimes.write(task.memory(), time, remain, GuestTimes.left(deadline));
        }
        task.setRestart((t, a) -> relative(t, deadline, remain, time));
        return -Errno.ERESTART_RESTARTBLOCK;
    }

    /** Whether the deadline came before an interruption. */
    private static boolean until(Task task, long deadline) {
        for (; ; ) {
            int woken = task.await(deadline);
            if (woken == Task.INTERRUPTED) {
                return false;
            }
            if (woken == 0 || deadline != Task.FOREVER && System.nanoTime() - deadline >= 0) {
                return true;
            }
        }
    }
}
