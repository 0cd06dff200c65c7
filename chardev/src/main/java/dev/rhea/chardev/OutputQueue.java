package dev.rhea.chardev;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Output on its way to an end that may be slow: a ring of bytes and a thread that writes them. */
final class OutputQueue {
    /** Where the bytes go. Waits as long as it takes. */
    interface Sink {
        void write(byte[] data, int offset, int length) throws IOException;
    }

    /** As many bytes as are accepted ahead of a slow end. */
    static final int CAPACITY = 1 << 16;

    private final BackEnd owner;
    private final Sink sink;

    /** Guarded by this, like all below. */
    private final ByteRing waiting = new ByteRing(CAPACITY);

    /** Whether something was not accepted, and the front end is to be told when there is room. */
    private boolean refused;

    /** Nothing more is written: the sink failed, or the owner closes. What comes is dropped. */
    private boolean ended;

    private @Nullable Thread writer;

    OutputQueue(BackEnd owner, Sink sink) {
        this.owner = owner;
        this.sink = sink;
    }

    /** Takes as much as fits, from the first byte on; how much it is. */
    synchronized int offer(byte[] data, int offset, int length) {
        if (ended) {
            return length;
        }
        int taken = waiting.add(data, offset, length);
        refused |= taken < length;
        if (writer == null) {
            writer = owner.thread("output", this::run);
        }
        notifyAll();
        return taken;
    }

    private void run() {
        byte[] chunk = new byte[4096];
        while (true) {
            int length;
            synchronized (this) {
                try {
                    while (waiting.count() == 0 && !ended) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    ended = true;
                }
                if (ended) {
                    return;
                }
                length = waiting.peek(chunk, chunk.length);
            }
            boolean failed = false;
            try {
                sink.write(chunk, 0, length);
            } catch (IOException e) {
                failed = true;
            }
            boolean tell;
            synchronized (this) {
                ended |= failed;
                waiting.drop(ended ? CAPACITY : length);
                // Not for every few bytes: once half is free.
                tell = refused && waiting.space() >= CAPACITY / 2;
                refused &= !tell;
                notifyAll();
            }
            if (tell) {
                owner.writable();
            }
        }
    }

    /** Waits until all is written, for so many milliseconds, then drops the rest. What holds the sink is for the owner to end. */
    synchronized void finish(long milliseconds) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        try {
            for (long left; waiting.count() > 0 && (left = deadline - System.nanoTime()) > 0; ) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended = true;
        waiting.drop(CAPACITY);
        notifyAll();
    }

    /** Waits for the writing thread to end, after {@link #finish} and the end of what held it. */
    void join() {
        Thread waitedFor;
        synchronized (this) {
            waitedFor = writer;
        }
        BackEnd.join(waitedFor, 1000);
    }
}
