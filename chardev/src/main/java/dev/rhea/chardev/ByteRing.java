package dev.rhea.chardev;

/** A queue of bytes with a limit. Not for several threads. */
final class ByteRing {
    private final byte[] ring;
    private int head;
    private int count;

    ByteRing(int capacity) {
        ring = new byte[capacity];
    }

    int count() {
        return count;
    }

    int space() {
        return ring.length - count;
    }

    /** Adds as much as fits, from the first byte on; how much it was. */
    int add(byte[] data, int offset, int length) {
        int taken = Math.min(length, space());
        int at = (head + count) % ring.length;
        int first = Math.min(taken, ring.length - at);
        System.arraycopy(data, offset, ring, at, first);
        System.arraycopy(data, offset + first, ring, 0, taken - first);
        count += taken;
        return taken;
    }

    /** Copies the oldest bytes, at most so many, which stay; how many it were. */
    int peek(byte[] into, int most) {
        int length = Math.min(most, count);
        int first = Math.min(length, ring.length - head);
        System.arraycopy(ring, head, into, 0, first);
        System.arraycopy(ring, 0, into, first, length - first);
        return length;
    }

    /** Drops the oldest bytes, at most so many. */
    void drop(int most) {
        int length = Math.min(most, count);
        head = (head + length) % ring.length;
        count -= length;
    }
}
