package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.mmu.Access;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;

/** The walk: section "Virtual Address Translation Process". One per hart. */
final class PageTable {
    private static final int V = 1;
    private static final int R = 1 << 1;
    private static final int W = 1 << 2;
    private static final int X = 1 << 3;
    private static final int U = 1 << 4;
    private static final int G = 1 << 5;
    private static final int A = 1 << 6;
    private static final int D = 1 << 7;
    private static final int PPN_SHIFT = 10;
    private static final long PPN_64 = (1L << 44) - 1;
    private static final int PBMT_SHIFT = 61;
    private static final long PBMT = 3L << PBMT_SHIFT;
    private static final long N = 1L << 63;
    private static final long RESERVED = 0x7fL << 54;

    /** log2 of what Svnapot makes of 16 pages. */
    static final int NAPOT_SHIFT = 16;

    /** Stands for it where superpages have a level. */
    static final int NAPOT_LEVEL = 8;

    /** What a walk is for. */
    enum Purpose {
        /** The hart's own accesses: sets accessed and dirty bits; the view learns what the answer depends on. */
        ACCESS,
        /** Whether what a view knows still holds: it learns the same again, but pages that were not accessed stay so. */
        RECHECK,
        /** From outside: changes nothing, and no page need have been accessed. */
        INSPECTION
    }

    private final SystemCpu cpu;
    private final AddressSpace memory;
    private final Purpose purpose;

    PageTable(SystemCpu cpu, AddressSpace memory, Purpose purpose) {
        this.cpu = cpu;
        this.memory = memory;
        this.purpose = purpose;
    }

    /** {@code satp.ASID} */
    static long asid(SystemCpu cpu, long satp) {
        return cpu.xlen == 64 ? satp >>> 44 & 0xffff : satp >>> 22 & 0x1ff;
    }

    /** What is left of {@code satp} where its number and its root do not matter; 0 where nothing is translated. */
    static long mode(SystemCpu cpu, long satp) {
        return cpu.xlen == 64 ? satp & 0xfL << 60 : satp & 1L << 31;
    }

    /** The physical address of the table that {@code satp} names. */
    static long root(SystemCpu cpu, long satp) {
        return (cpu.xlen == 64 ? satp & PPN_64 : satp & 0x3fffff) << 12;
    }

    /** How many levels a table has under that {@code satp}; 0 where nothing is translated. */
    static int levels(SystemCpu cpu, long satp) {
        if (cpu.xlen == 32) {
            return satp >>> 31 == 0 ? 0 : 2;
        }
        int mode = (int) (satp >>> 60);
        return mode == 0 ? 0 : mode - SystemOptions.SV39 + 3;
    }

    /**
     * The physical address behind {@code address}.
     *
     * @throws dev.rhea.engine.cpu.GuestFault a page fault or access fault
     */
    long walk(long address, Access access, int privilege) {
        int levels = privilege == SystemCpu.MACHINE ? 0 : levels(cpu, cpu.satp);
        if (levels == 0) {
            return address;
        }
        boolean wide = cpu.xlen == 64;
        int bits = wide ? 9 : 10;
        if (wide) {
            int unused = 64 - 12 - bits * levels;
            if (address << unused >> unused != address) {
                throw pageFault(address, access);
            }
        }
        for (; ; ) {
            long table = root(cpu, cpu.satp);
            boolean global = false;
            for (int level = levels - 1; ; level--) {
                int shift = 12 + bits * level;
                long at = table + ((address >>> shift & (1 << bits) - 1) << (wide ? 3 : 2));
                long host = entry(at, address, access);
                long pte = wide ? RawMemory.getLongVolatile(host) : RawMemory.getIntVolatile(host) & 0xffffffffL;
                if ((pte & V) == 0 || (pte & (R | W)) == W || wide && !isWellFormed(pte)) {
                    throw pageFault(address, access);
                }
                global |= (pte & G) != 0;
                long ppn = wide ? pte >>> PPN_SHIFT & PPN_64 : pte >>> PPN_SHIFT;
                if ((pte & (R | X)) == 0) {
                    if (level == 0 || (pte & (U | A | D)) != 0 || wide && (pte & (N | PBMT)) != 0) {
                        throw pageFault(address, access);
                    }
                    table = ppn << 12;
                    continue;
                }
                if (!isAllowed(pte, access, privilege) || (ppn & (1L << bits * level) - 1) != 0) {
                    throw pageFault(address, access);
                }
                int within = shift;
                if (wide && (pte & N) != 0) {
                    if (level != 0 || (ppn & 15) != 8) {
                        throw pageFault(address, access);
                    }
                    ppn &= ~15L;
                    within = NAPOT_SHIFT;
                }
                long wanted = pte | A | (access == Access.WRITE ? D : 0);
                if (purpose != Purpose.INSPECTION && wanted != pte) {
                    boolean updates = (cpu.menvcfg & EnvironmentBits.ADUE) != 0 || cpu.options.updatesByItself();
                    if (purpose == Purpose.RECHECK || !updates) {
                        throw pageFault(address, access);
                    }
                    if (!update(at, address, access, pte, wanted)) {
                        break; // somebody else changed it: once more from the root
                    }
                }
                if (purpose != Purpose.INSPECTION) {
                    if (within > 12) {
                        cpu.translations.usesSuperpage(address, within == shift ? level : NAPOT_LEVEL, within);
                    }
                    if (!global) {
                        cpu.translations.usesLocal(address);
                    }
                }
                return ppn << 12 | address & (1L << within) - 1;
            }
        }
    }

