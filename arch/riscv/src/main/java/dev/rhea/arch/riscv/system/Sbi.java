package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.system.SbiState.Kind;
import dev.rhea.arch.riscv.system.SbiState.Request;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.ShutdownCause;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor binary interface, version 3.0, served by Rhea where the guest brings no firmware. One for all harts of a
 * machine. Chapter names in comments are those of the RISC-V SBI specification.
 */
public final class Sbi implements Device, Stateful<SbiState> {
    private static final int SUCCESS = 0;
    private static final int ERR_FAILED = -1;
    private static final int ERR_NOT_SUPPORTED = -2;
    private static final int ERR_INVALID_PARAM = -3;
    private static final int ERR_INVALID_ADDRESS = -5;
    private static final int ERR_ALREADY_AVAILABLE = -6;

    private static final int BASE = 0x10;
    private static final int TIME = 0x54494d45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464e43;
    private static final int HSM = 0x48534d;
    private static final int SRST = 0x53525354;
    private static final int DBCN = 0x4442434e;
    private static final int[] EXTENSIONS = {0, 1, 2, 3, 4, 5, 6, 7, 8, BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN};

    private static final long SPECIFICATION = 3 << 24;
    /** No number is assigned to Rhea: the highest ones of the field are free. */
    private static final long IMPLEMENTATION = 0x7e;

    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A2 = 12;
    private static final int A3 = 13;
    private static final int A4 = 14;
    private static final int A6 = 16;
    private static final int A7 = 17;

    /** Bytes of a console call; more are left for the next one. */
    private static final int CONSOLE_CHUNK = 4096;

    private final Chassis chassis;
    private final AddressSpace memory;
    private final List<Hart> harts;
    private final int bootHart;
    private final IntConsumer output;
    private final IntSupplier input;
    private final ConcurrentHashMap<Hart, HartPlace> places = new ConcurrentHashMap<>();

    /**
     * For these harts.
     *
     * @param bootHart index of the one that runs from the start
     * @param output takes a byte of the debug console; called without the machine lock
     * @param input gives the next byte of it, or -1
     */
    public Sbi(Chassis chassis, List<Hart> harts, int bootHart, IntConsumer output, IntSupplier input) {
        this.chassis = chassis;
        this.memory = chassis.memory();
        this.harts = List.copyOf(harts);
        this.bootHart = bootHart;
        this.output = output;
        this.input = input;
        for (Hart hart : harts) {
            places.put(hart, new HartPlace(hart));
            hart.setSbi(this);
        }
    }

    private HartPlace place(Hart hart) {
        return Objects.requireNonNull(places.get(hart));
    }

    /** A hart was reset. */
    void reset(Hart hart) {
        place(hart).reset(hart.index() == bootHart);
    }

    /** Whether {@link #serveRequests} has something to do for a hart that sleeps, or would let it run. */
    boolean hasRequests(Hart hart) {
        return place(hart).hasRequests();
    }

    /** Does what other harts asked of this one, on its own thread; tells whether it may run. */
    boolean serveRequests(Hart hart) {
        return place(hart).serve();
    }

    // ---- the device: harts reset it, each its own part

    @Override
    public String type() {
        return "riscv.sbi";
    }

    @Override
    public void reset() {}

    @Override
    public Class<SbiState> stateType() {
        return SbiState.class;
    }

    @Override
    public SbiState saveState() {
        return new SbiState(harts.stream().map(hart -> place(hart).save()).toList());
    }

    @Override
    public void loadState(SbiState state) throws BadStateException {
        if (state.harts().size() != harts.size()) {
            throw new BadStateException("the state is one of " + state.harts().size() + " harts");
        }
        for (int i = 0; i < harts.size(); i++) {
            place(harts.get(i)).load(state.harts().get(i));
        }
    }

    // ---- calls

    private record Answer(long error, long value) {
        static final Answer OK = new Answer(SUCCESS, 0);

        static Answer of(long value) {
            return new Answer(SUCCESS, value);
        }

        static Answer error(int code) {
            return new Answer(code, 0);
        }
    }

    /** Serves an {@code ecall} of S mode, on the hart's thread, with the pc behind it. */
    void call(Hart hart) {
        SystemCpu cpu = hart.cpu();
        int extension = (int) cpu.r[A7];
        int function = (int) cpu.r[A6];
        if (extension >= 0 && extension <= 8) {
            cpu.r[A0] = legacy(hart, extension);
            return;
        }
        @Nullable
        Answer answer = switch (extension) {
            case BASE -> base(cpu, function);
            case TIME -> {
                if (function != 0) {
                    yield Answer.error(ERR_NOT_SUPPORTED);
                }
                hart.setTimer(wide(cpu, A0));
                yield Answer.OK;
            }
            case IPI -> function == 0 ? ipi(targets(cpu, A0)) : Answer.error(ERR_NOT_SUPPORTED);
            case RFENCE -> remoteFence(hart, function);
            case HSM -> harts(hart, function);
            case SRST -> systemReset(hart, function);
            case DBCN -> console(cpu, function);
            default -> Answer.error(ERR_NOT_SUPPORTED);
        };
        if (answer != null) {
            cpu.r[A0] = answer.error;
            cpu.r[A1] = answer.value;
        }
    }

