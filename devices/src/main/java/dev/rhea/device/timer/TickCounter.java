package dev.rhea.device.timer;

import dev.rhea.machine.clock.VirtualClock;

/**
 * A counter that counts up at a frequency of its own as the machine's time passes, and that can be set. With the machine lock
 * held, but {@link #now}, which any thread may ask.
 */
public final class TickCounter {
    private static final long SECOND = 1_000_000_000;

    private final VirtualClock clock;
    private final long frequency;
    private volatile long ahead;

    /**
     * A counter that stood at 0 when the clock did.
     *
     * @param frequency in Hz, 1 to 10^9
     */
    public TickCounter(VirtualClock clock, long frequency) {
        if (frequency < 1 || frequency > SECOND) {
            throw new IllegalArgumentException("a frequency is 1 to 10^9 Hz, not " + frequency);
        }
        this.clock = clock;
        this.frequency = frequency;
    }

    /** In Hz. */
    public long frequency() {
        return frequency;
    }

    /** Ticks; unsigned. Any thread. */
    public long now() {
        long time = clock.now();
        return time / SECOND * frequency + time % SECOND * frequency / SECOND + ahead;
    }

    /** Goes on counting from here. */
    public void set(long ticks) {
        ahead += ticks - now();
    }

    /** How far it is ahead of the clock, in ticks: its state. */
    public long ahead() {
        return ahead;
    }

    public void setAhead(long ticks) {
        ahead = ticks;
    }

    /**
     * The moment of {@link VirtualClock} when it will stand at {@code ticks}, in nanoseconds: now if it has passed it, {@link
     * Long#MAX_VALUE} if that is too far away to be told.
     */
    public long moment(long ticks) {
        long time = clock.now();
        long passed = time / SECOND * frequency + time % SECOND * frequency / SECOND;
        long now = passed + ahead;
        if (Long.compareUnsigned(now, ticks) >= 0) {
            return time;
        }
        long left = ticks - now;
        // The clock's own count, not this counter's: it cannot wrap, whatever a guest has set.
        long at = passed + left;
        if (left < 0 || at < 0 || at / frequency >= Long.MAX_VALUE / SECOND) {
            return Long.MAX_VALUE;
        }
        return at / frequency * SECOND + (at % frequency * SECOND + frequency - 1) / frequency;
    }
}
