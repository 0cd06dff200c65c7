package dev.rhea.user.process;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A timer that expires once or again and again, on wall-clock time or on processor time.
 *
 * <p>Processor time is looked at when at the earliest it can have passed: with all tasks running on all of the host's
 * processors.
 */
final class GuestTimer {
    /** Of which processor-time timers are looked at most often, in nanoseconds. */
    private static final long CPU_TICK = 1_000_000;

    private final TimerQueue queue;
    private final @Nullable LongSupplier cpuTime;
    private final Runnable expired;

    private TimerQueue.@Nullable Entry entry;

    /** When it expires next, on its own clock; 0 while it is not armed. */
    private long expires;

    private long interval;

    /**
     * A disarmed timer.
     *
     * @param cpuTime the clock, or null for {@link System#nanoTime}
     * @param expired what it does; on the timer thread, must not wait
     */
    GuestTimer(TimerQueue queue, @Nullable LongSupplier cpuTime, Runnable expired) {
        this.queue = queue;
        this.cpuTime = cpuTime;
        this.expired = expired;
    }

    long now() {
        return cpuTime == null ? System.nanoTime() : cpuTime.getAsLong();
    }

    /** Sets it to expire at {@code at} of its clock ({@link #now}), and every {@code every} nanoseconds from then if not 0. */
    synchronized void arm(long at, long every) {
        disarm();
        expires = at == 0 ? 1 : at;
        interval = every;
        schedule();
    }

    synchronized void disarm() {
        TimerQueue.Entry e = entry;
        if (e != null) {
            queue.cancel(e);
            entry = null;
        }
        expires = 0;
        interval = 0;
    }

    /** Nanoseconds until it expires, at least 1; 0 if it is not armed. */
    synchronized long remaining() {
        return expires == 0 ? 0 : Math.max(1, expires - now());
    }

    synchronized long interval() {
        return interval;
    }

    private void schedule() {
        if (cpuTime == null) {
            entry = queue.schedule(expires, this::look);
        } else {
            long least = (expires - now()) / Runtime.getRuntime().availableProcessors();
            entry = queue.schedule(System.nanoTime() + Math.max(CPU_TICK, least), this::look);
        }
    }

    private void look() {
        synchronized (this) {
            if (expires == 0) {
                return;
            }
            long now = now();
            if (now < expires) {
                schedule();
                return;
            }
            if (interval == 0) {
                entry = null;
                expires = 0;
            } else {
                // Periods that passed unseen are lost: signals would not have queued either.
                expires += interval * Math.max(1, (now - expires) / interval + 1);
                schedule();
            }
        }
        expired.run();
    }
}
