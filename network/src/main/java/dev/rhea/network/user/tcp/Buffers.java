package dev.rhea.network.user.tcp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The memory of all connections of a network, bounded, outside the heap since the host's sockets want it there. */
final class Buffers {
    static final int SMALLEST = 32 << 10;
    static final int LARGEST = 512 << 10;

    /** Two smallest buffers for each connection that {@link Tcp} allows, and as much again for those that grow. */
    private static final long BUDGET = 4L * Tcp.LIMIT * SMALLEST;

    /** By size: {@link #SMALLEST} times a power of two. */
    private final List<ArrayDeque<ByteBuffer>> free = new ArrayList<>();

    private long taken;
    private long idle;

    Buffers() {
        for (int size = SMALLEST; size <= LARGEST; size *= 2) {
            free.add(new ArrayDeque<>());
        }
    }

    private ArrayDeque<ByteBuffer> shelf(int size) {
        return free.get(Integer.numberOfTrailingZeros(size / SMALLEST));
    }

    /** A buffer of {@code size} bytes, or null if all that is allowed is taken. */
    @Nullable
    ByteBuffer take(int size) {
        if (taken + size > (size == SMALLEST ? BUDGET : BUDGET / 2)) {
            return null;
        }
        ByteBuffer buffer = shelf(size).poll();
        if (buffer != null) {
            idle -= size;
        } else {
            try {
                buffer = ByteBuffer.allocateDirect(size);
            } catch (OutOfMemoryError e) {
                return null; // a small JVM: fewer connections
            }
        }
        taken += size;
        return buffer.clear();
    }

    void give(ByteBuffer buffer) {
        int size = buffer.capacity();
        taken -= size;
        // What was needed once may lie here for a quarter of the budget; the collector gets the rest.
        if (idle + size <= BUDGET / 4) {
            idle += size;
            shelf(size).push(buffer);
        }
    }
}
