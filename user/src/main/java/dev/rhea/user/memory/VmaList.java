package dev.rhea.user.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The mappings of an address space by address, without overlap. Guarded by the address space's lock. */
final class VmaList {
    private Vma[] vmas = new Vma[32];
    private int size;

    int size() {
        return size;
    }

    Vma get(int i) {
        return vmas[i];
    }

    /** Index of the first mapping that ends above {@code address}; {@link #size} if there is none. */
    int firstEndingAbove(long address) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = low + high >>> 1;
            if (vmas[middle].end > address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** The mapping that holds an address. */
    @Nullable
    Vma find(long address) {
        int i = firstEndingAbove(address);
        return i < size && vmas[i].start <= address ? vmas[i] : null;
    }

    /** Adds a mapping where there is none. */
    void insert(Vma vma) {
        int i = firstEndingAbove(vma.start);
        if (size == vmas.length) {
            vmas = Arrays.copyOf(vmas, size * 2);
        }
        System.arraycopy(vmas, i, vmas, i + 1, size - i);
        vmas[i] = vma;
        size++;
    }

    void remove(int i) {
        System.arraycopy(vmas, i + 1, vmas, i, --size - i);
    }

    /** Removes the mappings from index {@code from} to below {@code to}. */
    void removeRange(int from, int to) {
        System.arraycopy(vmas, to, vmas, from, size - to);
        size -= to - from;
    }

    /** Makes an address a border between mappings, if it is inside one. */
    void split(long address) {
        int i = firstEndingAbove(address);
        if (i == size || vmas[i].start >= address) {
            return;
        }
        Vma lower = vmas[i];
        Vma upper = lower.part(address, lower.end);
        if (upper.backing != null) {
            upper.backing.retain();
        }
        lower.end = address;
        insert(upper);
    }

    /** Joins neighbours that are alike, around the given range. */
    void join(long start, long end) {
        int i = Math.max(0, firstEndingAbove(start - 1) - 1);
        while (i + 1 < size && vmas[i].end <= end) {
            Vma lower = vmas[i];
            Vma upper = vmas[i + 1];
            if (lower.joins(upper)) {
                lower.end = upper.end;
                remove(i + 1);
                if (upper.backing != null) {
                    upper.backing.release();
                }
            } else {
                i++;
            }
        }
    }

    /** Whether any mapping lies in a range. */
    boolean overlaps(long start, long end) {
        int i = firstEndingAbove(start);
        return i < size && vmas[i].start < end;
    }

    /** The highest free range of {@code length} bytes that ends at or below {@code top} and starts at or above {@code bottom}; -1. */
    long holeBelow(long top, long bottom, long length) {
        long end = top;
        for (int i = firstEndingAbove(top) - 1; ; i--) {
            // Mappings that straddle top have been skipped over by index; look at the one above as well.
            if (i + 1 < size && vmas[i + 1].start < end) {
                end = vmas[i + 1].start;
            }
            long floor = i >= 0 ? vmas[i].end : bottom;
            if (end - Math.max(floor, bottom) >= length) {
                return end - length;
            }
            if (i < 0 || vmas[i].start < bottom) {
                return -1;
            }
            end = vmas[i].start;
        }
    }

    /** The lowest free range at or above {@code bottom} that ends at or below {@code top}; -1. */
    long holeAbove(long bottom, long top, long length) {
        long start = bottom;
        for (int i = firstEndingAbove(bottom); i < size && vmas[i].start < top; i++) {
            if (vmas[i].start - start >= length) {
                return start;
            }
            start = Math.max(start, vmas[i].end);
        }
        return top - start >= length ? start : -1;
    }
}
