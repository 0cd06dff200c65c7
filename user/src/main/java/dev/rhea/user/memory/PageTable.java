package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Guest pages to host frames: a radix tree over 47 bits, four levels like the hardware's. Read by any thread without a
 * lock; written under the address space's.
 *
 * <p>An entry is a frame's host address with the rights in the low bits; 0 is no page. A right that is missing may still be
 * granted by the slow path (copy on write, first touch); one that is there may be used at once.
 */
final class PageTable {
    static final int READ = 1;
    static final int WRITE = 2;
    static final int EXEC = 4;

    /** The address space holds a reference to the frame; otherwise what backs the mapping does. */
    static final int OWNED = 8;

    static final long FRAME = Mmu.PAGE_MASK;

    /** First address beyond what a table can hold. */
    static final long END = 1L << 47;

    private static final int LEAF_BITS = 9;
    private static final int LEAF_SIZE = 1 << LEAF_BITS;
    static final long LEAF_BYTES = (long) LEAF_SIZE * Mmu.PAGE_SIZE;
    private static final int LEVEL_BITS = 9;
    private static final int LEVEL = 1 << LEVEL_BITS;
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] @Nullable [] @Nullable [] @Nullable [] root = new long[LEVEL][][][];

    /** Does something to one page. */
    interface Visitor {
        /** Returns the new entry. */
        long visit(long address, long entry);
    }

    /** The entry for an address; 0 where there is none. */
    long get(long address) {
        long[] leaf = leaf(address);
        return leaf == null ? 0 : (long) ENTRY.getOpaque(leaf, (int) (address >>> 12) & LEAF_SIZE - 1);
    }

    private long @Nullable [] leaf(long address) {
        if (address >>> 47 != 0) {
            return null;
        }
        long[][][] upper = root[(int) (address >>> 38)];
        if (upper == null) {
            return null;
        }
        long[][] middle = upper[(int) (address >>> 30) & 255];
        return middle == null ? null : middle[(int) (address >>> 21) & LEVEL - 1];
    }

    /** Enters a page. */
    void put(long address, long entry) {
        int a = (int) (address >>> 38);
        int b = (int) (address >>> 30) & 255;
        int c = (int) (address >>> 21) & LEVEL - 1;
        long[][][] upper = root[a];
        if (upper == null) {
            upper = new long[256][][];
            VarHandle.releaseFence();
            root[a] = upper;
        }
        long[][] middle = upper[b];
        if (middle == null) {
            middle = new long[LEVEL][];
            VarHandle.releaseFence();
            upper[b] = middle;
        }
        long[] leaf = middle[c];
        if (leaf == null) {
            leaf = new long[LEAF_SIZE];
            VarHandle.releaseFence();
            middle[c] = leaf;
        }
        ENTRY.setRelease(leaf, (int) (address >>> 12) & LEAF_SIZE - 1, entry);
    }

    /** Visits all pages that are there in a range. */
    void update(long start, long end, Visitor visitor) {
        long at = start;
        while (at < end) {
            long[][][] upper = root[(int) (at >>> 38)];
            if (upper == null) {
                at = (at >>> 38) + 1 << 38;
                continue;
            }
            long[][] middle = upper[(int) (at >>> 30) & 255];
            if (middle == null) {
                at = (at >>> 30) + 1 << 30;
                continue;
            }
            long[] leaf = middle[(int) (at >>> 21) & LEVEL - 1];
            long leafEnd = (at >>> 21) + 1 << 21;
            if (leaf != null) {
                long stop = Math.min(leafEnd, end);
                for (int i = (int) (at >>> 12) & LEAF_SIZE - 1; at < stop; i++, at += Mmu.PAGE_SIZE) {
                    long entry = leaf[i];
                    if (entry != 0) {
                        long changed = visitor.visit(at, entry);
                        if (changed != entry) {
                            ENTRY.setRelease(leaf, i, changed);
                        }
                    }
                }
            }
            at = leafEnd;
        }
    }
}
