package dev.rhea.network.loop;

/**
 * Frames on their way from the card's threads to the port's: a ring of bytes in which each frame stands in one piece after
 * its length. Full means that frames are lost; there is no queue behind it.
 */
public final class FrameRing {
    /** Stands where a length would and says that the next frame is at the ring's start. */
    private static final int SKIP = -1;

    private static final int HEADER = 4;

    private final byte[] data;
    private final int mask;
    /** Bytes ever taken out; written by the port's thread only. */
    private volatile long head;
    /** Bytes ever put in; written under the monitor only. */
    private volatile long tail;

    /** Of {@code capacity} bytes, a power of two. */
    public FrameRing(int capacity) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("no power of two: " + capacity);
        }
        data = new byte[capacity];
        mask = capacity - 1;
    }

    /** Copies a frame in, on any thread. False if there is no room for it. */
    public synchronized boolean offer(byte[] frame, int offset, int length) {
        int need = HEADER + (length + 3 & ~3);
        long to = tail;
        int at = (int) to & mask;
        int toEnd = data.length - at;
        int skip = need > toEnd ? toEnd : 0;
        if (to + skip + need - head > data.length) {
            return false;
        }
        if (skip > 0) {
            putLength(at, SKIP);
            at = 0;
        }
        putLength(at, length);
        System.arraycopy(frame, offset, data, at + HEADER, length);
        tail = to + skip + need;
        return true;
    }

    public boolean isEmpty() {
        return head == tail;
    }

    /** Hands up to {@code limit} frames to {@code taker}, in order, on the port's thread. They stay in place meanwhile. */
    public int drain(FrameTaker taker, int limit) {
        int count = 0;
        long from = head;
        while (count < limit && from != tail) {
            int at = (int) from & mask;
            int length = length(at);
            if (length == SKIP) {
                from += data.length - at;
                head = from;
                continue;
            }
            // Moved on before the frame is handled: one that makes its handler fail is not met twice. Nothing
            // overwrites it,
            // since what counts for the other side is only written below.
            from += HEADER + (length + 3 & ~3);
            count++;
            try {
                if (!taker.take(data, at + HEADER, length)) {
                    return count - 1;
                }
                head = from;
            } catch (RuntimeException e) {
                head = from;
                throw e;
            }
        }
        return count;
    }

    private int length(int at) {
        return (data[at] & 0xff) << 24 | (data[at + 1] & 0xff) << 16 | (data[at + 2] & 0xff) << 8 | data[at + 3] & 0xff;
    }

    private void putLength(int at, int length) {
        data[at] = (byte) (length >>> 24);
        data[at + 1] = (byte) (length >>> 16);
        data[at + 2] = (byte) (length >>> 8);
        data[at + 3] = (byte) length;
    }

    /** Takes frames out of a ring. */
    @FunctionalInterface
    public interface FrameTaker {
        /** The bytes may be read until it returns. False leaves the frame where it is and ends the draining. */
        boolean take(byte[] data, int offset, int length);
    }
}
