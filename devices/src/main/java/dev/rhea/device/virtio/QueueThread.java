package dev.rhea.device.virtio;

import dev.rhea.machine.memory.Masters;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that serves queues: it sleeps until it is woken, does its work, and sleeps again. It stands while the machine does. */
public final class QueueThread implements AutoCloseable {
    private final Thread thread;
    private final Masters masters;
    private final Runnable work;
    private final Runnable unpark;
    private volatile boolean pending;
    private volatile boolean closed;
    private boolean started;
    private volatile @Nullable Throwable failure;

    /**
     * A thread that has not begun.
     *
     * @param masters of the memory that it works on
     * @param work what to do each time; called at least once after each {@link #wake}
     */
    public QueueThread(String name, Masters masters, Runnable work) {
        this.masters = masters;
        this.work = work;
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        unpark = () -> LockSupport.unpark(thread);
        masters.onRelease(unpark);
    }

    /** There is something to do. Any thread; cheap. */
    public void wake() {
        if (pending) {
            return;
        }
        pending = true;
        if (!started) {
            start();
        }
        LockSupport.unpark(thread);
    }

    private synchronized void start() {
        if (!started && !closed) {
            started = true;
            thread.start();
        }
    }

    private void run() {
        while (!closed) {
            if (!pending || !masters.tryEnter()) {
                LockSupport.park(this);
                continue;
            }
            pending = false;
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                // A mistake of ours. The device is dead; the machine and its other devices are not.
                failure = e;
                System.getLogger(QueueThread.class.getName())
                        .log(System.Logger.Level.ERROR, thread.getName() + " ends", e);
                return;
            } finally {
                masters.leave();
            }
        }
    }

    /** Why it ended by itself, or null. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** Ends it and waits for that. Not with locks that the work takes. */
    @Override
    public void close() {
        boolean join;
        synchronized (this) {
            closed = true;
            join = started;
        }
        masters.removeObserver(unpark);
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (join && thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
