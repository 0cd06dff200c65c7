package dev.rhea.network;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Two streams of bytes that do not block: what a guest's TCP connection is joined to. Reading and writing happen on the
 * port's thread only.
 */
public interface ByteStream {
    /**
     * Reads what is there.
     *
     * @return the number of bytes, 0 if there are none now, -1 if there will be none any more
     * @throws IOException if the other side is gone in a way that the guest is to see as a reset
     */
    int read(ByteBuffer into) throws IOException;

    /**
     * Writes what finds room.
     *
     * @return the number of bytes taken, 0 if there is no room now
     * @throws IOException if the other side is gone
     */
    int write(ByteBuffer from) throws IOException;

    /**
     * For what the reader waits from now on. As soon as bytes (or the end) can be read while {@code read}, or written while
     * {@code write}, the stream calls what {@link #onReady} was told, at least once.
     */
    void await(boolean read, boolean write);

    /** Whom to call when what was awaited has come. It may be called on any thread and returns at once. */
    void onReady(Runnable ready);

    /** No bytes will be written any more; the other side sees the end once it has read what was written. */
    void shutdownOutput() throws IOException;

    /** Gives the stream up. What was written still arrives. */
    void close();

    /** Gives the stream up and lets the other side know that something broke, where it has a way of knowing. */
    default void reset() {
        close();
    }
}
