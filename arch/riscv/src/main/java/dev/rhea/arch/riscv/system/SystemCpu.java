package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.arch.riscv.system.trigger.TriggerModule;
import dev.rhea.engine.log.Log;
import dev.rhea.engine.mmu.Mmu;
import java.util.Arrays;
import java.util.Objects;

/**
 * A hart's privileged state. Owned by the hart's thread, except for {@link #interrupts}. CSRs of 32 bits are kept
 * zero-extended. Those of {@link PrivilegedSlots} are read and written through methods.
 */
public final class SystemCpu extends RiscvCpu {
    static final int USER = 0;
    static final int SUPERVISOR = 1;
    static final int MACHINE = 3;

    final int xlen;
    final SystemOptions options;
    /** Whether the model has f registers. */
    final boolean hasFloat;

    int privilege = MACHINE;
    long medeleg;
    long mideleg;
    long mtvec;
    long mcounteren;
    long mscratch;
    long mepc;
    long mcause;
    long mtval;
    long menvcfg;
    long mseccfg;
    /** {@code mstateen0} to {@code mstateen3} */
    final long[] mstateen = new long[StateEnableCsrs.COUNT];

    /** {@code sstateen0}; the others have no bits. */
    long sstateen0;

    long stvec;
    long scounteren;
    long satp;
    long stimecmp = -1;
    int hartId;

    /** Any thread. */
    final PendingInterrupts interrupts = new PendingInterrupts(r);

    final SystemCsrs csrs;
    final Pmp pmp;
    final Translations translations;
    final TriggerModule triggers;
    final EventCounters counters;
    /** Is told of traps and of accesses to nothing. */
    Log log = Log.none();

    final TrapDelivery traps;

    /** Where what is not its own comes from. */
    Outside outside = Outside.LIVE;

    /** What is done to the rest of the machine when CSRs are written. */
    Surroundings surroundings = Surroundings.NONE;

    /** What privileged registers reach beyond the hart. */
    interface Surroundings {
        Surroundings NONE = new Surroundings() {};

        /** {@code stimecmp} or the right to it changed. */
        default void compareChanged() {}
    }

    /** A hart in its reset state. Use {@link Riscv#newCpu}. */
    public SystemCpu(Riscv isa, Mmu mmu) {
        super(isa, mmu);
        xlen = isa.xlen();
        options = Objects.requireNonNull(isa.system());
        hasFloat = isa.extensions().has(Extension.F);
        csrs = SystemCsrs.of(isa);
        pmp = new Pmp(options.pmpEntries());
        translations = new Translations(this);
        counters = new EventCounters(this);
        triggers = new TriggerModule(this, xlen, () -> privilege);
        traps = new TrapDelivery(this);
        resetSystem();
    }

    /** All that a reset gives a value: section "Reset". The rest is left as it is, but for the sake of repetition is 0 too. */
    void resetSystem() {
        privilege = MACHINE;
        long widths = options.supervisor() ? Status.SXL_64 | Status.UXL_64 : Status.UXL_64;
        PrivilegedSlots.REGISTERS.forEach(register -> r[register.slot()] = 0);
        mstatus(xlen == 64 ? widths : 0);
        medeleg = mideleg = mtvec = mcounteren = mscratch = mepc = mcause = mtval = 0;
        stvec = scounteren = satp = 0;
        Arrays.fill(mstateen, 0);
        mseccfg = sstateen0 = jvt = 0;
        menvcfg = options.svadu() && !options.extensions().has(Extension.SVADE) ? EnvironmentBits.ADUE : 0;
        if (options.svpbmt()) {
            menvcfg |= EnvironmentBits.PBMTE;
        }
        stimecmp = -1;
        counters.reset();
        interrupts.clear(Interrupt.ALL);
        unreserve();
        pmp.reset();
        triggers.reset();
        fcsr(0);
        translations.forgetAll();
        translations.select();
    }

    /** {@code mip} as it is now. */
    long pending() {
        return interrupts.bits();
    }

    /** Registers are this wide: all ones, or the low half. */
    long registerMask() {
        return xlen == 64 ? -1L : 0xffffffffL;
    }

    /** The privilege with which data are accessed: {@code MPRV} lends M mode that of {@code MPP}. */
    int dataPrivilege() {
        return privilege == MACHINE && (mstatus() & Status.MPRV) != 0
                ? (int) (mstatus() >>> Status.MPP_SHIFT) & 3
                : privilege;
    }

    /** What {@code seed} reads: 32 bits, sign-extended as everything of that width. */
    long seed() {
        return outside.entropy(entropy());
    }

    @Override
    protected boolean hasJumpTable() {
        return StateEnableCsrs.showsJumpTable(this);
    }

    /** What {@code time} counts. */
    long timeNow() {
        return time();
    }

    /** After privilege, {@code mstatus} or an interrupt register changed: looks through the right view, takes interrupts soon. */
    void changed() {
        translations.select();
        if (traps.isInterrupted()) {
            requestPoll();
        }
    }

    // ---- registers in slots

    long mstatus() {
        return r[PrivilegedSlots.MSTATUS.slot()];
    }

    void mstatus(long value) {
        r[PrivilegedSlots.MSTATUS.slot()] = value;
    }

    long mie() {
        return r[PrivilegedSlots.MIE.slot()];
    }

    void mie(long value) {
        r[PrivilegedSlots.MIE.slot()] = value;
    }

    long sepc() {
        return r[PrivilegedSlots.SEPC.slot()];
    }

    void sepc(long value) {
        r[PrivilegedSlots.SEPC.slot()] = value;
    }

    long scause() {
        return r[PrivilegedSlots.SCAUSE.slot()];
    }

    void scause(long value) {
        r[PrivilegedSlots.SCAUSE.slot()] = value;
    }

    long stval() {
        return r[PrivilegedSlots.STVAL.slot()];
    }

    void stval(long value) {
        r[PrivilegedSlots.STVAL.slot()] = value;
    }

    long senvcfg() {
        return r[PrivilegedSlots.SENVCFG.slot()];
    }

    void senvcfg(long value) {
        r[PrivilegedSlots.SENVCFG.slot()] = value;
    }
}
