package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The CSRs whose access asks for the privilege: chapter "Control and Status Registers". The number tells the lowest privilege
 * and whether the register can be written; what else a register demands is its {@link Guard}. A register that is not there or
 * not allowed is an illegal instruction.
 */
public final class SystemCsrs {
    /** Gives a register's value, XLEN bits zero-extended. */
    @FunctionalInterface
    interface Read {
        long get(SystemCpu cpu);
    }

    /** Takes a value over as far as the register takes values. */
    @FunctionalInterface
    interface Write {
        void set(SystemCpu cpu, long value);
    }

    /** Whether the register may be accessed, beyond what its number says. */
    @FunctionalInterface
    interface Guard {
        Guard NONE = cpu -> true;

        boolean allows(SystemCpu cpu);
    }

    /**
     * A register.
     *
     * @param changesCourse whether a write may change privilege, mapping, units or pending interrupts: the block ends then
     */
    record Csr(String name, Read read, Write write, Guard guard, boolean changesCourse) {}

    private static final Write IGNORE = (cpu, value) -> {};
    private static final Read ZERO = cpu -> 0;
    private static final long EXCEPTIONS = 0xb3ff;
    private static final int COUNTERS = 29;

    private static final int OPERATION_SHIFT = 12;
    private static final int SOURCE_SHIFT = 15;
    private static final int RD_SHIFT = 7;

    private static final Helper READ = Helper.of("csr", Type.I64, SystemCsrs::access, Effect.MAY_FAULT, Effect.IMPURE);
    private static final Helper CHANGE =
            Helper.of("csr=", Type.I64, SystemCsrs::access, Effect.MAY_FAULT, Effect.IMPURE, Effect.ENDS_BLOCK);

    private final @Nullable Csr[] table = new @Nullable Csr[0x1000];
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int xlen;
    private final long mask;
    private final Extensions extensions;
    private final SystemOptions options;

    /** The registers of a CPU model. */
    public SystemCsrs(int xlen, Extensions extensions, SystemOptions options) {
        this.xlen = xlen;
        this.extensions = extensions;
        this.options = options;
        mask = xlen == 64 ? -1L : 0xffffffffL;
        addMachine();
        addCounters();
        addProtection();
        if (options.supervisor()) {
            addSupervisor();
        }
    }

    /** The name of a register, or null. */
    public @Nullable String name(int number) {
        Csr csr = table[number];
        return csr == null ? null : csr.name;
    }

    /** The number of a register, or -1. */
    public int number(String name) {
        return numbers.getOrDefault(name, -1);
    }

    /** The value that {@code info registers} shows. */
    long show(SystemCpu cpu, String name) {
        Csr csr = table[number(name)];
        return csr == null ? 0 : csr.read.get(cpu);
    }

    // ---- access

    /** Emits one of the six CSR instructions. @param operand the value of rs1, or the immediate */
    public static void emit(RiscvBuilder t, Insn i, Node operand) {
        long bits = i.bits();
        boolean writes = (bits >>> OPERATION_SHIFT & 3) == 1 || (bits >>> SOURCE_SHIFT & 31) != 0;
        Helper helper = writes && !isScratch((int) (bits >>> 20)) ? CHANGE : READ;
        Node value = t.value(helper, t.zextTo(Type.I64, operand), t.i64(bits));
        t.x(i.rd(), t.xlen == Type.I32 ? t.trunc(value) : value);
    }

    /** Registers that are nothing but memory: sscratch to stval and mscratch to mtval. Writing them changes nothing else. */
    private static boolean isScratch(int number) {
        return (number & ~0x207) == 0x140 && (number & 7) <= 3;
    }

    private static long access(Cpu engineCpu, long operand, long bits, long c) {
        var cpu = (SystemCpu) engineCpu;
        return cpu.csrs.access(cpu, operand, bits);
    }

