package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import java.util.Map;
import java.util.TreeMap;

/** The CSRs of machine and supervisor, and the counters: privileged manual, "CSR Listing". Numbers are the manual's. */
final class SystemCsrs {
    private static final int SSTATUS = 0x100;
    private static final int SIE = 0x104;
    private static final int STVEC = 0x105;
    private static final int SCOUNTEREN = 0x106;
    private static final int SENVCFG = 0x10a;
    private static final int SSTATEEN0 = 0x10c;
    private static final int SSCRATCH = 0x140;
    private static final int SEPC = 0x141;
    private static final int SCAUSE = 0x142;
    private static final int STVAL = 0x143;
    private static final int SIP = 0x144;
    private static final int STIMECMP = 0x14d;
    private static final int STIMECMPH = 0x15d;
    private static final int SATP = 0x180;
    private static final int MSTATUS = 0x300;
    private static final int MISA = 0x301;
    private static final int MEDELEG = 0x302;
    private static final int MIDELEG = 0x303;
    private static final int MIE = 0x304;
    private static final int MTVEC = 0x305;
    private static final int MCOUNTEREN = 0x306;
    private static final int MENVCFG = 0x30a;
    private static final int MSTATEEN0 = 0x30c;
    private static final int MSTATUSH = 0x310;
    private static final int MENVCFGH = 0x31a;
    private static final int MCOUNTINHIBIT = 0x320;
    private static final int MHPMEVENT3 = 0x323;
    private static final int MSCRATCH = 0x340;
    private static final int MEPC = 0x341;
    private static final int MCAUSE = 0x342;
    private static final int MTVAL = 0x343;
    private static final int MIP = 0x344;
    private static final int PMPCFG0 = 0x3a0;
    private static final int PMPADDR0 = 0x3b0;
    private static final int TSELECT = 0x7a0;
    private static final int TDATA1 = 0x7a1;
    private static final int TDATA3 = 0x7a3;
    private static final int TINFO = 0x7a4;
    private static final int MCYCLE = 0xb00;
    private static final int MINSTRET = 0xb02;
    private static final int CYCLE = 0xc00;
    private static final int TIME = 0xc01;
    private static final int HPMCOUNTER31 = 0xc1f;
    private static final int MVENDORID = 0xf11;
    private static final int MCONFIGPTR = 0xf15;
    private static final int MHARTID = 0xf14;

    private static final long STCE = 1L << 63;
    private static final long ENVCFG_LOW = 0xf1;

    private SystemCsrs() {}

    /** Whether the hart may access a register now. */
    static boolean isAllowed(Privilege p, int number) {
        int needed = number >>> 8 & 3;
        if (p.privilege() < needed) {
            return false;
        }
        if (number == SATP) {
            return p.privilege() != Privilege.SUPERVISOR || (p.mstatus & Status.TVM) == 0;
        }
        if (number == STIMECMP || number == STIMECMPH) {
            return p.privilege() == Privilege.MACHINE || (p.menvcfg & STCE) != 0 && (p.mcounteren & 2) != 0;
        }
        if (number >= CYCLE && number <= HPMCOUNTER31) {
            long bit = 1L << (number & 31);
            return p.privilege() == Privilege.MACHINE
                    || (p.mcounteren & bit) != 0
                            && (p.privilege() == Privilege.SUPERVISOR || (p.scounteren & bit) != 0);
        }
        return true;
    }

