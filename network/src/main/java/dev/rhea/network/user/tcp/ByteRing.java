package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of one direction of a connection: {@link #size} bytes in order, and room behind them into which bytes may be put out of
 * order before {@link #extend} makes them count. Begins small and grows. Takes memory only while it holds something.
 */
final class ByteRing {
    private final Buffers buffers;
    private @Nullable ByteBuffer buffer;
    private int capacity = Buffers.SMALLEST;
    private int head;
    private int size;

    ByteRing(Buffers buffers) {
        this.buffers = buffers;
    }

    int size() {
        return size;
    }

    int capacity() {
        return capacity;
    }

    int free() {
        return capacity - size;
    }

    /** Makes sure that there is memory behind it. False if there is none to be had. */
    boolean ensure() {
        if (buffer == null) {
            head = 0;
            buffer = buffers.take(capacity);
        }
        return buffer != null;
    }

    private ByteBuffer memory() {
        ByteBuffer memory = buffer;
        if (memory == null) {
            throw new IllegalStateException("ensure() comes first");
        }
        return memory.clear(); // reading and writing set limits that are none of the others' business
    }

    /** Doubles the capacity if there is memory for it. */
    void grow() {
        if (capacity == Buffers.LARGEST) {
            return;
        }
        ByteBuffer old = buffer;
        if (old != null) {
            ByteBuffer larger = buffers.take(2 * capacity);
            if (larger == null) {
                return;
            }
            int first = capacity - head;
            old.clear();
            larger.put(0, old, head, first);
            larger.put(first, old, 0, head);
            buffers.give(old);
            buffer = larger;
            head = 0;
        }
        capacity *= 2;
    }

    /** Puts bytes at {@code offset} from the first byte; they fit. */
    void put(int offset, byte[] from, int at, int length) {
        ByteBuffer memory = memory();
        int to = head + offset & capacity - 1;
        int first = Math.min(length, capacity - to);
        memory.put(to, from, at, first);
        memory.put(0, from, at + first, length - first);
    }

    /** Copies bytes at {@code offset} from the first byte. */
    void get(int offset, byte[] to, int at, int length) {
        ByteBuffer memory = memory();
        int from = head + offset & capacity - 1;
        int first = Math.min(length, capacity - from);
        memory.get(from, to, at, first);
        memory.get(0, to, at + first, length - first);
    }

    /** Makes {@code length} bytes count that were put behind the last one. */
    void extend(int length) {
        size += length;
    }

    /** Forgets the first {@code length} bytes. */
    void consume(int length) {
        head = head + length & capacity - 1;
        size -= length;
    }

    /** Reads from the host what fits and is there; the number of bytes, or -1 if the end came at once. */
    int fillFrom(ByteStream host) throws IOException {
        ByteBuffer memory = memory();
        int total = 0;
        while (size < capacity) {
            int at = head + size & capacity - 1;
            int room = Math.min(capacity - size, capacity - at);
            int n = host.read(memory.limit(at + room).position(at));
            if (n < 0) {
                return total > 0 ? total : -1;
            }
            size += n;
            total += n;
            if (n < room) {
                break;
            }
        }
        return total;
    }

    /** Writes to the host what it takes. */
    int drainTo(ByteStream host) throws IOException {
        ByteBuffer memory = memory();
        int total = 0;
        while (size > 0) {
            int run = Math.min(size, capacity - head);
            int n = host.write(memory.limit(head + run).position(head));
            consume(n);
            total += n;
            if (n < run) {
                break;
            }
        }
        return total;
    }

    /**
     * Gives the memory back if nothing is in it. A grown one stays, since others might take its place and a window that was
     * promised must hold.
     */
    void releaseIfIdle() {
        if (size == 0 && capacity == Buffers.SMALLEST) {
            release();
        }
    }

    /** Gives the memory back; what was in it is gone. */
    void release() {
        size = 0;
        if (buffer != null) {
            buffers.give(buffer);
            buffer = null;
        }
    }
}
