package dev.rhea.user.process;

import dev.rhea.user.call.Errno;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A process's interval timers and POSIX timers. Not inherited by fork; the POSIX ones go at execve. */
final class ProcessTimers {
    static final int ITIMER_REAL = 0;
    static final int ITIMER_VIRTUAL = 1;
    static final int ITIMER_PROF = 2;

    private static final int MAX_TIMERS = 4096;

    /** A timer of timer_create. */
    static final class Posix {
        final int id;
        final int clock;
        final SignalInfo signal;
        final boolean silent;
        final @Nullable Task target;
        GuestTimer timer;
        int overrun;

        Posix(
                ProcessTimers owner,
                int id,
                int clock,
                SignalInfo signal,
                boolean silent,
                @Nullable Task target,
                @Nullable LongSupplier cpuClock) {
            this.id = id;
            this.clock = clock;
            this.signal = signal;
            this.silent = silent;
            this.target = target;
            this.timer = new GuestTimer(owner.process.kernel().timers(), cpuClock, () -> owner.expired(this));
        }
    }

    private final Process process;
    private final @Nullable GuestTimer[] intervals = new GuestTimer[3];
    private final Map<Integer, Posix> posix = new HashMap<>(0);
    private int nextId;

    ProcessTimers(Process process) {
        this.process = process;
    }

    /** One of setitimer's three. */
    synchronized GuestTimer interval(int which) {
        GuestTimer timer = intervals[which];
        if (timer == null) {
            int signal = switch (which) {
                case ITIMER_REAL -> Signal.SIGALRM;
                case ITIMER_VIRTUAL -> Signal.SIGVTALRM;
                default -> Signal.SIGPROF;
            };
            LongSupplier clock = switch (which) {
                case ITIMER_REAL -> null;
                case ITIMER_VIRTUAL -> process.cpuUse::user;
                default -> () -> process.cpuUse.user() + process.cpuUse.system();
            };
            timer = new GuestTimer(process.kernel().timers(), clock, () -> process.send(SignalInfo.kernel(signal)));
            intervals[which] = timer;
        }
        return timer;
    }

    /**
     * timer_create.
     *
     * @param signal what is sent; its value and number are the sigevent's
     * @param silent SIGEV_NONE
     * @param target SIGEV_THREAD_ID's, or null for the process
     */
    synchronized Posix create(
            int clock,
            int number,
            @Nullable Long value,
            boolean silent,
            @Nullable Task target,
            @Nullable LongSupplier cpu) {
        if (posix.size() >= MAX_TIMERS) {
            throw new Errno(Errno.EAGAIN);
        }
        int id = nextId++;
        SignalInfo info = new SignalInfo(number, SignalInfo.SI_TIMER, id, 0, value == null ? id : value, 0);
        Posix timer = new Posix(this, id, clock, info, silent, target, cpu);
        posix.put(id, timer);
        return timer;
    }

    /** @throws Errno EINVAL where there is none */
    synchronized Posix find(int id) {
        Posix timer = posix.get(id);
        if (timer == null) {
            throw new Errno(Errno.EINVAL);
        }
        return timer;
    }

    void delete(int id) {
        Posix timer;
        synchronized (this) {
            timer = find(id);
            posix.remove(id);
        }
        timer.timer.disarm();
    }

    private void expired(Posix timer) {
        if (timer.silent) {
            return;
        }
        synchronized (process.kernel().lock) {
            Task target = timer.target;
            SignalQueue queue = target == null ? process.pending : target.signals.pending;
            if (queue.countOverrun(timer.id)) {
                timer.overrun++;
                return;
            }
            timer.overrun = 0;
            if (target == null) {
                SignalSending.toProcess(process, timer.signal);
            } else if (process.tasks.contains(target)) {
                SignalSending.toTask(target, timer.signal);
            }
        }
    }

    /** execve deletes POSIX timers. */
    void closePosix() {
        Posix[] all;
        synchronized (this) {
            all = posix.values().toArray(new Posix[0]);
            posix.clear();
        }
        for (Posix timer : all) {
            timer.timer.disarm();
        }
    }

    /** The process has ended. */
    void close() {
        closePosix();
        for (int i = 0; i < intervals.length; i++) {
            GuestTimer timer = intervals[i];
            if (timer != null) {
                timer.disarm();
            }
        }
    }
}
