package dev.rhea.chardev;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What all back ends share: their one front end, who is told what, flow control of input, the log of output. */
abstract class BackEnd implements Chardev {
    private final String label;
    private final Object monitor = new Object();

    /** Guarded by the monitor, like all below. */
    private @Nullable FrontEnd frontEnd;

    /** While a new front end is told that the other end is there nothing else may reach it. */
    private boolean attaching;

    private boolean connected;
    private boolean closed;

    /** Counts what may have made room; see {@link #awaitRoom}. */
    private long changes;

    private @Nullable OutputLog log;

    /**
     * @param connected whether someone is at the other end from the start
     */
    BackEnd(String label, boolean connected) {
        this.label = label;
        this.connected = connected;
    }

    /** From now on all output is copied there; closed with the back end. */
    final void logTo(OutputLog to) {
        synchronized (monitor) {
            log = to;
        }
    }

    @Override
    public final String label() {
        return label;
    }

    @Override
    public String toString() {
        return label + ": " + description();
    }

    @Override
    public final void attach(FrontEnd with) {
        boolean there;
        synchronized (monitor) {
            if (frontEnd != null) {
                throw new IllegalStateException("the character device '" + label + "' has a front end already");
            }
            frontEnd = with;
            there = connected;
            attaching = there;
        }
        if (there) {
            try {
                with.event(ChardevEvent.OPENED);
            } finally {
                synchronized (monitor) {
                    attaching = false;
                    monitor.notifyAll();
                }
            }
        }
        acceptInput();
        gotFrontEnd();
    }

    /** A front end is attached. */
    void gotFrontEnd() {}

    @Override
    public final void detach() {
        synchronized (monitor) {
            frontEnd = null;
        }
    }

    @Override
    public final boolean attached() {
        synchronized (monitor) {
            return frontEnd != null;
        }
    }

    @Override
    public final boolean connected() {
        synchronized (monitor) {
            return connected;
        }
    }

    final boolean closed() {
        synchronized (monitor) {
            return closed;
        }
    }

    @Override
    public void acceptInput() {
        synchronized (monitor) {
            changes++;
            monitor.notifyAll();
        }
    }

    @Override
    public final int write(byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        OutputLog copy;
        synchronized (monitor) {
            if (closed) {
                return length;
            }
            copy = log;
        }
        int accepted = send(data, offset, length);
        if (copy != null) {
            copy.append(data, offset, accepted);
        }
        return accepted;
    }

    /** {@link #write} of the kind of back end. */
    abstract int send(byte[] data, int offset, int length);

    @Override
    public final void close() {
        synchronized (monitor) {
            if (closed) {
                return;
            }
            closed = true;
            monitor.notifyAll();
        }
        release();
        OutputLog copy;
        synchronized (monitor) {
            copy = log;
        }
        if (copy != null) {
            copy.close();
        }
    }

    /** {@link #close} of the kind of back end, called once. */
    abstract void release();

    /**
     * Waits, on a thread of the back end, until a front end has room.
     *
     * @return how many bytes it takes, or 0 after {@link #close}
     */
    final int awaitRoom() throws InterruptedException {
        return awaitRoom(() -> false);
    }

    /** The same, and 0 too once there is no use in waiting; whoever makes that so calls {@link #acceptInput}. */
    final int awaitRoom(BooleanSupplier useless) throws InterruptedException {
        while (true) {
            FrontEnd asked;
            long seen;
            synchronized (monitor) {
                while (!closed && !useless.getAsBoolean() && (frontEnd == null || attaching)) {
                    monitor.wait();
                }
                if (closed || useless.getAsBoolean()) {
                    return 0;
                }
                asked = frontEnd;
                seen = changes;
            }
            // Outside the monitor: it may take the device's lock, under which acceptInput is called.
            int room = asked == null ? 0 : asked.room();
            if (room > 0) {
                return room;
            }
            synchronized (monitor) {
                while (!closed && seen == changes) {
                    monitor.wait();
                }
            }
        }
    }

    /** Gives input that the front end had room for; lost if it has gone meanwhile. */
    final void deliver(byte[] data, int offset, int length) {
        FrontEnd to = frontEnd();
        if (to != null) {
            to.receive(data, offset, length);
        }
    }

    /** Says that the other end came or went. */
    final void connected(boolean now) {
        synchronized (monitor) {
            if (connected == now) {
                return;
            }
            connected = now;
        }
        tell(now ? ChardevEvent.OPENED : ChardevEvent.CLOSED);
    }

    final void tell(ChardevEvent event) {
        FrontEnd to = frontEnd();
        if (to != null) {
            to.event(event);
        }
    }

    final void writable() {
        FrontEnd to = frontEnd();
        if (to != null) {
            to.writable();
        }
    }

    private @Nullable FrontEnd frontEnd() {
        synchronized (monitor) {
            boolean interrupted = false;
            while (attaching) {
                try {
                    monitor.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return closed ? null : frontEnd;
        }
    }

    /** Waits on a thread of the back end, at most so long; whether it is still open then. */
    final boolean pause(long milliseconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        synchronized (monitor) {
            for (long left; !closed && (left = deadline - System.nanoTime()) > 0; ) {
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
            }
            return !closed;
        }
    }

    /** Starts a thread of the back end. It does not keep the JVM alive. */
    final Thread thread(String what, Runnable body) {
        Thread thread = new Thread(body, "chardev-" + label + "-" + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    static void join(@Nullable Thread thread, long milliseconds) {
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
