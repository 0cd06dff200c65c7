package dev.rhea.user.process;

import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs things at their time, on one thread that is started with the first of them. Thread-safe. */
final class TimerQueue implements AutoCloseable {
    /** Something to be run once. */
    static final class Entry implements Comparable<Entry> {
        private final long deadline;
        private final Runnable action;

        Entry(long deadline, Runnable action) {
            this.deadline = deadline;
            this.action = action;
        }

        @Override
        public int compareTo(Entry other) {
            return Long.compare(deadline - other.deadline, 0);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private @Nullable Thread thread;
    private boolean closed;

    /** Runs {@code action}, which must not wait, at {@code deadline} of {@link System#nanoTime}. */
    synchronized Entry schedule(long deadline, Runnable action) {
        Entry entry = new Entry(deadline, action);
        if (closed) {
            return entry;
        }
        entries.add(entry);
        Thread running = thread;
        if (running == null) {
            running = Thread.ofPlatform().daemon().name("rhea-timers").unstarted(this::run);
            thread = running;
            running.start();
        } else if (entries.peek() == entry) {
            LockSupport.unpark(running);
        }
        return entry;
    }

    /** Nothing happens if it has run already. */
    synchronized void cancel(Entry entry) {
        entries.remove(entry);
    }

    private void run() {
        while (true) {
            Entry due = null;
            long wait = Long.MAX_VALUE;
            synchronized (this) {
                if (closed) {
                    return;
                }
                Entry first = entries.peek();
                if (first != null) {
                    wait = first.deadline - System.nanoTime();
                    if (wait <= 0) {
                        due = entries.poll();
                    }
                }
            }
            if (due != null) {
                due.action.run();
            } else if (wait == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            entries.clear();
            running = thread;
        }
        if (running != null) {
            LockSupport.unpark(running);
            if (running != Thread.currentThread()) {
                boolean interrupted = false;
                while (running.isAlive()) {
                    try {
                        running.join();
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
}
