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

/** Clocks. Sleeping and timers are the process's. */
public final class TimeCalls implements CallFamily {
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;

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
            default -> null;
        };
    }

    private long clock(Task task, int number, long[] a, Layout<Abi.Time> time) {
        int clock = (int) a[0];
        long to = abi.word(a[1]);
        if (number == SyscallNumber.CLOCK_GETTIME && clock == CLOCK_MONOTONIC) {
            GuestTimes.write(
                    task.memory(), time, to, System.nanoTime()); // the JVM reads the same clock, without a call
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
}
