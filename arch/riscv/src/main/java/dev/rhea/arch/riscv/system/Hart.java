package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.Processor;
import dev.rhea.machine.irq.Line;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A hart on a thread of its own. */
public final class Hart implements Processor {
    /**
     * How a hart begins after a reset.
     *
     * @param pc its first instruction
     * @param a0 what x10 holds
     * @param a1 what x11 holds
     * @param supervisor whether it begins in S mode, with firmware's work done for it
     * @param running whether it runs, or waits until another hart starts it
     */
    public record Start(long pc, long a0, long a1, boolean supervisor, boolean running) {}

    private static final int A0 = 10;
    private static final int A1 = 11;

    private final Chassis chassis;
    private final Engine engine;
    private final Privilege state;
    private final RiscvCpu cpu;
    private final Thread thread;

    /** Guards what follows. Nothing else is locked while it is held. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Runnable> errands = new ArrayDeque<>();
    private boolean wanted;
    private boolean parked = true;
    private boolean closing;
    private volatile boolean attention;
    private boolean stopped;

    private Start start = new Start(0, 0, 0, false, true);
    private @Nullable Sbi sbi;

    /**
     * A hart that is paused.
     *
     * @param timebase ticks of {@code time} per second; divides 1,000,000,000
     */
    public Hart(Chassis chassis, Engine engine, int index, long timebase) {
        this.chassis = chassis;
        this.engine = engine;
        state = new Privilege((Riscv) engine.isa(), chassis, index, timebase);
        cpu = state.cpu;
        state.waker = this::wake;
        engine.attach(cpu);
        chassis.memory().onChange(() -> errand(state::flushAll));
        thread = new Thread(this::work, "rhea-hart-" + index);
        thread.setDaemon(true);
        thread.start();
    }

    /** Says how it begins after a reset. */
    public void setStart(Start value) {
        start = value;
    }

    /** Has environment calls of S mode served by Rhea. */
    public void setSbi(Sbi value) {
        sbi = value;
    }

    /** Machine software interrupt. */
    public Line machineSoftware() {
        return line(Cause.MSI);
    }

    /** Machine timer interrupt. */
    public Line machineTimer() {
        return line(Cause.MTI);
    }

    /** Machine external interrupt. */
    public Line machineExternal() {
        return line(Cause.MEI);
    }

    /** Supervisor external interrupt. */
    public Line supervisorExternal() {
        return line(Cause.SEI);
    }

    private Line line(int interrupt) {
        return level -> state.setLine(interrupt, level);
    }

    Privilege state() {
        return state;
    }

    Chassis chassis() {
        return chassis;
    }

    // ---- from outside