    /** 64 bits, which RV32 passes in two registers. */
    private static long wide(SystemCpu cpu, int register) {
        return cpu.xlen == 64 ? cpu.r[register] : cpu.r[register] & 0xffffffffL | cpu.r[register + 1] << 32;
    }

    private static Answer base(SystemCpu cpu, int function) {
        return switch (function) {
            case 0 -> Answer.of(SPECIFICATION);
            case 1 -> Answer.of(IMPLEMENTATION);
            case 2 -> Answer.of(1);
            case 3 -> {
                boolean known = java.util.Arrays.stream(EXTENSIONS).anyMatch(e -> e == (int) cpu.r[A0]);
                yield Answer.of(known ? 1 : 0);
            }
            case 4 -> Answer.of(cpu.options.vendor());
            case 5 -> Answer.of(cpu.options.architecture());
            case 6 -> Answer.of(cpu.options.implementation());
            default -> Answer.error(ERR_NOT_SUPPORTED);
        };
    }

    /** Chapter "Binary Encoding", section "Hart list parameter"; null where a hart is not there. */
    private @Nullable List<Hart> targets(SystemCpu cpu, int register) {
        long mask = cpu.r[register] & cpu.registerMask();
        long base = cpu.r[register + 1] & cpu.registerMask();
        if (base == cpu.registerMask()) {
            return harts;
        }
        List<Hart> found = new ArrayList<>();
        for (int bit = 0; bit < cpu.xlen; bit++) {
            if ((mask >>> bit & 1) != 0) {
                long id = base + bit;
                if (id < 0 || id >= harts.size()) {
                    return null;
                }
                found.add(harts.get((int) id));
            }
        }
        return found;
    }

    private static Answer ipi(@Nullable List<Hart> targets) {
        if (targets == null) {
            return Answer.error(ERR_INVALID_PARAM);
        }
        for (Hart target : targets) {
            target.cpu().soft.updateAndGet(bits -> bits | Interrupt.SSI.bit());
            target.wake();
        }
        return Answer.OK;
    }

    // ---- RFENCE

    private Answer remoteFence(Hart hart, int function) {
        SystemCpu cpu = hart.cpu();
        if (function > 2 || function < 0) {
            return Answer.error(ERR_NOT_SUPPORTED);
        }
        List<Hart> targets = targets(cpu, A0);
        if (targets == null) {
            return Answer.error(ERR_INVALID_PARAM);
        }
        long asid = function == 2 ? cpu.r[A4] & (cpu.xlen == 64 ? 0xffff : 0x1ff) : -1;
        long start = cpu.r[A2] & cpu.registerMask();
        long size = cpu.r[A3] & cpu.registerMask();
        fence(hart, targets, function, start, size, asid);
        return Answer.OK;
    }

    /**
     * Returns after all targets did it or are sure to do it before their next instruction: those that stand still do it when
     * they go on. While it waits, this hart serves what others ask of it.
     */
    private void fence(Hart hart, List<Hart> targets, int function, long start, long size, long asid) {
        if (function == 0) {
            return; // code that is written to is dropped at once, and a hart that runs it leaves it
        }
        var request = new Request(function == 1 ? Kind.FENCE : Kind.FENCE_OF_SPACE, start, size, asid);
        var done =
                new CountDownLatch((int) targets.stream().filter(t -> t != hart).count());
        for (Hart target : targets) {
            if (target == hart) {
                place(hart).perform(request);
            } else {
                place(target).ask(request, () -> {
                    done.countDown();
                    hart.wake();
                });
            }
        }
        HartPlace own = place(hart);
        while (done.getCount() != 0 && !hart.isAskedToStop()) {
            own.performAll();
            hart.awaitAttention(() -> done.getCount() == 0 || own.isAsked());
        }
    }

    // ---- HSM

