package dev.rhea.machine.clock;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
    }

    private final ReentrantLock lock;
    private final Condition changed;
    private final HostTime host;
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private volatile boolean running;
    /** What to add to host time while it runs; the time itself while it stands still. */
    private volatile long offset;

    private long armed;
    private boolean closed;
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
            boolean ran = running;
            long result = ran ? host.nanoseconds() + offset : offset;
            if (ran == running) {
                return result;
            }
        }
    }

    /** Lets time pass. With the machine lock held. */
    public void start() {
        if (!running) {
            offset -= host.nanoseconds();
            running = true;
            changed.signal();
        }
    }

    /** Stops time. With the machine lock held. */
    public void stop() {
        if (running) {
            offset += host.nanoseconds();
            running = false;
            changed.signal();
        }
    }

    /** Sets the time, for a machine whose state is loaded. With the machine lock held, while it stands still. */
    public void set(long nanoseconds) {
        if (running) {
            throw new IllegalStateException("the clock runs; stop the machine before its time is set");
        }
        offset = nanoseconds;
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
        } else if (queue.peek() == timer) {
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
                if (first == null || !running) {
                    changed.await();
                    continue;
                }
                long left = first.deadline - now();
                if (left > 0) {
                    changed.awaitNanos(left);
                    continue;
                }
                queue.remove();
                first.armed = false;
                first.action.run();
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
