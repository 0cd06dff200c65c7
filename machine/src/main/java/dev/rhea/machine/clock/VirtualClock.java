package dev.rhea.machine.clock;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A machine's time: nanoseconds for which it ran. It stands still while the machine is stopped. Timers run on a thread of
 * the clock's own, with the machine lock held.
 */
public final class VirtualClock implements AutoCloseable {
    /** Where host time comes from: {@link System#nanoTime} but in tests. */
    @FunctionalInterface
    public interface HostTime {
        long nanoseconds();

        /** Whether it passes by itself; time that a test moves does not, and nobody is to wait for it. */
        default boolean passes() {
            return true;
        }
    }

    /**
     * How to tell the time: one value, so that a reader without the lock sees both parts of the same moment.
     *
     * @param running whether host time counts
     * @param offset what to add to host time; the time itself while it stands still
     */
    private record Pace(boolean running, long offset) {
        static final Pace CHANGING = new Pace(false, 0);
    }

    private static final long AWAKE = Long.MIN_VALUE;

    private final ReentrantLock lock;
    private final Condition changed;
    private final HostTime host;
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private volatile Pace pace = new Pace(false, 0);

    private long armed;
    /**
     * For which moment the clock's thread sleeps: only an earlier one wakes it. A timer that is put off again and again, as
     * guests do with theirs, costs a wakeup now and then and not one each time.
     */
    private long sleepsUntil = AWAKE;

    private boolean closed;
    private Consumer<Throwable> failure = e ->
            System.getLogger(VirtualClock.class.getName()).log(System.Logger.Level.ERROR, "a timer's action failed", e);
    private @Nullable Thread thread;

    /** A clock that stands still at 0. @param lock the machine lock */
    public VirtualClock(ReentrantLock lock) {
        this(lock, System::nanoTime);
    }

    public VirtualClock(ReentrantLock lock, HostTime host) {
        this.lock = lock;
        this.host = host;
        changed = lock.newCondition();
    }

    /** Nanoseconds of running so far. Any thread, no lock. */
    public long now() {
        for (; ; ) {
            Pace now = pace;
            if (now == Pace.CHANGING) {
                Thread.onSpinWait();
                continue;
            }
            long result = now.running ? host.nanoseconds() + now.offset : now.offset;
            // Host time that was read while the pace held; whoever changes it reads his own later.
            if (now == pace) {
                return result;
            }
        }
    }

    /** Lets time pass. With the machine lock held. */
    public void start() {
        if (!pace.running) {
            pace = new Pace(true, pace.offset - host.nanoseconds());
            changed.signal();
        }
    }

    /** Stops time. With the machine lock held. */
    public void stop() {
        if (pace.running) {
            long offset = pace.offset;
            pace = Pace.CHANGING;
            pace = new Pace(false, offset + host.nanoseconds());
            changed.signal();
        }
    }

    /** Sets the time, for a machine whose state is loaded. With the machine lock held, while it stands still. */
    public void set(long nanoseconds) {
        if (pace.running) {
            throw new IllegalStateException("the clock runs; stop the machine before its time is set");
        }
        pace = new Pace(false, nanoseconds);
    }

    /** Whom to tell where a timer's action throws: a mistake in Rhea. The other timers go on. Before any timer is armed. */
    public void onFailure(Consumer<Throwable> handler) {
        failure = handler;
    }

    /** A timer that is not armed. @param action runs on the clock's thread with the machine lock held */
    public Timer timer(Runnable action) {
        return new Timer(this, action);
    }

    void arm(Timer timer, long deadline) {
        queue.remove(timer);
        timer.deadline = deadline;
        timer.order = armed++;
        timer.armed = true;
        queue.add(timer);
        if (thread == null && !closed) {
            Thread made = new Thread(this::work, "rhea-clock");
            made.setDaemon(true);
            thread = made;
            made.start();
        } else if (deadline < sleepsUntil) {
            changed.signal();
        }
    }

    void cancel(Timer timer) {
        if (timer.armed) {
            timer.armed = false;
            queue.remove(timer);
        }
    }

    private void work() {
        lock.lock();
        try {
            while (!closed) {
                Timer first = queue.peek();
                if (first == null || !pace.running) {
                    sleepsUntil = Long.MAX_VALUE;
                    changed.await();
                    sleepsUntil = AWAKE;
                    continue;
                }
                long left = first.deadline - now();
                if (left > 0) {
                    sleepsUntil = first.deadline;
                    if (host.passes()) {
                        changed.awaitNanos(left);
                    } else {
                        changed.await();
                    }
                    sleepsUntil = AWAKE;
                    continue;
                }
                queue.remove();
                first.armed = false;
                try {
                    first.action.run();
                } catch (RuntimeException | Error e) {
                    failure.accept(e);
                }
            }
        } catch (InterruptedException e) {
            // The machine is closed.
        } finally {
            lock.unlock();
        }
    }

    /** Ends the clock's thread. Without the machine lock. */
    @Override
    public void close() {
        Thread worker;
        lock.lock();
        try {
            closed = true;
            changed.signal();
            worker = thread;
        } finally {
            lock.unlock();
        }
        if (worker != null && worker != Thread.currentThread()) {
            boolean interrupted = false;
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
