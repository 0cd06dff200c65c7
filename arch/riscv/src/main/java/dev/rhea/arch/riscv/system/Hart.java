package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.log.ExecutionLog;
import dev.rhea.engine.log.Log;
import dev.rhea.engine.mmu.Access;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.Processor;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A hart with a thread of its own. It delivers traps and interrupts in Java between two stretches of guest code, and sleeps
 * where the guest waits for an interrupt.
 */
public final class Hart implements Processor, Stateful<HartState> {
    /** How it starts after a reset. @param supervisor whether in S mode, as firmware would have left it */
    public record Start(long pc, long a0, long a1, boolean supervisor) {}

    private static final int A0 = 10;
    private static final int A1 = 11;

    /** What OpenSBI delegates: everything that S mode can do something about. */
    private static final long FIRMWARE_MEDELEG = 1 << Traps.INSTRUCTION_MISALIGNED
            | 1 << Traps.INSTRUCTION_ACCESS_FAULT
            | 1 << Traps.ILLEGAL_INSTRUCTION
            | 1 << Traps.BREAKPOINT
            | 1 << Traps.LOAD_MISALIGNED
            | 1 << Traps.LOAD_ACCESS_FAULT
            | 1 << Traps.STORE_MISALIGNED
            | 1 << Traps.STORE_ACCESS_FAULT
            | 1 << Traps.ECALL_U
            | 1 << Traps.INSTRUCTION_PAGE_FAULT
            | 1 << Traps.LOAD_PAGE_FAULT
            | 1 << Traps.STORE_PAGE_FAULT;

    private final int index;
    private final Chassis chassis;
    private final Engine engine;
    private final SystemCpu cpu;
    private final long frequency;
    private final Timer compare;
    private final Thread thread;

    /** Guards what follows; never held while guest code runs. Comes after the machine lock. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private boolean wanted;
    private boolean standing = true;
    private boolean closed;
    private boolean threadStarted;

    /** Set together with the poll request, so that none is lost between two stretches. */
    private volatile boolean attention;

    /** Runs guest code up to a trap or until somebody wants the hart; where a log follows the execution, it does. */
    private final Supplier<Exit> guest;

    private volatile Start start = new Start(0, 0, 0, false);
    /** Comes before what {@link #start} says of the pc. */
    private volatile @Nullable Long startAddress;

    private volatile @Nullable Sbi sbi;

    /**
     * A hart that stands still; it belongs to {@code chassis} once it was added there.
     *
     * @param index its number, which is {@code mhartid} too
     * @param isa a model with {@link Riscv#system()}
     * @param frequency of {@code time}, in Hz
     */
    public Hart(int index, Chassis chassis, Engine engine, Riscv isa, long frequency) {
        this.index = index;
        this.chassis = chassis;
        this.engine = engine;
        this.frequency = frequency;
        var mmu = new SystemMmu(chassis.memory());
        cpu = (SystemCpu) isa.newCpu(mmu);
        mmu.connect(cpu);
        cpu.hartId = index;
        cpu.timeSource = () -> cpu.outside.time(ticks());
        Log log = engine.log();
        cpu.log = log;
        if (log.followsExecution()) {
            var execution = new ExecutionLog(log, engine, Riscv::registerNames, isa.xlen() / Byte.SIZE);
            guest = () -> execution.run(cpu, index);
        } else {
            guest = () -> engine.run(cpu);
        }
        cpu.surroundings = new SystemCpu.Surroundings() {
            @Override
            public void compareChanged() {
                armCompare();
            }
        };
        compare = chassis.clock().timer(this::armCompare);
        chassis.memory().onChange(cpu::flushTranslations);
        engine.attach(cpu);
        thread = new Thread(this::work, "rhea-hart-" + index);
        thread.setDaemon(true);
        cpu.runner = thread;
    }

    /** Its state, for who shows or changes it while it is paused. */
    public SystemCpu cpu() {
        return cpu;
    }

    /** What runs it. */
    Engine engine() {
        return engine;
    }

    /** How it starts from the next reset on. */
    public void setStart(Start value) {
        start = value;
    }

    /** Serves its calls from S mode in Rhea; null for firmware in the guest. */
    public void setSbi(@Nullable Sbi value) {
        sbi = value;
    }

