package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sleeping and timers that send signals. */
final class TimerCalls {
    private TimerCalls() {}

    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final int CLOCK_THREAD_CPUTIME_ID = 3;
    private static final int CLOCK_BOOTTIME = 7;
    private static final int CLOCK_TAI = 11;
    private static final int TIMER_ABSTIME = 1;

    /** {@code sizeof(struct timex)} with 64-bit members. */
    private static final int TIMEX_BYTES = 208;

    private static final int SIGEV_SIGNAL = 0;
    private static final int SIGEV_NONE = 1;
    private static final int SIGEV_THREAD = 2;
    private static final int SIGEV_THREAD_ID = 4;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "nanosleep" ->
                (t, a) -> sleep(t, CLOCK_MONOTONIC, 0, a[0], a[1], t.abi().wordSize());
            case "clock_nanosleep" ->
                (t, a) -> sleep(t, (int) a[0], (int) a[1], a[2], a[3], t.abi().wordSize());
            case "clock_nanosleep_time64" -> (t, a) -> sleep(t, (int) a[0], (int) a[1], a[2], a[3], 8);
            case "alarm" -> TimerCalls::alarm;
            case "getitimer" -> TimerCalls::getitimer;
            case "setitimer" -> TimerCalls::setitimer;
            case "timer_create" -> TimerCalls::create;
            case "timer_settime" -> (t, a) -> settime(t, a, t.abi().wordSize());
            case "timer_settime64" -> (t, a) -> settime(t, a, 8);
            case "timer_gettime" -> (t, a) -> gettime(t, a, t.abi().wordSize());
            case "timer_gettime64" -> (t, a) -> gettime(t, a, 8);
            case "timer_getoverrun" -> (t, a) -> t.process().timers.find((int) a[0]).overrun;
            case "timer_delete" -> TimerCalls::delete;
            case "clock_adjtime", "clock_adjtime64" -> (t, a) -> adjust(t, (int) a[0], t.address(a[1]));
            case "adjtimex" -> (t, a) -> adjust(t, CLOCK_REALTIME, t.address(a[0]));
            default -> null;
        };
    }

    private static long sleep(Task task, int clock, int flags, long request, long remain, int field) {
        long nanos = GuestTime.readTimespec(task.memory(), task.address(request), field);
        boolean absolute = (flags & TIMER_ABSTIME) != 0;
        long deadline = switch (clock) {
            case CLOCK_REALTIME, CLOCK_TAI ->
                absolute ? GuestTime.deadlineOfRealtime(nanos) : GuestTime.deadlineIn(nanos);
            case CLOCK_MONOTONIC, CLOCK_BOOTTIME -> absolute ? nanos : GuestTime.deadlineIn(nanos);
            case CLOCK_PROCESS_CPUTIME_ID -> GuestTime.deadlineIn(nanos);
            default -> throw new Errno(clock == CLOCK_THREAD_CPUTIME_ID ? Errno.EOPNOTSUPP : Errno.EINVAL);
        };
        return sleepUntil(task, deadline, absolute ? 0 : task.address(remain), absolute, field);
    }

    private static long sleepUntil(Task task, long deadline, long remain, boolean absolute, int field) {
        while (true) {
            int how = task.await(deadline);
            if (how == 0) {
                return 0;
            }
            if (how == Task.INTERRUPTED) {
                if (absolute) {
                    return -Errno.ERESTARTNOHAND;
                }
                if (remain != 0) {
                    long left = Math.max(0, deadline - System.nanoTime());
                    GuestTime.writeTimespec(task.memory(), remain, left, field);
                }
                task.setRestart((t, b) -> sleepUntil(t, deadline, remain, false, field));
                return -Errno.ERESTART_RESTARTBLOCK;
            }
        }
    }

    private static long alarm(Task task, long[] a) {
        GuestTimer timer = task.process().timers.interval(ProcessTimers.ITIMER_REAL);
        long left = timer.remaining();
        long seconds = a[0] & 0xFFFF_FFFFL;
        if (seconds == 0) {
            timer.disarm();
        } else {
            timer.arm(System.nanoTime() + seconds * GuestTime.SECOND, 0);
        }
        return left == 0 ? 0 : Math.max(1, (left + GuestTime.SECOND / 2) / GuestTime.SECOND);
    }

    private static GuestTimer interval(Task task, long which) {
        if (which < 0 || which > ProcessTimers.ITIMER_PROF) {
            throw new Errno(Errno.EINVAL);
        }
        return task.process().timers.interval((int) which);
    }

    private static void writeItimerval(Task task, long address, GuestTimer timer) {
        int field = task.abi().wordSize();
        long interval = timer.interval();
        long remaining = timer.remaining();
        GuestTime.writeTimeval(task.memory(), address, interval, field);
        // Never 0 while it is armed.
        GuestTime.writeTimeval(
                task.memory(), address + 2L * field, remaining == 0 ? 0 : Math.max(1000, remaining), field);
    }

    private static long getitimer(Task task, long[] a) {
        writeItimerval(task, task.address(a[1]), interval(task, a[0]));
        return 0;
    }

    private static long setitimer(Task task, long[] a) {
        GuestTimer timer = interval(task, a[0]);
        long set = task.address(a[1]);
        long old = task.address(a[2]);
        int field = task.abi().wordSize();
        long interval = 0;
        long value = 0;
        if (set != 0) {
            interval = GuestTime.readTimeval(task.memory(), set, field);
            value = GuestTime.readTimeval(task.memory(), set + 2L * field, field);
        }
        if (old != 0) {
            writeItimerval(task, old, timer);
        }
        if (value == 0) {
            timer.disarm();
        } else {
            timer.arm(timer.now() + value, interval);
        }
        return 0;
    }

    private static @Nullable LongSupplier cpuClock(Task task, int clock) {
        return switch (clock) {
            case CLOCK_PROCESS_CPUTIME_ID -> {
                CpuUse use = task.process().cpuUse;
                yield () -> use.user() + use.system();
            }
            case CLOCK_THREAD_CPUTIME_ID -> () -> task.process().cpuUse.of(task);
            case CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI -> null;
            default -> {
                // The dynamic ids of clock_getcpuclockid: process or thread of this process.
                if (clock < 0) {
                    CpuUse use = task.process().cpuUse;
                    if ((clock & 4) != 0) {
                        int tid = ~(clock >> 3);
                        Task other = tid == 0 ? task : task.kernel().findTask(tid);
                        if (other == null || other.process() != task.process()) {
                            throw new Errno(Errno.EINVAL);
                        }
                        yield () -> use.of(other);
                    }
                    yield () -> use.user() + use.system();
                }
                throw new Errno(Errno.EINVAL);
            }
        };
    }

    /** {@code struct sigevent}: sigval, signo, notify, thread id. */
    private static long create(Task task, long[] a) {
        GuestMemory memory = task.memory();
        int clock = (int) a[0];
        LongSupplier cpu = cpuClock(task, clock);
        long event = task.address(a[1]);
        int word = task.abi().wordSize();
        int signal = Signal.SIGALRM;
        Long value = null;
        boolean silent = false;
        Task target = null;
        if (event != 0) {
            value = memory.read(event, word);
            signal = (int) memory.read(event + word, 4);
            int notify = (int) memory.read(event + word + 4, 4);
            switch (notify) {
                case SIGEV_NONE -> silent = true;
                case SIGEV_SIGNAL, SIGEV_THREAD -> {}
                case SIGEV_THREAD_ID -> {
                    target = task.kernel().findTask((int) memory.read(event + word + 8, 4));
                    if (target == null || target.process() != task.process()) {
                        return -Errno.EINVAL;
                    }
                }
                default -> {
                    return -Errno.EINVAL;
                }
            }
            if (!silent && !Signal.valid(signal)) {
                return -Errno.EINVAL;
            }
        }
        ProcessTimers timers = task.process().timers;
        ProcessTimers.Posix timer = timers.create(clock, signal, value, silent, target, cpu);
        try {
            memory.write(task.address(a[2]), timer.id, 4);
        } catch (GuestMemory.BadAddress e) {
            timers.delete(timer.id);
            throw e;
        }
        return 0;
    }

    private static void writeItimerspec(Task task, long address, GuestTimer timer, int field) {
        long interval = timer.interval();
        long remaining = timer.remaining();
        GuestTime.writeTimespec(task.memory(), address, interval, field);
        GuestTime.writeTimespec(task.memory(), address + 2L * field, remaining, field);
    }

    private static long settime(Task task, long[] a, int field) {
        ProcessTimers.Posix timer = task.process().timers.find((int) a[0]);
        long set = task.address(a[2]);
        long old = task.address(a[3]);
        if (set == 0) {
            return -Errno.EINVAL;
        }
        long interval = GuestTime.readTimespec(task.memory(), set, field);
        long value = GuestTime.readTimespec(task.memory(), set + 2L * field, field);
        if (old != 0) {
            writeItimerspec(task, old, timer.timer, field);
        }
        if (value == 0) {
            timer.timer.disarm();
            return 0;
        }
        boolean absolute = ((int) a[1] & TIMER_ABSTIME) != 0;
        long at;
        if (!absolute) {
            at = timer.timer.now() + value;
        } else if (timer.clock == CLOCK_REALTIME || timer.clock == CLOCK_TAI) {
            at = GuestTime.deadlineOfRealtime(value);
        } else {
            at = value;
        }
        timer.timer.arm(at, interval);
        return 0;
    }

    private static long gettime(Task task, long[] a, int field) {
        writeItimerspec(task, task.address(a[1]), task.process().timers.find((int) a[0]).timer, field);
        return 0;
    }

    private static long delete(Task task, long[] a) {
        task.process().timers.delete((int) a[0]);
        return 0;
    }

    /** {@code struct timex} with 64-bit members: what the host's clock is disciplined by can be looked at, not changed. */
    private static long adjust(Task task, int clock, long address) {
        byte[] timex = new byte[TIMEX_BYTES];
        if (task.abi().bigEndian()) {
            return -Errno.ENOSYS;
        }
        task.memory().read(address, timex, 0, timex.length);
        if ((timex[0] | timex[1] | timex[2] | timex[3]) != 0) {
            return -Errno.EPERM;
        }
        if (clock < 0) {
            return -Errno.EINVAL;
        }
        long scratch = task.hostThread().scratch();
        RawMemory.copyIn(timex, 0, scratch, timex.length);
        long state = HostCalls.clockAdjtime(clock, scratch);
        if (state >= 0) {
            RawMemory.copyOut(scratch, timex, 0, timex.length);
            task.memory().write(address, timex, 0, timex.length);
        }
        return state;
    }
}
