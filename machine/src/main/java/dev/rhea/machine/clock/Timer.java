package dev.rhea.machine.clock;

/** Runs an action at a moment of the machine's time. All methods with the machine lock held. */
public final class Timer implements Comparable<Timer> {
    private final VirtualClock clock;
    final Runnable action;
    long deadline;
    /** When it was armed, in numbers: timers of one moment run in the order in which they were armed. */
    long order;

    boolean armed;

    Timer(VirtualClock clock, Runnable action) {
        this.clock = clock;
        this.action = action;
    }

    /** Arms it, anew if it was armed; a moment that has passed means at once. @param nanoseconds of {@link VirtualClock#now} */
    public void at(long nanoseconds) {
        clock.arm(this, nanoseconds);
    }

    /** Disarms it. */
    public void cancel() {
        clock.cancel(this);
    }

    /** The clock whose time it goes by. */
    public VirtualClock clock() {
        return clock;
    }

    public boolean isArmed() {
        return armed;
    }

    /** When it will run, if it is armed. */
    public long deadline() {
        return deadline;
    }

    @Override
    public int compareTo(Timer other) {
        return deadline != other.deadline ? Long.compare(deadline, other.deadline) : Long.compare(order, other.order);
    }
}