    /** A pin of the hart: the bit in {@code mip} follows its level. */
    public Line line(Interrupt interrupt) {
        int bit = interrupt.bit();
        return level -> {
            int old = cpu.lines.getAndUpdate(bits -> level ? bits | bit : bits & ~bit);
            if (level && (old & bit) == 0) {
                wake();
            }
        };
    }

    /** Sets {@code mip.SSIP} as the ACLINT's SSWI does; software clears it. Any thread. */
    public void raiseSupervisorSoftware() {
        cpu.soft.updateAndGet(bits -> bits | Interrupt.SSI.bit());
        wake();
    }

    /** Makes it look for interrupts and requests. Any thread. */
    void wake() {
        attention = true;
        cpu.requestPoll();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- time

    /** {@code time}: ticks of the machine's clock. */
    long ticks() {
        long now = chassis.clock().now();
        return now / 1_000_000_000 * frequency + now % 1_000_000_000 * frequency / 1_000_000_000;
    }

    /** The first nanosecond at which {@link #ticks} has reached a value; the farthest one where that is too far. */
    private long moment(long ticks) {
        long seconds = Long.divideUnsigned(ticks, frequency);
        if (seconds >= Long.MAX_VALUE / 1_000_000_000) {
            return Long.MAX_VALUE;
        }
        long rest = Long.remainderUnsigned(ticks, frequency);
        return seconds * 1_000_000_000 + (rest * 1_000_000_000 + frequency - 1) / frequency;
    }

    /** Follows {@code stimecmp}: section "Sstc". The hart's own thread, or the clock's. */
    private void armCompare() {
        chassis.lock().lock();
        try {
            boolean on = sbi != null || cpu.options.sstc() && (cpu.menvcfg & EnvironmentBits.STCE) != 0;
            boolean due = on && Long.compareUnsigned(ticks(), cpu.stimecmp) >= 0;
            line(Interrupt.STI).set(due);
            long deadline = moment(cpu.stimecmp);
            if (on && !due && deadline != Long.MAX_VALUE) {
                compare.at(deadline);
            } else {
                compare.cancel();
            }
        } finally {
            chassis.lock().unlock();
        }
    }

    /** Sets the supervisor timer as the SBI does. Its own thread. */
    void setTimer(long ticks) {
        cpu.stimecmp = ticks;
        armCompare();
    }

    // ---- the thread

    private void work() {
        try {
            while (awaitTurn()) {
                run();
            }
        } catch (RuntimeException | Error e) {
            lock.lock();
            try {
                closed = true;
                standing = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            chassis.fail(e);
        }
    }

    /** Stands until it shall run; false when it is closed. */
    private boolean awaitTurn() {
        lock.lock();
        try {
            while (!wanted && !closed) {
                standing = true;
                changed.signalAll();
                changed.awaitUninterruptibly();
            }
            standing = closed;
            changed.signalAll();
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether its thread shall stop serving the guest. */
    boolean isAskedToStop() {
        lock.lock();
        try {
            return !wanted || closed;
        } finally {
            lock.unlock();
        }
    }

    /** Runs the guest until somebody wants it to stand. */
    private void run() {
        for (; ; ) {
            if (attention) {
                attention = false;
                if (isAskedToStop()) {
                    return;
                }
            }
            Sbi firmware = sbi;
            if (firmware != null && !firmware.serveRequests(this)) {
                awaitAttention(() -> firmware.hasRequests(this));
                continue;
            }
            if (cpu.outside.run(guest, cpu) == Exit.TRAP) {
                trap();
            }
        }
    }

    /** Sleeps until there is something to do or somebody wants it to stand. */
    void awaitAttention(java.util.function.BooleanSupplier done) {
        lock.lock();
        try {
            while (wanted && !closed && !done.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void trap() {
        long bits = cpu.trapValue;
        switch (cpu.trap) {
            case Traps.MRET -> refuseUnless(cpu.traps.returnFromMachine(), bits);
            case Traps.SRET -> refuseUnless(cpu.traps.returnFromSupervisor(), bits);
            case Traps.WFI -> {
                if (!cpu.traps.mayWait()) {
                    refuseUnless(false, bits);
                    return;
                }
                cpu.pc = cpu.pc + 4 & cpu.addressMask;
                Sbi firmware = sbi;
                if (cpu.outside.waits()) {
                    awaitAttention(() -> cpu.traps.mayWake() || firmware != null && firmware.hasRequests(this));
                }
            }
            case Traps.ECALL_U -> {
                Sbi firmware = sbi;
                if (firmware != null && cpu.privilege == SystemCpu.SUPERVISOR) {
                    cpu.pc = cpu.pc + 4 & cpu.addressMask;
                    firmware.call(this);
                } else {
                    cpu.traps.exception(Traps.ECALL_U + cpu.privilege, 0);
                }
            }
            default -> cpu.traps.exception(cpu.trap, cpu.trapValue);
        }
    }

    private void refuseUnless(boolean done, long bits) {
        if (!done) {
            cpu.traps.exception(Traps.ILLEGAL_INSTRUCTION, bits);
        }
    }

    // ---- Processor

    @Override
    public int index() {
        return index;
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (!threadStarted) {
                threadStarted = true;
                thread.start();
            }
            wanted = true;
            standing = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause() {
        lock.lock();
        try {
            wanted = false;
            attention = true;
            cpu.requestPoll();
            changed.signalAll();
            while (!standing) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reset() {
        Start from = start;
        cpu.clearRegisters();
        cpu.resetSystem();
        cpu.r[A0] = from.a0;
        cpu.r[A1] = from.a1;
        if (from.supervisor) {
            startSupervisor();
        }
        Long address = startAddress;
        cpu.pc = (address == null ? from.pc : address) & cpu.addressMask;
        armCompare();
        Sbi firmware = sbi;
        if (firmware != null) {
            firmware.reset(this);
        }
    }

    /** What firmware does before it leaves to S mode. */
    void startSupervisor() {
        cpu.privilege = SystemCpu.SUPERVISOR;
        cpu.medeleg = FIRMWARE_MEDELEG;
        cpu.mideleg = Interrupt.SUPERVISOR;
        cpu.mcounteren = 0xffffffffL;
        cpu.scounteren = 0xffffffffL; // Linux' vDSO reads the time and trusts firmware to let it
        cpu.satp = 0;
        cpu.mstatus &= ~Status.SIE;
        cpu.menvcfg |= (cpu.options.sstc() ? EnvironmentBits.STCE : 0)
                | (cpu.options.svpbmt() ? EnvironmentBits.PBMTE : 0)
                | EnvironmentBits.CBIE
                | EnvironmentBits.CBCFE
                | EnvironmentBits.CBZE;
        cpu.pmp.address(0, -1);
        cpu.pmp.config(0, 0x1f); // NAPOT over all, with all rights
        cpu.translations.forgetAll();
        cpu.translations.select();
    }

    @Override
    public void startAt(long pc) {
        startAddress = pc;
    }

    @Override
    public Class<HartState> stateType() {
        return HartState.class;
    }

    @Override
    public HartState saveState() {
        return HartState.of(cpu);
    }

    @Override
    public void loadState(HartState state) throws BadStateException {
        state.restore(cpu);
        armCompare();
    }

    @Override
    public String registers() {
        return new RegisterText(cpu).toString();
    }

    @Override
    public OptionalLong register(String name) {
        return RegisterNames.find(cpu, name);
    }

    @Override
    public long pc() {
        return cpu.pc;
    }

    @Override
    public long physical(long address) {
        int trap = cpu.trap;
        long value = cpu.trapValue;
        try {
            long physical = new PageTable(cpu, chassis.memory(), false)
                    .walk(address & cpu.addressMask, Access.READ, cpu.dataPrivilege());
            return chassis.memory().host(physical, 1) == 0 ? -1 : physical;
        } catch (GuestFault e) {
            return -1;
        } finally {
            cpu.trap = trap;
            cpu.trapValue = value;
        }
    }

    @Override
    public long executed() {
        return cpu.executed;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            attention = true;
            cpu.requestPoll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        engine.detach(cpu);
    }

    @Override
    public long[] trail() {
        return cpu.trail();
    }

    @Override
    public Disassembled disassemble(long pc, byte[] code) {
        ByteBuffer b = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        long lo = b.getLong(0);
        int length = (lo & 3) == 3 ? 4 : 2;
        return new Disassembled(cpu.isa.disassemble(lo, b.getLong(8), code.length, cpu.mode, pc), length);
    }
}
