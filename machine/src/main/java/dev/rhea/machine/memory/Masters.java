package dev.rhea.machine.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The masters of a memory that are no processors: devices that read and write it on threads of their own, or of their back ends.
 * Each piece of their work is between {@link #tryEnter} and {@link #leave}; while they are held, none begins. So memory and devices
 * stand still while the machine is paused.
 */
public final class Masters {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final List<Runnable> observers = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private int working;
    private boolean held;

    Masters() {}

    /** Begins a piece of work; false while they are held: ask again when an observer is told. Any thread. */
    public boolean tryEnter() {
        lock.lock();
        try {
            if (held) {
                return false;
            }
            working++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a piece of work that {@link #tryEnter} let begin. */
    public void leave() {
        lock.lock();
        try {
            if (--working == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #tryEnter} would refuse now. */
    public boolean areHeld() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs something that cannot be refused: now, or when they are released, in the order of the calls. It is a piece of work of
     * its own.
     */
    public void run(Runnable work) {
        lock.lock();
        try {
            if (held) {
                later.add(work);
                return;
            }
            working++;
        } finally {
            lock.unlock();
        }
        try {
            work.run();
        } finally {
            leave();
        }
    }

    /** Lets no work begin, and waits for the end of what began. Without the machine lock and not in such work. */
    public void hold() {
        lock.lock();
        try {
            held = true;
            while (working > 0) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets work begin again. */
    public void release() {
        List<Runnable> kept;
        lock.lock();
        try {
            if (!held) {
                return;
            }
            held = false;
            kept = new ArrayList<>(later);
            later.clear();
        } finally {
            lock.unlock();
        }
        kept.forEach(this::run);
        observers.forEach(Runnable::run);
    }

    /** Is told after each {@link #release}; must not block. */
    public void onRelease(Runnable observer) {
        observers.add(observer);
    }

    public void removeObserver(Runnable observer) {
        observers.remove(observer);
    }
}