    /** The registers there are, by number, with the manual's names. */
    static Map<Integer, String> names(int xlen) {
        Map<Integer, String> names = new TreeMap<>();
        String[] supervisor = {
            "sstatus",
            "sie",
            "stvec",
            "scounteren",
            "senvcfg",
            "sscratch",
            "sepc",
            "scause",
            "stval",
            "sip",
            "stimecmp",
            "satp"
        };
        int[] supervisorNumbers = {
            SSTATUS, SIE, STVEC, SCOUNTEREN, SENVCFG, SSCRATCH, SEPC, SCAUSE, STVAL, SIP, STIMECMP, SATP
        };
        String[] machine = {
            "mstatus", "misa", "medeleg", "mideleg", "mie", "mtvec", "mcounteren", "menvcfg", "mcountinhibit",
                    "mscratch", "mepc",
            "mcause", "mtval", "mip", "mvendorid", "marchid", "mimpid", "mhartid", "mconfigptr", "tselect", "tdata1",
                    "tdata2",
            "tdata3", "tinfo"
        };
        int[] machineNumbers = {
            MSTATUS,
            MISA,
            MEDELEG,
            MIDELEG,
            MIE,
            MTVEC,
            MCOUNTEREN,
            MENVCFG,
            MCOUNTINHIBIT,
            MSCRATCH,
            MEPC,
            MCAUSE,
            MTVAL,
            MIP,
            MVENDORID,
            MVENDORID + 1,
            MVENDORID + 2,
            MHARTID,
            MCONFIGPTR,
            TSELECT,
            TDATA1,
            TDATA1 + 1,
            TDATA3,
            TINFO
        };
        put(names, supervisorNumbers, supervisor);
        put(names, machineNumbers, machine);
        for (int i = 0; i < 4; i++) {
            names.put(SSTATEEN0 + i, "sstateen" + i);
            names.put(MSTATEEN0 + i, "mstateen" + i);
            if (xlen == 32 || i % 2 == 0) {
                names.put(PMPCFG0 + i, "pmpcfg" + i);
            }
        }
        for (int i = 0; i < Pmp.ENTRIES; i++) {
            names.put(PMPADDR0 + i, "pmpaddr" + i);
        }
        counters(names, xlen);
        if (xlen == 32) {
            put(names, new int[] {MSTATUSH, MENVCFGH, STIMECMPH}, new String[] {"mstatush", "menvcfgh", "stimecmph"});
        }
        return names;
    }

    private static void put(Map<Integer, String> names, int[] numbers, String[] texts) {
        for (int i = 0; i < numbers.length; i++) {
            names.put(numbers[i], texts[i]);
        }
    }

    private static void counters(Map<Integer, String> names, int xlen) {
        for (int i = 0; i < 32; i++) {
            String name = i == 0 ? "cycle" : i == 1 ? "time" : i == 2 ? "instret" : "hpmcounter" + i;
            names.put(CYCLE + i, name);
            if (i != 1) {
                names.put(MCYCLE + i, "m" + name);
            }
            if (i >= 3) {
                names.put(MHPMEVENT3 - 3 + i, "mhpmevent" + i);
            }
            if (xlen == 32) {
                names.put(CYCLE + 0x80 + i, name + "h");
                if (i != 1) {
                    names.put(MCYCLE + 0x80 + i, "m" + name + "h");
                }
            }
        }
    }

    /** Whether a number's two highest bits say that the register cannot be written. */
    static boolean isReadOnly(int number) {
        return number >>> 10 == 3;
    }

    private static long half(Privilege p, long value) {
        return p.xlen == 32 ? (int) value : value;
    }

