package dev.rhea.arch.riscv.system;

import dev.rhea.machine.Chassis;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor binary interface, version 3.0, served by Rhea where the guest brings no firmware. One for all harts of a
 * machine. Chapter names in comments of this class and of the extensions are those of the RISC-V SBI specification.
 */
public final class Sbi implements Device, Stateful<SbiState> {
    private static final int BASE = 0x10;
    private static final int TIME = 0x54494d45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464e43;
    private static final int HSM = 0x48534d;
    private static final int SRST = 0x53525354;
    private static final int DBCN = 0x4442434e;

    private static final long SPECIFICATION = 3 << 24;
    /** No number is assigned to Rhea: the highest ones of the field are free. */
    private static final long IMPLEMENTATION = 0x7e;

    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A6 = 16;
    private static final int A7 = 17;

    private final SbiHarts harts;
    private final int bootHart;
    private final Map<Integer, SbiExtension> extensions;
    private final SbiLegacy legacy;

    /**
     * For these harts.
     *
     * @param bootHart index of the one that runs from the start
     * @param output takes a byte of the debug console; called without the machine lock
     * @param input gives the next byte of it, or -1
     */
    public Sbi(Chassis chassis, List<Hart> harts, int bootHart, IntConsumer output, IntSupplier input) {
        this.harts = new SbiHarts(harts);
        this.bootHart = bootHart;
        AddressSpace memory = chassis.memory();
        var fences = new SbiRemoteFence(this.harts);
        var reset = new SbiSystemReset(chassis);
        var console = new SbiConsole(memory, output, input);
        extensions = Map.of(
                BASE,
                this::base,
                TIME,
                Sbi::time,
                IPI,
                new SbiIpi(this.harts),
                RFENCE,
                fences,
                HSM,
                new SbiHartStates(this.harts, memory),
                SRST,
                reset,
                DBCN,
                console);
        legacy = new SbiLegacy(this.harts, fences, reset, console);
        for (Hart hart : harts) {
            hart.setSbi(this);
        }
    }

    /** A hart was reset. */
    void reset(Hart hart) {
        harts.place(hart).reset(hart.index() == bootHart);
    }

    /** Whether {@link #serveRequests} has something to do for a hart that sleeps, or would let it run. */
    boolean hasRequests(Hart hart) {
        return harts.place(hart).hasRequests();
    }

    /** Does what other harts asked of this one, on its own thread; tells whether it may run. */
    boolean serveRequests(Hart hart) {
        return harts.place(hart).serve();
    }

    // ---- calls

    /** Serves an {@code ecall} of S mode, on the hart's thread, with the pc behind it. */
    void call(Hart hart) {
        SystemCpu cpu = hart.cpu();
        var call = new SbiCall(hart, (int) cpu.r[A6]);
        int number = (int) cpu.r[A7];
        if (SbiLegacy.has(number)) {
            cpu.r[A0] = legacy.serve(call, number);
            return;
        }
        SbiExtension extension = extensions.get(number);
        @Nullable
        SbiAnswer answer = extension == null ? SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED) : extension.serve(call);
        if (answer != null) {
            cpu.r[A0] = answer.error();
            cpu.r[A1] = answer.value();
        }
    }

    /** Chapter "Base Extension". */
    private SbiAnswer base(SbiCall call) {
        SystemOptions options = call.cpu().options;
        return switch (call.function()) {
            case 0 -> SbiAnswer.of(SPECIFICATION);
            case 1 -> SbiAnswer.of(IMPLEMENTATION);
            case 2 -> SbiAnswer.of(1);
            case 3 -> {
                int number = (int) call.argument(0);
                yield SbiAnswer.of(SbiLegacy.has(number) || extensions.containsKey(number) ? 1 : 0);
            }
            case 4 -> SbiAnswer.of(options.vendor());
            case 5 -> SbiAnswer.of(options.architecture());
            case 6 -> SbiAnswer.of(options.implementation());
            default -> SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        };
    }

    /** Chapter "Timer Extension". */
    private static SbiAnswer time(SbiCall call) {
        if (call.function() != 0) {
            return SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        }
        call.hart().timer().set(call.argument64(0));
        return SbiAnswer.OK;
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
        return new SbiState(
                harts.all().stream().map(hart -> harts.place(hart).save()).toList());
    }

    @Override
    public void loadState(SbiState state) throws BadStateException {
        if (state.harts().size() != harts.all().size()) {
            throw new BadStateException("the state is one of " + state.harts().size() + " harts");
        }
        for (int i = 0; i < state.harts().size(); i++) {
            harts.place(harts.all().get(i)).load(state.harts().get(i));
        }
    }
}
