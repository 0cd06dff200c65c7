package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A hart's privileged state: mode, CSRs of machine and supervisor, pending interrupts; what a trap does to it. Owned by the hart's
 * thread but for {@link #setLine}.
 */
public final class Privilege {
    static final int USER = 0;
    static final int SUPERVISOR = 1;
    static final int MACHINE = 3;

    private static final long SUPERVISOR_INTERRUPTS = 1 << Cause.SSI | 1 << Cause.STI | 1 << Cause.SEI;
    private static final long INTERRUPTS = SUPERVISOR_INTERRUPTS | 1 << Cause.MSI | 1 << Cause.MTI | 1 << Cause.MEI;

    /** The order in which interrupts that are pending at once are taken. */
    private static final int[] ORDER = {Cause.MEI, Cause.MSI, Cause.MTI, Cause.SEI, Cause.SSI, Cause.STI};

    /** What environment calls and page faults may be delegated. */
    private static final long DELEGABLE = 0xb3ff;

    final RiscvCpu cpu;
    final int xlen;
    final Riscv isa;
    final int index;
    final Pmp pmp = new Pmp();
    private final Views views;
    private final VirtualClock clock;
    private final Chassis chassis;
    private final long nanosecondsPerTick;
    private final Timer supervisorTimer;

    /** Pins, set by other threads. */
    private final AtomicLong lines = new AtomicLong();

    private int privilege;

    long mstatus;
    long medeleg;
    long mideleg;
    long mie;
    /** Bits of {@code mip} that software sets. */
    long softwarePending;

    long mtvec;
    long mcounteren;
    long mscratch;
    long mepc;
    long mcause;
    long mtval;
    long mcountinhibit;
    long menvcfg;
    long stvec;
    long scounteren;
    long sscratch;
    long sepc;
    long scause;
    long stval;
    long senvcfg;
    long stimecmp;
    private long satp;
    private int levels;
    long mcycleOffset;
    long minstretOffset;
    final long[] mstateen = new long[4];
    final long[] sstateen = new long[4];

    Privilege(Riscv isa, Chassis chassis, int index, long timebase) {
        this.isa = isa;
        this.index = index;
        xlen = isa.xlen();
        this.chassis = chassis;
        clock = chassis.clock();
        nanosecondsPerTick = 1_000_000_000 / timebase;
        cpu = (RiscvCpu) isa.newCpu(new PageWalk(this, chassis.memory()));
        views = new Views(cpu);
        supervisorTimer = clock.timer(() -> setLine(Cause.STI, true));
        cpu.setPrivilege(this);
    }

    /** After power-on: M mode. */
    void reset() {
        privilege = MACHINE;
        mstatus = xlen == 64 ? Status.UXL_64 | Status.SXL_64 : 0;
        medeleg = mideleg = mie = softwarePending = 0;
        mtvec = mcounteren = mscratch = mepc = mcause = mtval = mcountinhibit = 0;
        // As the reference: what OpenSBI would switch on anyway where the extensions are there.
        menvcfg = 0;
        stvec = scounteren = sscratch = sepc = scause = stval = senvcfg = 0;
        stimecmp = -1;
        supervisorTimer.cancel();
        satp = 0;
        levels = 0;
        mcycleOffset = minstretOffset = 0;
        java.util.Arrays.fill(mstateen, 0);
        java.util.Arrays.fill(sstateen, 0);
        pmp.reset();
        lines.updateAndGet(pins -> pins & ~(1L << Cause.STI));
        cpu.clearRegisters();
        cpu.fcsr(0);
        cpu.unreserve();
        views.flushAll();
        select();
    }

    /** What firmware would have done before it leaves a hart to S mode. */
    void beginSupervisor() {
        medeleg = DELEGABLE & ~(1L << Cause.ECALL_S | 1L << Cause.ECALL_S + 2);
        mideleg = SUPERVISOR_INTERRUPTS;
        mcounteren = 7;
        scounteren = 7;
        menvcfg = 7L << 61 | 0xf0;
        mie = 0;
        privilege = SUPERVISOR;
        mstatus &= ~(Status.SIE | Status.SUM);
        setSatp(0);
    }

    // ---- what is true now

    int privilege() {
        return privilege;
    }

    void setPrivilege(int value) {
        privilege = value;
        select();
    }

    /** The privilege of loads and stores: MPRV lets M mode borrow another. */
    int dataPrivilege() {
        return privilege == MACHINE && (mstatus & Status.MPRV) != 0 ? (int) (mstatus >>> Status.MPP_AT & 3) : privilege;
    }

    boolean sum() {
        return (mstatus & Status.SUM) != 0;
    }

    boolean mxr() {
        return (mstatus & Status.MXR) != 0;
    }

    long satp() {
        return satp;
    }

    /** Levels of the page table, 0 where addresses are physical. */
    int levels() {
        return levels;
    }

    boolean updatesAccessed() {
        return true;
    }

    boolean floatsOn() {
        return (mstatus & Status.FS) != 0;
    }

    boolean vectorsOn() {
        return (mstatus & Status.VS) != 0;
    }

    /** Decoding depends on something that changed. */
    public void modeChanged() {
        select();
    }

    /** Looks through the view that fits mode, rights and address space. The hart's thread, between instructions. */
    void select() {
        cpu.setUnits(floatsOn(), vectorsOn());
        int data = dataPrivilege();
        int key = privilege | data << 2 | (sum() ? 16 : 0) | (mxr() ? 32 : 0) | cpu.mode << 6;
        views.see(privilege == MACHINE && data == MACHINE ? 0 : satp, key);
    }

    // ---- time

    long time() {
        return clock.now() / nanosecondsPerTick;
    }

    void setStimecmp(long value) {
        stimecmp = value;
        chassis.lock().lock();
        try {
            if (Long.compareUnsigned(time(), value) >= 0) {
                supervisorTimer.cancel();
                setLine(Cause.STI, true);
            } else {
                setLine(Cause.STI, false);
                if (value < 0 || value > Long.MAX_VALUE / nanosecondsPerTick) {
                    supervisorTimer.cancel();
                } else {
                    supervisorTimer.at(value * nanosecondsPerTick);
                }
            }
        } finally {
            chassis.lock().unlock();
        }
    }

    // ---- interrupts

    /** Drives an interrupt pin, or a pending bit that stands for one. Any thread. */
    void setLine(int interrupt, boolean level) {
        long bit = 1L << interrupt;
        long before = lines.getAndUpdate(pins -> level ? pins | bit : pins & ~bit);
        if (level && (before & bit) == 0) {
            wake();
        }
    }

    /** Set by the hart: what to do when an interrupt comes. */
    Runnable waker = () -> {};

    private void wake() {
        cpu.requestPoll();
        waker.run();
    }

    long pending() {
        return lines.get() | softwarePending;
    }

    /** Clears a pending bit that software owns. */
    void clearPending(int interrupt) {
        softwarePending &= ~(1L << interrupt);
        setLine(interrupt, false);
    }

    /** Whether WFI goes on: some interrupt is pending and enabled in {@code mie}, whatever {@code mstatus} says. */
    boolean wakes() {
        return (pending() & mie) != 0;
    }

    /** The interrupt to take now, or -1. */
    int interrupt() {
        long candidates = pending() & mie;
        if (candidates == 0) {
            return -1;
        }
        long machine = privilege < MACHINE || (mstatus & Status.MIE) != 0 ? candidates & ~mideleg : 0;
        long chosen = machine;
        if (chosen == 0 && (privilege < SUPERVISOR || privilege == SUPERVISOR && (mstatus & Status.SIE) != 0)) {
            chosen = candidates & mideleg;
        }
        for (int interrupt : ORDER) {
            if ((chosen & 1L << interrupt) != 0) {
                return interrupt;
            }
        }
        return -1;
    }

    /** After something that may let a pending interrupt through: has the loop look. */
    void check() {
        if (interrupt() >= 0) {
            cpu.requestPoll();
        }
    }

    // ---- traps

    void takeInterrupt(int interrupt) {
        trap(interrupt, true, 0);
    }

    void takeException(int cause, long value) {
        trap(cause == Cause.ECALL_U ? Cause.ECALL_U + privilege : cause, false, value);
    }

    private void trap(int code, boolean interrupt, long value) {
        long delegated = interrupt ? mideleg : medeleg;
        long cause = interrupt ? 1L << xlen - 1 | code : code;
        long tvec;
        if (privilege <= SUPERVISOR && (delegated >>> code & 1) != 0) {
            scause = cause;
            sepc = cpu.pc;
            stval = value;
            mstatus = mstatus & ~(Status.SPP | Status.SPIE | Status.SIE)
                    | (privilege == SUPERVISOR ? Status.SPP : 0)
                    | ((mstatus & Status.SIE) != 0 ? Status.SPIE : 0);
            privilege = SUPERVISOR;
            tvec = stvec;
        } else {
            mcause = cause;
            mepc = cpu.pc;
            mtval = value;
            mstatus = mstatus & ~(Status.MPP | Status.MPIE | Status.MIE)
                    | (long) privilege << Status.MPP_AT
                    | ((mstatus & Status.MIE) != 0 ? Status.MPIE : 0);
            privilege = MACHINE;
            tvec = mtvec;
        }
        cpu.pc = (tvec & -4L) + (interrupt && (tvec & 1) != 0 ? 4L * code : 0) & cpu.addressMask;
        select();
    }

    /** MRET; false where it is illegal. */
    boolean mret() {
        if (privilege != MACHINE) {
            return false;
        }
        int to = (int) (mstatus >>> Status.MPP_AT & 3);
        mstatus = mstatus & ~(Status.MPP | Status.MIE) | ((mstatus & Status.MPIE) != 0 ? Status.MIE : 0) | Status.MPIE;
        if (to != MACHINE) {
            mstatus &= ~Status.MPRV;
        }
        cpu.pc = mepc;
        privilege = to;
        select();
        check();
        return true;
    }

    /** SRET; false where it is illegal. */
    boolean sret() {
        if (privilege < SUPERVISOR || privilege == SUPERVISOR && (mstatus & Status.TSR) != 0) {
            return false;
        }
        int to = (mstatus & Status.SPP) != 0 ? SUPERVISOR : USER;
        mstatus = mstatus & ~(Status.SPP | Status.SIE | Status.MPRV)
                | ((mstatus & Status.SPIE) != 0 ? Status.SIE : 0)
                | Status.SPIE;
        cpu.pc = sepc;
        privilege = to;
        select();
        check();
        return true;
    }

    /** Whether WFI may be executed here. */
    boolean mayWait() {
        return privilege == MACHINE || (mstatus & Status.TW) == 0 && privilege == SUPERVISOR;
    }

    // ---- memory

    /** Writes {@code satp}; a mode that there is not changes nothing. */
    void setSatp(long value) {
        int mode = (int) (xlen == 64 ? value >>> 60 : value >>> 31 & 1);
        int deep;
        if (xlen == 64) {
            switch (mode) {
                case 0 -> deep = 0;
                case 8, 9, 10 -> deep = mode - 5;
                default -> {
                    return;
                }
            }
        } else {
            deep = mode == 0 ? 0 : 2;
            value &= 0xffffffffL;
        }
        satp = deep == 0 ? 0 : value;
        levels = deep;
        select();
    }

    /** SFENCE.VMA: forgets translations of one address (or all), in one address space (or all). */
    void fence(boolean allAddresses, long address, boolean allSpaces, long asid) {
        if (allAddresses) {
            views.flush(allSpaces ? -1 : asid);
        } else {
            views.flushPage(address & cpu.addressMask, allSpaces ? -1 : asid);
        }
    }

    /** The map of memory, or its protection, is another now. The hart's thread. */
    void flushAll() {
        views.flushAll();
    }

    boolean has(Extension extension) {
        return isa.extensions().has(extension);
    }

    static long supervisorInterrupts() {
        return SUPERVISOR_INTERRUPTS;
    }

    static long interrupts() {
        return INTERRUPTS;
    }

    static long delegable() {
        return DELEGABLE;
    }
}
