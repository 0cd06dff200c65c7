package dev.rhea.machine.memory;

import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.host.RawMemory;
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
    /** Whether what is discarded reads as zeros by itself: pages of a file come back as the file has them. */
    private final boolean zeroed;

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
        zeroed = true;
    }

    private RamBlock(String name, Reservation memory) {
        this.name = name;
        this.memory = memory;
        size = memory.bytes();
        zeroed = false;
    }

    /**
     * Memory that shows a file, which is at least that long and stays so.
     *
     * @param size bytes, a multiple of {@link #PAGE}
     * @param shared whether what is written goes to the file; otherwise it stays here
     */
    public static RamBlock of(String name, long size, HostFile file, boolean shared) throws HostException {
        Reservation memory = Reservation.of(size);
        int result = shared
                ? memory.mapFile(memory.base(), size, file.descriptor(), 0, true)
                : memory.mapCopy(memory.base(), size, file.descriptor(), 0);
        if (result < 0) {
            memory.close();
            throw new HostException(-result);
        }
        return new RamBlock(name, memory);
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
        if (zeroed) {
            memory.discard(memory.base() + offset, bytes);
        } else {
            RawMemory.fill(memory.base() + offset, bytes, (byte) 0);
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
