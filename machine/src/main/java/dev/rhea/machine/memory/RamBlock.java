package dev.rhea.machine.memory;

import dev.rhea.host.Reservation;

/**
 * Host memory behind guest RAM. It reads as zeros and costs nothing until it is touched. After {@link #close} nobody may
 * touch it: the machine closes it after its processors and devices have stopped.
 */
public final class RamBlock implements AutoCloseable {
    /** Sizes are multiples of this. */
    public static final int PAGE = 4096;

    private final String name;
    private final long size;
    private final Reservation memory;

    /**
     * Allocates.
     *
     * @param size bytes, a multiple of {@link #PAGE}
     * @throws OutOfMemoryError where the host refuses
     */
    public RamBlock(String name, long size) {
        if (size <= 0 || size % PAGE != 0) {
            throw new IllegalArgumentException(name + ": " + size + " bytes are no multiple of a page of " + PAGE);
        }
        this.name = name;
        this.size = size;
        memory = Reservation.of(size);
    }

    public String name() {
        return name;
    }

    /** In bytes. */
    public long size() {
        return size;
    }

    /** Host address of the first byte; page-aligned. */
    public long address() {
        return memory.base();
    }

    /** Whether a range of host addresses is inside. */
    boolean contains(long host, long bytes) {
        return host >= address() && host - address() <= size - bytes;
    }

    /** Gives the host memory behind a range back; it reads as zeros then. Both page-aligned. */
    public void discard(long offset, long bytes) {
        memory.discard(memory.base() + offset, bytes);
    }

    @Override
    public void close() {
        memory.close();
    }
}
