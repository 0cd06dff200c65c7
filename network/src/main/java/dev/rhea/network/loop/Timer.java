package dev.rhea.network.loop;

/** Something to be done at a time. Belongs to the loop's thread. */
public final class Timer implements Comparable<Timer> {
    /** A time that never comes. */
    public static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final Runnable action;
    /** When to act, in the loop's nanoseconds. */
    long deadline = NEVER;
    /** Under which time it stands in the loop's queue, at most {@link #deadline}; {@link #NEVER} if it stands there not at all. */
    long queued = NEVER;

    Timer(EventLoop loop, Runnable action) {
        this.loop = loop;
        this.action = action;
    }

    /** Acts {@code delay} nanoseconds from now, and at no other time that was said before. */
    public void in(long delay) {
        at(loop.now() + delay);
    }

    /** Acts at a time of the loop's clock. */
    public void at(long time) {
        deadline = time;
        // A later time costs nothing now: when the old time comes, the loop sees that it is not the one any more.
        if (time < queued) {
            loop.enqueue(this, time);
        }
    }

    public void cancel() {
        deadline = NEVER;
    }

    public boolean isArmed() {
        return deadline != NEVER;
    }

    void fire() {
        deadline = NEVER;
        action.run();
    }

    @Override
    public int compareTo(Timer other) {
        return Long.compare(queued, other.queued);
    }
}