    private @Nullable Answer harts(Hart hart, int function) {
        SystemCpu cpu = hart.cpu();
        long id = cpu.r[A0] & cpu.registerMask();
        if ((function == 0 || function == 2) && Long.compareUnsigned(id, harts.size()) >= 0) {
            return Answer.error(ERR_INVALID_PARAM);
        }
        switch (function) {
            case 0 -> {
                Hart target = harts.get((int) id);
                long pc = cpu.r[A1] & cpu.registerMask();
                if (memory.host(pc & ~1L, 2) == 0) {
                    return Answer.error(ERR_INVALID_ADDRESS);
                }
                return place(target).start(pc, cpu.r[A2]) ? Answer.OK : Answer.error(ERR_ALREADY_AVAILABLE);
            }
            case 1 -> {
                place(hart).stop();
                return null;
            }
            case 2 -> {
                return Answer.of(place(harts.get((int) id)).status().code);
            }
            case 3 -> {
                return suspend(hart);
            }
            default -> {
                return Answer.error(ERR_NOT_SUPPORTED);
            }
        }
    }

    /** Types 0 (keeps its state) and 0x80000000 (begins anew) are there, platforms' own ones are not. */
    private Answer suspend(Hart hart) {
        SystemCpu cpu = hart.cpu();
        long type = cpu.r[A0] & 0xffffffffL;
        if (type == 0) {
            place(hart).suspend(null);
        } else if (type == 0x80000000L) {
            long pc = cpu.r[A1] & cpu.registerMask();
            if (memory.host(pc & ~1L, 2) == 0) {
                return Answer.error(ERR_INVALID_ADDRESS);
            }
            place(hart).suspend(new Request(Kind.BEGIN, pc, cpu.r[A2], -1));
        } else {
            return Answer.error(ERR_INVALID_PARAM);
        }
        return Answer.OK;
    }

    // ---- SRST

    private Answer systemReset(Hart hart, int function) {
        if (function != 0) {
            return Answer.error(ERR_NOT_SUPPORTED);
        }
        long type = hart.cpu().r[A0] & 0xffffffffL;
        long reason = hart.cpu().r[A1] & 0xffffffffL;
        if (type > 2 || reason > 1) {
            return Answer.error(ERR_INVALID_PARAM);
        }
        if (type == 0) {
            chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, reason == 0 ? 0 : 1);
        } else {
            chassis.requestReset(ShutdownCause.GUEST_RESET);
        }
        hart.awaitAttention(() -> false); // "does not return if it succeeds"
        return Answer.OK;
    }

    // ---- consoles

    private Answer console(SystemCpu cpu, int function) {
        if (function == 2) {
            output.accept((int) cpu.r[A0] & 255);
            return Answer.OK;
        }
        if (function != 0 && function != 1) {
            return Answer.error(ERR_NOT_SUPPORTED);
        }
        int length = (int) Math.min(cpu.r[A0] & Integer.MAX_VALUE, CONSOLE_CHUNK);
        long address = cpu.r[A1] & cpu.registerMask() | (cpu.xlen == 32 ? cpu.r[A2] << 32 : 0);
        int done = 0;
        try {
            for (; done < length; done++) {
                if (function == 0) {
                    output.accept((int) memory.read(address + done, 1));
                } else {
                    int next = input.getAsInt();
                    if (next < 0) {
                        break;
                    }
                    memory.write(address + done, next, 1);
                }
            }
        } catch (BusError e) {
            return done == 0 ? Answer.error(ERR_INVALID_PARAM) : Answer.of(done);
        }
        return Answer.of(done);
    }

    /** Chapter "Legacy Extensions": one result, in a0. Masks are in the guest's memory; no address means all harts. */
    private long legacy(Hart hart, int extension) {
        SystemCpu cpu = hart.cpu();
        switch (extension) {
            case 0 -> hart.setTimer(wide(cpu, A0));
            case 1 -> output.accept((int) cpu.r[A0] & 255);
            case 2 -> {
                return input.getAsInt();
            }
            case 3 -> cpu.soft.updateAndGet(bits -> bits & ~Interrupt.SSI.bit());
            case 8 -> {
                chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, 0);
                hart.awaitAttention(() -> false);
            }
            default -> {
                List<Hart> targets = legacyTargets(hart, cpu.r[A0]);
                if (targets == null) {
                    return ERR_FAILED;
                }
                if (extension == 4) {
                    ipi(targets);
                } else {
                    long asid = extension == 7 ? cpu.r[A3] & 0xffff : -1;
                    fence(hart, targets, extension - 5, cpu.r[A1], cpu.r[A2], asid);
                }
            }
        }
        return SUCCESS;
    }

    private @Nullable List<Hart> legacyTargets(Hart hart, long address) {
        if (address == 0) {
            return harts;
        }
        long mask;
        try {
            mask = dev.rhea.engine.mmu.GuestAccess.load(
                    hart.cpu(), address & hart.cpu().addressMask, hart.cpu().xlen / 8);
        } catch (dev.rhea.engine.cpu.GuestFault e) {
            return null;
        }
        List<Hart> found = new ArrayList<>();
        for (Hart each : harts) {
            if (each.index() < Long.SIZE && (mask >>> each.index() & 1) != 0) {
                found.add(each);
            }
        }
        return found;
    }
}
