package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.host.RawMemory;

/** What generated code asks where its own short check does not know. */
final class PageCheck {
    /** Not an addend: those are multiples of the page size. */
    static final long MISS = 1;

    private PageCheck() {}

    /**
     * What to add to the guest addresses from {@code low} on to get host addresses. Two pages have one answer if both are
     * known and next to each other on the host, as pages that were touched in turn mostly are.
     *
     * @param unit the one that asks; it learns of spans that have no one answer
     * @param size at most a page
     * @param write 0 or 1
     * @return {@link #MISS} if there is no answer, and the region is to be left
     */
    static long addend(Cpu cpu, Unit unit, long low, int size, int write) {
        int which = write * (Tlb.WRITE_TAG - Tlb.READ_TAG);
        long first = low & Mmu.PAGE_MASK;
        long last = low + size - 1 & Mmu.PAGE_MASK;
        long entry = cpu.tlb.entry(first) + which;
        long tag = RawMemory.getLong(entry + Tlb.READ_TAG);
        if (tag != first) {
            return MISS;
        }
        long addend = RawMemory.getLong(entry + Tlb.READ_ADDEND);
        if (first != last) {
            entry = cpu.tlb.entry(last) + which;
            if (RawMemory.getLong(entry + Tlb.READ_TAG) != last) {
                return MISS;
            }
            if (RawMemory.getLong(entry + Tlb.READ_ADDEND) != addend) {
                if (size > Long.BYTES) {
                    unit.straddle(cpu);
                }
                return MISS;
            }
        }
        return addend;
    }
}