    /** Reads a register. */
    static long read(Privilege p, int number) {
        if (number >= PMPADDR0 && number < PMPADDR0 + Pmp.ENTRIES) {
            return half(p, p.pmp.address[number - PMPADDR0]);
        }
        if (number >= PMPCFG0 && number < PMPCFG0 + 4) {
            long value = 0;
            int first = (number - PMPCFG0) * 4;
            for (int i = 0; i < p.xlen / 8; i++) {
                value |= (long) p.pmp.config[first + i] << 8 * i;
            }
            return half(p, value);
        }
        if (number >= CYCLE && number <= HPMCOUNTER31 || number >= MCYCLE && number < MCYCLE + 32) {
            return half(p, counter(p, number));
        }
        if (number >= CYCLE + 0x80 && number <= HPMCOUNTER31 + 0x80
                || number >= MCYCLE + 0x80 && number < MCYCLE + 0xa0) {
            return (int) (counter(p, number - 0x80) >>> 32);
        }
        if (number >= SSTATEEN0 && number < SSTATEEN0 + 4) {
            return p.sstateen[number - SSTATEEN0];
        }
        if (number >= MSTATEEN0 && number < MSTATEEN0 + 4) {
            return half(p, p.mstateen[number - MSTATEEN0]);
        }
        return half(
                p,
                switch (number) {
                    case SSTATUS -> status(p, Status.SUPERVISOR | (p.xlen == 64 ? Status.UXL_64 : 0));
                    case SIE -> p.mie & p.mideleg;
                    case STVEC -> p.stvec;
                    case SCOUNTEREN -> p.scounteren;
                    case SENVCFG -> p.senvcfg;
                    case SSCRATCH -> p.sscratch;
                    case SEPC -> p.sepc;
                    case SCAUSE -> p.scause;
                    case STVAL -> p.stval;
                    case SIP -> p.pending() & p.mideleg;
                    case STIMECMP -> p.stimecmp;
                    case STIMECMPH -> p.stimecmp >>> 32;
                    case SATP -> p.satp();
                    case MSTATUS -> status(p, -1);
                    case MISA -> misa(p);
                    case MEDELEG -> p.medeleg;
                    case MIDELEG -> p.mideleg;
                    case MIE -> p.mie;
                    case MTVEC -> p.mtvec;
                    case MCOUNTEREN -> p.mcounteren;
                    case MENVCFG -> p.menvcfg;
                    case MENVCFGH -> p.menvcfg >>> 32;
                    case MCOUNTINHIBIT -> p.mcountinhibit;
                    case MSCRATCH -> p.mscratch;
                    case MEPC -> p.mepc;
                    case MCAUSE -> p.mcause;
                    case MTVAL -> p.mtval;
                    case MIP -> p.pending();
                    case MHARTID -> p.index;
                    default -> 0;
                });
    }

    private static long status(Privilege p, long mask) {
        long value = p.mstatus & mask;
        // FS and VS are Dirty where they are not Off: allowed ("mstatus.FS"), and code need not be decoded once more
        // for
        // Clean.
        boolean dirty = false;
        if ((p.mstatus & Status.FS) != 0) {
            value |= Status.FS;
            dirty = true;
        }
        if ((p.mstatus & Status.VS) != 0) {
            value |= Status.VS;
            dirty = true;
        }
        return dirty ? value | 1L << p.xlen - 1 : value;
    }

    private static long misa(Privilege p) {
        long value = (p.xlen == 64 ? 2L : 1L) << p.xlen - 2;
        value |= 1 << 'I' - 'A' | 1 << 'S' - 'A' | 1 << 'U' - 'A';
        for (Extension extension :
                new Extension[] {Extension.M, Extension.A, Extension.F, Extension.D, Extension.C, Extension.V}) {
            if (p.has(extension)) {
                value |= 1L << extension.name().charAt(0) - 'A';
            }
        }
        return value;
    }

    private static long counter(Privilege p, int number) {
        if (number == TIME) {
            return p.time();
        }
        return switch (number & 31) {
            case 0 -> p.cpu.executed + p.mcycleOffset;
            case 2 -> p.cpu.executed + p.minstretOffset;
            default -> 0;
        };
    }

