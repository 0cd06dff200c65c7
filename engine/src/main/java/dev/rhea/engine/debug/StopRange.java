package dev.rhea.engine.debug;

import dev.rhea.engine.mmu.Access;
import java.util.EnumSet;
import java.util.Set;

/**
 * Guest virtual addresses at which a processor is to stop.
 *
 * @param first the lowest
 * @param last the highest, itself included; not below {@code first}, unsigned
 * @param accesses what is stopped: for {@link Access#FETCH} instructions that begin there, else accesses that touch a byte of it
 */
public record StopRange(long first, long last, Set<Access> accesses) {
    public StopRange {
        if (Long.compareUnsigned(first, last) > 0) {
            throw new IllegalArgumentException("a range from 0x" + Long.toHexString(first)
                    + " cannot end before it at 0x" + Long.toHexString(last));
        }
        accesses = Set.copyOf(accesses);
    }

    /** An instruction's address. */
    public static StopRange instruction(long pc) {
        return new StopRange(pc, pc, EnumSet.of(Access.FETCH));
    }

    /** Bytes of data. @param size at least 1; what reaches past the last address is cut off */
    public static StopRange data(long address, long size, Set<Access> accesses) {
        long last = address + size - 1;
        return new StopRange(address, Long.compareUnsigned(last, address) < 0 ? -1 : last, accesses);
    }

    boolean touches(long from, long to) {
        return Long.compareUnsigned(first, to) <= 0 && Long.compareUnsigned(from, last) <= 0;
    }
}
