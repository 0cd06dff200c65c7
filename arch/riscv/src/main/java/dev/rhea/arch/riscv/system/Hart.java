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
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
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

    private final int index;
    private final Chassis chassis;
    private final Engine engine;
    private final SystemCpu cpu;
    private final SupervisorTimer timer;
    private final HartThread thread;

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
        var mmu = new SystemMmu(chassis.memory());
        cpu = (SystemCpu) isa.newCpu(mmu);
        mmu.connect(cpu);
        cpu.hartId = index;
        Log log = engine.log();
        cpu.log = log;
        if (log.followsExecution()) {
            var execution = new ExecutionLog(log, engine, Riscv::registerNames, isa.xlen() / Byte.SIZE);
            guest = () -> execution.run(cpu, index);
        } else {
            guest = () -> engine.run(cpu);
        }
        thread = new HartThread(index, cpu, this::run, chassis::fail);
        timer = new SupervisorTimer(chassis, cpu, frequency, line(Interrupt.STI), () -> sbi != null);
        cpu.timeSource = () -> cpu.outside.time(timer.ticks());
        cpu.surroundings = new SystemCpu.Surroundings() {
            @Override
            public void compareChanged() {
                timer.follow();
            }
        };
        chassis.memory().onChange(cpu::flushTranslations);
        engine.attach(cpu);
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
            if (cpu.interrupts.line(bit, level)) {
                thread.wake();
            }
        };
    }

    /** Sets {@code mip.SSIP} as the ACLINT's SSWI does; software clears it. Any thread. */
    public void raiseSupervisorSoftware() {
        cpu.interrupts.set(Interrupt.SSI.bit());
        thread.wake();
    }

    /** Its thread, for who makes it sleep or wakes it. */
    HartThread thread() {
        return thread;
    }

    /** Its supervisor timer. */
    SupervisorTimer timer() {
        return timer;
    }

    // ---- guest code

    /** Runs the guest until somebody wants it to stand. */
    private void run() {
        while (!thread.stops()) {
            Sbi firmware = sbi;
            if (firmware != null && !firmware.serveRequests(this)) {
                thread.awaitAttention(() -> firmware.hasRequests(this));
                continue;
            }
            if (cpu.outside.run(guest, cpu) == Exit.TRAP) {
                trap();
            }
        }
    }

    private void trap() {
        long bits = cpu.trapValue;
        switch (cpu.trap) {
            case Traps.MRET -> completed(cpu.traps.returnFromMachine(), bits);
            case Traps.SRET -> completed(cpu.traps.returnFromSupervisor(), bits);
            case Traps.WFI -> {
                if (!cpu.traps.mayWait()) {
                    completed(false, bits);
                    return;
                }
                completed(true, bits);
                cpu.pc = cpu.pc + 4 & cpu.addressMask;
                Sbi firmware = sbi;
                if (cpu.outside.waits()) {
                    thread.awaitAttention(() -> cpu.traps.mayWake() || firmware != null && firmware.hasRequests(this));
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

    /** Counts the instruction that the hart's loop did, or refuses it. */
    private void completed(boolean done, long bits) {
        if (done) {
            cpu.countOne();
        } else {
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
        thread.resume();
    }

    @Override
    public void pause() {
        thread.pause();
    }

    @Override
    public void reset() {
        Start from = start;
        cpu.clearRegisters();
        cpu.resetSystem();
        cpu.r[A0] = from.a0;
        cpu.r[A1] = from.a1;
        if (from.supervisor) {
            Handover.toSupervisor(cpu);
        }
        Long address = startAddress;
        cpu.pc = (address == null ? from.pc : address) & cpu.addressMask;
        timer.follow();
        Sbi firmware = sbi;
        if (firmware != null) {
            firmware.reset(this);
        }
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
        timer.follow();
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
    public long threadId() {
        return thread.hostId();
    }

    @Override
    public String mappings() {
        return PageList.of(cpu, chassis.memory());
    }

    @Override
    public long physical(long address) {
        int trap = cpu.trap;
        long value = cpu.trapValue;
        try {
            long physical = new PageTable(cpu, chassis.memory(), PageTable.Purpose.INSPECTION)
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
        thread.close();
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