    /** Has it look again at what it waits for. Any thread. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int index() {
        return state.index;
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            wanted = true;
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
            while (!parked) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has something done on the hart's thread before its next instruction; at once if it is paused. Any thread. */
    void errand(Runnable action) {
        lock.lock();
        try {
            if (Thread.currentThread() == thread || parked) {
                action.run();
                return;
            }
            errands.add(action);
            attention = true;
            cpu.requestPoll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            wanted = false;
            attention = true;
            cpu.requestPoll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        engine.detach(cpu);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void reset() {
        state.reset();
        begin(start);
    }

    /** Takes its place at a first instruction. */
    void begin(Start from) {
        if (from.supervisor()) {
            state.beginSupervisor();
        }
        cpu.pc = from.pc();
        cpu.r[A0] = from.a0();
        cpu.r[A1] = from.a1();
        stopped = !from.running();
    }

    /** Whether it waits for another hart to start it. */
    boolean isStopped() {
        return stopped;
    }

    /** It waits from now on for another hart to start it. Its own thread. */
    void stop() {
        stopped = true;
    }

    // ---- the thread

    private void work() {
        cpu.runner = Thread.currentThread();
        while (attend()) {
            try {
                if (stopped) {
                    await(false);
                    continue;
                }
                Exit exit = engine.run(cpu);
                if (exit == Exit.TRAP) {
                    trap();
                }
                int interrupt = state.interrupt();
                if (interrupt >= 0) {
                    causes[128 + interrupt]++;
                    state.takeInterrupt(interrupt);
                }
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }
    }

    private void fail(Throwable e) {
        lock.lock();
        try {
            wanted = false;
        } finally {
            lock.unlock();
        }
        chassis.fail(new IllegalStateException(String.format("hart %d at pc 0x%x: %s", state.index, cpu.pc, e), e));
    }

    /** Runs errands, and parks while it is to be paused; false when the hart ends. */
    private boolean attend() {
        if (!attention && !parked) {
            return true;
        }
        for (; ; ) {
            runErrands();
            lock.lock();
            try {
                if (!errands.isEmpty()) {
                    continue;
                }
                attention = false;
                parked = !wanted;
                if (!parked) {
                    return true;
                }
                changed.signalAll();
                if (closing) {
                    return false;
                }
                changed.awaitUninterruptibly();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for an interrupt, an errand or the end of the wait. */
    private void await(boolean interrupts) {
        lock.lock();
        try {
            while (wanted && !attention && stopped == !interrupts && !(interrupts && state.wakes())) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what other harts do, and does meanwhile what they ask of this one. Its own thread. */
    void awaitOthers(CountDownLatch done) {
        while (done.getCount() > 0) {
            runErrands();
            lock.lock();
            try {
                while (done.getCount() > 0 && errands.isEmpty()) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Does what others asked for. Without the lock: an errand may wake its sender. */
    private void runErrands() {
        for (; ; ) {
            Runnable errand;
            lock.lock();
            try {
                errand = errands.poll();
            } finally {
                lock.unlock();
            }
            if (errand == null) {
                return;
            }
            errand.run();
        }
    }

    /** Waits for an interrupt, as WFI does. Its own thread. */
    void suspend() {
        await(true);
    }

    /** How often each cause came, for whoever measures: exceptions, then interrupts from 128 on. */
    final long[] causes = new long[192];

    private void trap() {
        int code = cpu.trap;
        causes[code]++;
        switch (code) {
            case Cause.MRET -> {
                cpu.executed++;
                if (!state.mret()) {
                    state.takeException(Cause.ILLEGAL_INSTRUCTION, cpu.trapValue);
                }
            }
            case Cause.SRET -> {
                cpu.executed++;
                if (!state.sret()) {
                    state.takeException(Cause.ILLEGAL_INSTRUCTION, cpu.trapValue);
                }
            }
            case Cause.WFI -> {
                cpu.executed++;
                if (state.mayWait()) {
                    cpu.pc = cpu.pc + 4 & cpu.addressMask;
                    await(true);
                } else {
                    state.takeException(Cause.ILLEGAL_INSTRUCTION, cpu.trapValue);
                }
            }
            case Cause.ECALL_U -> {
                Sbi served = sbi;
                if (served != null && state.privilege() == Privilege.SUPERVISOR) {
                    cpu.pc = cpu.pc + 4 & cpu.addressMask;
                    served.call(this);
                } else {
                    state.takeException(code, 0);
                }
            }
            default -> state.takeException(code, cpu.trapValue);
        }
    }

    // ---- for monitors

    @Override
    public String registers() {
        return RegisterText.of(state);
    }

    @Override
    public long pc() {
        return cpu.pc;
    }

    @Override
    public long[] trail() {
        return cpu.trail();
    }

    @Override
    public long physical(long address) {
        int trap = cpu.trap;
        long value = cpu.trapValue;
        try {
            return ((PageWalk) cpu.mmu).look(cpu, address);
        } catch (GuestFault e) {
            return -1;
        } finally {
            cpu.trap = trap;
            cpu.trapValue = value;
        }
    }

    @Override
    public Disassembled disassemble(long pc, byte[] code) {
        ByteBuffer b = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        long lo = b.getLong(0);
        int length = (lo & 3) == 3 ? 4 : 2;
        return new Disassembled(state.isa.disassemble(lo, b.getLong(8), 16, 0, pc), length);
    }

    @Override
    public long executed() {
        return cpu.executed;
    }
}
