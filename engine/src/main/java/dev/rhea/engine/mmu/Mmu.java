package dev.rhea.engine.mmu;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.jit.UnitTable;

/** A memory map: what the soft TLB asks when it misses. */
public interface Mmu {
    /** The page size all of this works in. */
    int PAGE_SIZE = 4096;

    /** Mask of the page number bits of an address. */
    long PAGE_MASK = -PAGE_SIZE;

    /** Returned by {@link #translate} where no memory but a device answers. */
    long DEVICE = 0;

    /**
     * Finds the host address of the byte at {@code address} and checks the right to access it; may bring the page into
     * being (copy on write, first touch). The whole page is host-contiguous, and the answer holds for it until the map
     * changes, at which the map flushes the TLBs of all processors that use it.
     *
     * @return the host address, or {@link #DEVICE}
     * @throws dev.rhea.engine.cpu.GuestFault made by {@link Cpu#fault} where the access is not allowed
     */
    long translate(Cpu cpu, long address, Access access);

    /**
     * Where code at {@code page} is fetched from now, without any effect: nothing is noted as accessed, nothing comes into
     * being, no fault is left behind. What needs one of those to be fetched is not there.
     *
     * @param page a page's address
     * @return its host address, or 0
     */
    default long fetched(Cpu cpu, long page) {
        return 0;
    }

    /**
     * Where a new processor of this map finds translated code. Processors that always see the same memory share one: what one
     * of them found the others need not look for.
     */
    default UnitTable units() {
        return new UnitTable();
    }

    /** Reads {@code size} bytes (1, 2, 4, 8) from a device. Only called where {@link #translate} gave {@link #DEVICE}. */
    default long readDevice(Cpu cpu, long address, int size) {
        throw new IllegalStateException("this memory map has no devices");
    }

    /** Writes {@code size} bytes to a device. */
    default void writeDevice(Cpu cpu, long address, long value, int size) {
        throw new IllegalStateException("this memory map has no devices");
    }
}
