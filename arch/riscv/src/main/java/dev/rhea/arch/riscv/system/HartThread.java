package dev.rhea.arch.riscv.system;

import dev.rhea.host.HostThread;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A hart's thread: it serves the guest while it is wanted, and stands otherwise. */
final class HartThread {
    private volatile long hostId = -1;
    private final SystemCpu cpu;
    private final Runnable service;
    private final Consumer<Throwable> failed;
    private final Thread thread;

    /** Guards what follows; never held while guest code runs. Comes after the machine lock. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private boolean wanted;
    private boolean standing = true;
    private boolean closed;
    private boolean started;

    /** Set together with the poll request, so that none is lost between two stretches. */
    private volatile boolean attention;

    /**
     * A thread that stands.
     *
     * @param service serves the guest until {@link #stops}
     * @param failed is told, on this thread, what ended it
     */
    HartThread(int index, SystemCpu cpu, Runnable service, Consumer<Throwable> failed) {
        this.cpu = cpu;
        this.service = service;
        this.failed = failed;
        thread = new Thread(this::work, "rhea-hart-" + index);
        thread.setDaemon(true);
        cpu.runner = thread;
    }

    /** The host's number of the thread; -1 while it has not begun. */
    long hostId() {
        return hostId;
    }

    private void work() {
        hostId = HostThread.id();
        try {
            while (awaitTurn()) {
                service.run();
            }
        } catch (RuntimeException | Error e) {
            lock.lock();
            try {
                closed = true;
                standing = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            failed.accept(e);
        }
    }

    /** Stands until it shall run; false when it is closed. */
    private boolean awaitTurn() {
        lock.lock();
        try {
            while (!wanted && !closed) {
                standing = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            standing = closed;
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it shall stop serving the guest, asked between two stretches of guest code. */
    boolean stops() {
        if (!attention) {
            return false;
        }
        attention = false;
        return isAskedToStop();
    }

    /** Whether it shall stop serving the guest. */
    boolean isAskedToStop() {
        lock.lock();
        try {
            return !wanted || closed;
        } finally {
            lock.unlock();
        }
    }

    /** Sleeps until there is something to do or somebody wants it to stand. Its own thread. */
    void awaitAttention(BooleanSupplier done) {
        lock.lock();
        try {
            while (wanted && !closed && !done.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Makes it look for interrupts and requests. Any thread. */
    void wake() {
        attention = true;
        cpu.requestPoll();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets it run; returns at once. Nothing after {@link #close}. */
    void resume() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (!started) {
                started = true;
                thread.start();
            }
            wanted = true;
            standing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns when it stands. Not on its own thread. */
    void pause() {
        lock.lock();
        try {
            wanted = false;
            attention = true;
            cpu.requestPoll();
            changed.signalAll();
            while (!standing) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it, and waits for that unless it is itself that asks. */
    void close() {
        lock.lock();
        try {
            closed = true;
            attention = true;
            cpu.requestPoll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
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