    private boolean isWellFormed(long pte) {
        if ((pte & RESERVED) != 0 || (pte & N) != 0 && !cpu.options.svnapot()) {
            return false;
        }
        long type = pte & PBMT;
        return type == 0 || cpu.options.svpbmt() && (cpu.menvcfg & EnvironmentBits.PBMTE) != 0 && type != PBMT;
    }

    private boolean isAllowed(long pte, Access access, int privilege) {
        if (privilege == SystemCpu.USER) {
            if ((pte & U) == 0) {
                return false;
            }
        } else if ((pte & U) != 0 && (access == Access.FETCH || (cpu.mstatus() & Status.SUM) == 0)) {
            return false;
        }
        return switch (access) {
            case FETCH -> (pte & X) != 0;
            case WRITE -> (pte & W) != 0;
            case READ -> (pte & R) != 0 || (pte & X) != 0 && (cpu.mstatus() & Status.MXR) != 0;
        };
    }

    /** Host address of an entry; tables are read with the rights of S mode, and only lie in RAM. */
    private long entry(long at, long address, Access access) {
        int size = cpu.xlen / 8;
        long host = memory.host(at, size);
        if (host == 0 || cpu.pmp.check(at, size, Access.READ, SystemCpu.SUPERVISOR) != Pmp.Answer.ALLOWED) {
            throw accessFault(address, access);
        }
        return host;
    }

    private boolean update(long at, long address, Access access, long seen, long wanted) {
        int size = cpu.xlen / 8;
        long host = memory.writableHost(at, size);
        if (host == 0 || cpu.pmp.check(at, size, Access.WRITE, SystemCpu.SUPERVISOR) != Pmp.Answer.ALLOWED) {
            throw accessFault(address, access);
        }
        return cpu.xlen == 64
                ? RawMemory.compareAndExchangeLong(host, seen, wanted) == seen
                : RawMemory.compareAndExchangeInt(host, (int) seen, (int) wanted) == (int) seen;
    }

    RuntimeException pageFault(long address, Access access) {
        return cpu.fault(
                switch (access) {
                    case FETCH -> Traps.INSTRUCTION_PAGE_FAULT;
                    case READ -> Traps.LOAD_PAGE_FAULT;
                    case WRITE -> Traps.STORE_PAGE_FAULT;
                },
                address);
    }

    RuntimeException accessFault(long address, Access access) {
        return cpu.fault(
                switch (access) {
                    case FETCH -> Traps.INSTRUCTION_ACCESS_FAULT;
                    case READ -> Traps.LOAD_ACCESS_FAULT;
                    case WRITE -> Traps.STORE_ACCESS_FAULT;
                },
                address);
    }
}
