package dev.rhea.machine.memory;

/**
 * What a device answers with in its range of addresses. Called with the machine lock held, unless its {@link Mmio} region was
 * made without it. Never throws for anything a guest does, but {@link BusError} where real hardware would refuse.
 */
public interface Registers {
    /**
     * Reads.
     *
     * @param offset from the start of the region, inside it
     * @param size bytes: 1, 2, 4 or 8, as {@link AccessRule} of the region allows
     * @return the value, zero-extended
     */
    long read(long offset, int size) throws BusError;

    /** Writes the low {@code size} bytes of {@code value}; the other bits are 0. */
    void write(long offset, long value, int size) throws BusError;
}