    /** Writes a register that {@link #isAllowed}. Bits that cannot be written stay. */
    static void write(Privilege p, int number, long value) {
        if (number >= PMPADDR0 && number < PMPADDR0 + Pmp.ENTRIES) {
            if (p.pmp.setAddress(number - PMPADDR0, p.xlen == 32 ? value & 0xffffffffL : value)) {
                p.flushAll();
            }
            return;
        }
        if (number >= PMPCFG0 && number < PMPCFG0 + 4) {
            boolean changed = false;
            int first = (number - PMPCFG0) * 4;
            for (int i = 0; i < p.xlen / 8; i++) {
                changed |= p.pmp.setConfig(first + i, (int) (value >>> 8 * i) & 255);
            }
            if (changed) {
                p.flushAll();
            }
            return;
        }
        if (number >= SSTATEEN0 && number < SSTATEEN0 + 4) {
            p.sstateen[number - SSTATEEN0] = value & 0;
            return;
        }
        if (number >= MSTATEEN0 && number < MSTATEEN0 + 4) {
            p.mstateen[number - MSTATEEN0] = number == MSTATEEN0 ? value & (1L << 63 | 1L << 62) : value & 1L << 63;
            return;
        }
        switch (number) {
            case SSTATUS -> setStatus(p, value, Status.SUPERVISOR);
            case MSTATUS -> setStatus(p, value, Status.MACHINE);
            case SIE -> {
                p.mie = p.mie & ~p.mideleg | value & p.mideleg;
                p.check();
            }
            case MIE -> {
                p.mie = value & Privilege.interrupts();
                p.check();
            }
            case SIP -> setPending(p, value, p.mideleg & 1 << Cause.SSI);
            case MIP ->
                setPending(p, value, 1 << Cause.SSI | 1 << Cause.SEI | ((p.menvcfg & STCE) == 0 ? 1 << Cause.STI : 0));
            case STVEC -> p.stvec = (value & 3) <= 1 ? value : p.stvec;
            case MTVEC -> p.mtvec = (value & 3) <= 1 ? value : p.mtvec;
            case SCOUNTEREN -> p.scounteren = value & 0xffffffffL;
            case MCOUNTEREN -> p.mcounteren = value & 0xffffffffL;
            case SENVCFG -> p.senvcfg = value & ENVCFG_LOW;
            case MENVCFG ->
                p.menvcfg =
                        p.xlen == 64 ? value & (ENVCFG_LOW | 7L << 61) : p.menvcfg & ~0xffffffffL | value & ENVCFG_LOW;
            case MENVCFGH -> p.menvcfg = p.menvcfg & 0xffffffffL | value << 32 & 7L << 61;
            case SSCRATCH -> p.sscratch = value;
            case MSCRATCH -> p.mscratch = value;
            case SEPC -> p.sepc = value & (p.isa.granule() == 2 ? -2L : -4L) & p.cpu.addressMask;
            case MEPC -> p.mepc = value & (p.isa.granule() == 2 ? -2L : -4L) & p.cpu.addressMask;
            case SCAUSE -> p.scause = value;
            case MCAUSE -> p.mcause = value;
            case STVAL -> p.stval = value;
            case MTVAL -> p.mtval = value;
            case STIMECMP -> p.setStimecmp(p.xlen == 64 ? value : p.stimecmp & ~0xffffffffL | value & 0xffffffffL);
            case STIMECMPH -> p.setStimecmp(p.stimecmp & 0xffffffffL | value << 32);
            case SATP -> p.setSatp(value);
            case MEDELEG -> p.medeleg = value & Privilege.delegable();
            case MIDELEG -> {
                p.mideleg = value & Privilege.supervisorInterrupts();
                p.check();
            }
            case MCOUNTINHIBIT -> p.mcountinhibit = value & 0xfffffffdL;
            case MCYCLE -> p.mcycleOffset = value - p.cpu.executed;
            case MINSTRET -> p.minstretOffset = value - p.cpu.executed;
            default -> {
                // Read-only zero, or nothing that could be set.
            }
        }
    }

    private static void setStatus(Privilege p, long value, long mask) {
        long wanted = value;
        if ((mask & Status.MPP) != 0 && (wanted >>> Status.MPP_AT & 3) == 2) {
            wanted = wanted & ~Status.MPP | p.mstatus & Status.MPP;
        }
        if (!p.has(Extension.V)) {
            wanted &= ~Status.VS;
        }
        if (!p.has(Extension.F)) {
            wanted &= ~Status.FS;
        }
        p.mstatus = p.mstatus & ~mask | wanted & mask;
        p.select();
        p.check();
    }

    private static void setPending(Privilege p, long value, long mask) {
        for (int interrupt : new int[] {Cause.SSI, Cause.STI, Cause.SEI}) {
            long bit = 1L << interrupt;
            if ((mask & bit) != 0) {
                if ((value & bit) != 0) {
                    p.softwarePending |= bit;
                } else if (interrupt == Cause.SEI) {
                    p.softwarePending &= ~bit;
                } else {
                    p.clearPending(interrupt);
                }
            }
        }
        p.check();
    }
}
