package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;

/** The heap that brk(2) moves the end of. Guarded by the address space's lock. */
final class Heap {
    private final PageMap map;
    private final Layout layout;
    private final GuestRam ram;

    /** Where it begins and ends; 0 before there is a program. */
    private long start;

    private long end;

    Heap(PageMap map, Layout layout, GuestRam ram) {
        this.map = map;
        this.layout = layout;
        this.ram = ram;
    }

    /** Empty, at an address. */
    void begin(long address) {
        start = address;
        end = address;
    }

    /** For fork: the same as another's. */
    void copy(Heap other) {
        start = other.start;
        end = other.end;
    }

    /**
     * brk(2).
     *
     * @param limit RLIMIT_DATA
     * @return the end of the heap, which is the old one where it cannot be moved
     */
    long setBreak(long wanted, long limit) {
        if (wanted < start || wanted > layout.highest() || wanted - start > limit && limit >= 0) {
            return end;
        }
        long from = end + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
        long to = wanted + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
        if (to > from) {
            if (to - from > ram.totalBytes || map.vmas.overlaps(from, to + Mmu.PAGE_SIZE)) {
                return end;
            }
            map.add(new Vma(from, to, PageMap.PROT_READ | PageMap.PROT_WRITE, false, false, null, 0, "[heap]"));
        } else if (to < from) {
            map.unmap(to, from);
        }
        end = wanted;
        return wanted;
    }
}