    private long access(SystemCpu cpu, long operand, long bits) {
        int number = (int) (bits >>> 20) & 0xfff;
        int operation = (int) (bits >>> OPERATION_SHIFT) & 3;
        boolean writes = operation == 1 || (bits >>> SOURCE_SHIFT & 31) != 0;
        Csr csr = table[number];
        if (csr == null
                || cpu.privilege < (number >>> 8 & 3)
                || writes && number >>> 10 == 3
                || !csr.guard.allows(cpu)) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, bits);
        }
        boolean reads = operation != 1 || (bits >>> RD_SHIFT & 31) != 0;
        long old = reads ? csr.read.get(cpu) & mask : 0;
        if (writes) {
            long value = switch (operation) {
                case 1 -> operand;
                case 2 -> writeBack(cpu, number, old) | operand;
                default -> writeBack(cpu, number, old) & ~operand;
            };
            csr.write.set(cpu, value & mask);
            if (csr.changesCourse) {
                cpu.changed();
            }
        }
        return old;
    }

    /** For {@code mip} and {@code sip} a wire's level must not become a written bit: section "Machine Interrupt Registers". */
    private static long writeBack(SystemCpu cpu, int number, long old) {
        return number == 0x344 || number == 0x144 ? old & ~cpu.lines.get() | cpu.soft.get() & old : old;
    }

    // ---- the table

    private void add(int number, String name, Read read, Write write) {
        add(number, name, read, write, Guard.NONE, false);
    }

    private void add(int number, String name, Read read, Write write, Guard guard, boolean changesCourse) {
        table[number] = new Csr(name, read, write, guard, changesCourse);
        numbers.put(name, number);
    }

    /** A register of 64 bits, which RV32 has in two. */
    private void addWide(int number, int high, String name, Read read, Write write, Guard guard) {
        if (xlen == 64) {
            add(number, name, read, write, guard, true);
            return;
        }
        add(number, name, read, (cpu, v) -> write.set(cpu, read.get(cpu) & ~mask | v), guard, true);
        add(
                high,
                name + "h",
                cpu -> read.get(cpu) >>> 32,
                (cpu, v) -> write.set(cpu, read.get(cpu) & mask | v << 32),
                guard,
                true);
    }

    private void addMachine() {
        add(0xf11, "mvendorid", cpu -> options.vendor(), IGNORE);
        add(0xf12, "marchid", cpu -> options.architecture(), IGNORE);
        add(0xf13, "mimpid", cpu -> options.implementation(), IGNORE);
        add(0xf14, "mhartid", cpu -> cpu.hartId, IGNORE);
        add(0xf15, "mconfigptr", ZERO, IGNORE);
        long status = statusMask();
        addWide(
                0x300,
                0x310,
                "mstatus",
                cpu -> withDirty(cpu.mstatus),
                (cpu, v) -> setStatus(cpu, v, status),
                Guard.NONE);
        long misa = misa();
        add(0x301, "misa", cpu -> misa, IGNORE);
        add(0x304, "mie", cpu -> cpu.mie, (cpu, v) -> cpu.mie = v & interrupts(), Guard.NONE, true);
        add(0x305, "mtvec", cpu -> cpu.mtvec, (cpu, v) -> cpu.mtvec = vector(cpu.mtvec, v));
        add(0x306, "mcounteren", cpu -> cpu.mcounteren, (cpu, v) -> cpu.mcounteren = v & 0xffffffffL);
        add(0x340, "mscratch", cpu -> cpu.mscratch, (cpu, v) -> cpu.mscratch = v);
        add(0x341, "mepc", cpu -> cpu.mepc, (cpu, v) -> cpu.mepc = v & instructionMask());
        add(0x342, "mcause", cpu -> cpu.mcause, (cpu, v) -> cpu.mcause = v);
        add(0x343, "mtval", cpu -> cpu.mtval, (cpu, v) -> cpu.mtval = v);
        add(0x344, "mip", cpu -> cpu.outside.pending(cpu.pending()), this::setPending, Guard.NONE, true);
        if (options.supervisor()) {
            add(0x302, "medeleg", cpu -> cpu.medeleg, (cpu, v) -> cpu.medeleg = v & EXCEPTIONS);
            add(
                    0x303,
                    "mideleg",
                    cpu -> cpu.mideleg,
                    (cpu, v) -> cpu.mideleg = v & Interrupt.SUPERVISOR,
                    Guard.NONE,
                    true);
        }
        addWide(0x30a, 0x31a, "menvcfg", cpu -> cpu.menvcfg, this::setEnvironment, Guard.NONE);
        // No triggers: the type of the only one that can be selected is 0.
        add(0x7a0, "tselect", ZERO, IGNORE);
        add(0x7a1, "tdata1", ZERO, IGNORE);
        add(0x7a2, "tdata2", ZERO, IGNORE);
        add(0x7a3, "tdata3", ZERO, IGNORE);
        add(0x7a4, "tinfo", cpu -> 1, IGNORE);
    }

    private void addSupervisor() {
        long status = statusMask()
                & (Status.SIE | Status.SPIE | Status.SPP | Status.VS | Status.FS | Status.SUM | Status.MXR);
        long visible = status | (xlen == 64 ? Status.UXL_64 | 1L << 63 : 1L << 31);
        add(
                0x100,
                "sstatus",
                cpu -> withDirty(cpu.mstatus) & visible,
                (cpu, v) -> setStatus(cpu, v, status),
                Guard.NONE,
                true);
        add(
                0x104,
                "sie",
                cpu -> cpu.mie & cpu.mideleg,
                (cpu, v) -> cpu.mie = cpu.mie & ~cpu.mideleg | v & cpu.mideleg,
                Guard.NONE,
                true);
        add(0x105, "stvec", cpu -> cpu.stvec, (cpu, v) -> cpu.stvec = vector(cpu.stvec, v));
        add(0x106, "scounteren", cpu -> cpu.scounteren, (cpu, v) -> cpu.scounteren = v & 0xffffffffL);
        add(0x140, "sscratch", cpu -> cpu.sscratch, (cpu, v) -> cpu.sscratch = v);
        add(0x141, "sepc", cpu -> cpu.sepc, (cpu, v) -> cpu.sepc = v & instructionMask());
        add(0x142, "scause", cpu -> cpu.scause, (cpu, v) -> cpu.scause = v);
        add(0x143, "stval", cpu -> cpu.stval, (cpu, v) -> cpu.stval = v);
        add(
                0x144,
                "sip",
                cpu -> cpu.outside.pending(cpu.pending()) & cpu.mideleg,
                this::setSupervisorPending,
                Guard.NONE,
                true);
        long environment = EnvironmentBits.FIOM | environmentOfUser();
        add(0x10a, "senvcfg", cpu -> cpu.senvcfg, (cpu, v) -> cpu.senvcfg = cacheBits(cpu.senvcfg, v & environment));
        add(
                0x180,
                "satp",
                cpu -> cpu.satp,
                this::setSatp,
                cpu -> cpu.privilege == SystemCpu.MACHINE || (cpu.mstatus & Status.TVM) == 0,
                true);
        if (options.sstc()) {
            addWide(
                    0x14d,
                    0x15d,
                    "stimecmp",
                    cpu -> cpu.stimecmp,
                    (cpu, v) -> {
                        cpu.stimecmp = v;
                        cpu.surroundings.compareChanged();
                    },
                    cpu -> cpu.privilege == SystemCpu.MACHINE
                            || (cpu.mcounteren & 2) != 0 && (cpu.menvcfg & EnvironmentBits.STCE) != 0);
        }
    }

    private void addCounters() {
        add(0x320, "mcountinhibit", cpu -> cpu.mcountinhibit, (cpu, v) -> {
            long cycle = cycle(cpu);
            long instret = instret(cpu);
            cpu.mcountinhibit = v & 5;
            setCycle(cpu, cycle);
            setInstret(cpu, instret);
        });
        addWide(0xb00, 0xb80, "mcycle", cpu -> cpu.outside.counter(cycle(cpu)), SystemCsrs::setCycle, Guard.NONE);
        addWide(0xb02, 0xb82, "minstret", cpu -> cpu.outside.counter(instret(cpu)), SystemCsrs::setInstret, Guard.NONE);
        for (int i = 3; i < 3 + COUNTERS; i++) {
            addWide(0xb00 + i, 0xb80 + i, "mhpmcounter" + i, ZERO, IGNORE, Guard.NONE);
            add(0x320 + i, "mhpmevent" + i, ZERO, IGNORE);
        }
        if (!extensions.has(Extension.ZICNTR)) {
            return;
        }
        addWide(0xc00, 0xc80, "cycle", cpu -> cpu.outside.counter(cycle(cpu)), IGNORE, counter(0));
        addWide(0xc01, 0xc81, "time", SystemCpu::timeNow, IGNORE, counter(1));
        addWide(0xc02, 0xc82, "instret", cpu -> cpu.outside.counter(instret(cpu)), IGNORE, counter(2));
        for (int i = 3; i < 3 + COUNTERS; i++) {
            addWide(0xc00 + i, 0xc80 + i, "hpmcounter" + i, ZERO, IGNORE, counter(i));
        }
    }

    /** Section "Counter-Enable Registers". */
    private Guard counter(int i) {
        return cpu -> cpu.privilege == SystemCpu.MACHINE
                || (cpu.mcounteren >>> i & 1) != 0
                        && (cpu.privilege == SystemCpu.SUPERVISOR
                                || !options.supervisor()
                                || (cpu.scounteren >>> i & 1) != 0);
    }

    static long cycle(SystemCpu cpu) {
        return (cpu.mcountinhibit & 1) != 0 ? cpu.cycleOffset : cpu.executed + cpu.cycleOffset;
    }

    static void setCycle(SystemCpu cpu, long value) {
        cpu.cycleOffset = (cpu.mcountinhibit & 1) != 0 ? value : value - cpu.executed;
    }

    static long instret(SystemCpu cpu) {
        return (cpu.mcountinhibit & 4) != 0 ? cpu.instretOffset : cpu.executed + cpu.instretOffset;
    }

    static void setInstret(SystemCpu cpu, long value) {
        cpu.instretOffset = (cpu.mcountinhibit & 4) != 0 ? value : value - cpu.executed;
    }

    private void addProtection() {
        if (options.pmpEntries() == 0) {
            return;
        }
        int each = xlen / 8;
        for (int i = 0; i < 16; i += xlen / 32) {
            int first = i * 4;
            add(
                    0x3a0 + i,
                    "pmpcfg" + i,
                    cpu -> {
                        long value = 0;
                        for (int k = 0; k < each; k++) {
                            value |= (long) cpu.pmp.config(first + k) << 8 * k;
                        }
                        return value;
                    },
                    (cpu, v) -> {
                        for (int k = 0; k < each; k++) {
                            cpu.pmp.config(first + k, (int) (v >>> 8 * k) & 255);
                        }
                        cpu.translations.forgetAll();
                    },
                    Guard.NONE,
                    true);
        }
        for (int i = 0; i < 64; i++) {
            int entry = i;
            add(
                    0x3b0 + i,
                    "pmpaddr" + i,
                    cpu -> cpu.pmp.address(entry),
                    (cpu, v) -> {
                        cpu.pmp.address(entry, v);
                        cpu.translations.forgetAll();
                    },
                    Guard.NONE,
                    true);
        }
    }

    // ---- fields

    private long instructionMask() {
        return extensions.has(Extension.C) ? ~1L : ~3L;
    }

    private long interrupts() {
        return options.supervisor() ? Interrupt.ALL : Interrupt.ALL & ~Interrupt.SUPERVISOR;
    }

    private long misa() {
        long letters = 1 << 'I' - 'A' | 1 << 'U' - 'A' | (options.supervisor() ? 1 << 'S' - 'A' : 0);
        for (Extension extension : extensions) {
            if (extension.name().length() == 1) {
                letters |= 1L << extension.name().charAt(0) - 'A';
            }
        }
        return letters | (xlen == 64 ? 2L << 62 : 1L << 30);
    }

    private long statusMask() {
        long all = Status.MIE | Status.MPIE | Status.MPP | Status.MPRV | Status.TW;
        if (options.supervisor()) {
            all |= Status.SIE | Status.SPIE | Status.SPP | Status.SUM | Status.MXR | Status.TVM | Status.TSR;
        }
        all |= extensions.has(Extension.F) ? Status.FS : 0;
        return all | (extensions.has(Extension.V) ? Status.VS : 0);
    }

    /** SD sums FS and VS up. */
    private long withDirty(long status) {
        boolean dirty = (status & (Status.FS | Status.VS)) != 0;
        return dirty ? status | (xlen == 64 ? 1L << 63 : 1L << 31) : status;
    }

    /**
     * Takes fields over. A unit that is on is always called dirty: section "Extension Context Status in mstatus Register"
     * allows it, and instructions need not tell that they changed a register.
     */
    private void setStatus(SystemCpu cpu, long value, long fields) {
        int mpp = (int) (value >>> Status.MPP_SHIFT) & 3;
        if (mpp == 2 || mpp == 1 && !options.supervisor()) {
            fields &= ~Status.MPP;
        }
        long status = cpu.mstatus & ~fields | value & fields;
        status |= (status & Status.FS) != 0 ? Status.FS : 0;
        cpu.mstatus = status | ((status & Status.VS) != 0 ? Status.VS : 0);
    }

    /** Modes above 1 are reserved, and not taken. */
    private static long vector(long old, long value) {
        return (value & 2) != 0 ? old : value;
    }

    private void setPending(SystemCpu cpu, long value) {
        int bits = options.supervisor() ? Interrupt.SUPERVISOR : 0;
        if (options.sstc() && (cpu.menvcfg & EnvironmentBits.STCE) != 0) {
            bits &= ~Interrupt.STI.bit();
        }
        setSoft(cpu, value, bits);
    }

    private void setSupervisorPending(SystemCpu cpu, long value) {
        setSoft(cpu, value, Interrupt.SSI.bit() & (int) cpu.mideleg);
    }

    private static void setSoft(SystemCpu cpu, long value, int bits) {
        int set = (int) value & bits;
        cpu.soft.updateAndGet(old -> old & ~bits | set);
    }

    private long environmentOfUser() {
        long bits = extensions.has(Extension.ZICBOM) ? EnvironmentBits.CBIE | EnvironmentBits.CBCFE : 0;
        return bits | (extensions.has(Extension.ZICBOZ) ? EnvironmentBits.CBZE : 0);
    }

    /** CBIE of 2 is reserved, and not taken. */
    private static long cacheBits(long old, long value) {
        return (value & EnvironmentBits.CBIE) == 2 << 4
                ? value & ~EnvironmentBits.CBIE | old & EnvironmentBits.CBIE
                : value;
    }

    private void setEnvironment(SystemCpu cpu, long value) {
        long bits = EnvironmentBits.FIOM | environmentOfUser();
        bits |= options.svadu() ? EnvironmentBits.ADUE : 0;
        bits |= options.svpbmt() ? EnvironmentBits.PBMTE : 0;
        bits |= options.sstc() ? EnvironmentBits.STCE : 0;
        long old = cpu.menvcfg;
        cpu.menvcfg = cacheBits(old, value & bits);
        if (((old ^ cpu.menvcfg) & (EnvironmentBits.ADUE | EnvironmentBits.PBMTE)) != 0) {
            cpu.translations.forgetAll();
        }
        cpu.surroundings.compareChanged();
    }

    private void setSatp(SystemCpu cpu, long value) {
        int mode = (int) (xlen == 64 ? value >>> 60 : value >>> 31);
        boolean known = xlen == 32
                ? mode <= options.maxMode()
                : mode == SystemOptions.BARE || mode >= SystemOptions.SV39 && mode <= options.maxMode();
        if (known) {
            cpu.satp = value;
        }
    }

    /** The registers of that model. */
    static SystemCsrs of(Riscv isa) {
        return java.util.Objects.requireNonNull(isa.systemCsrs());
    }
}
