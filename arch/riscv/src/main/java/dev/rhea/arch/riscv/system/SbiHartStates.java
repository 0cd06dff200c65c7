package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.system.SbiState.Kind;
import dev.rhea.arch.riscv.system.SbiState.Request;
import dev.rhea.machine.memory.AddressSpace;
import org.jspecify.annotations.Nullable;

/** Chapter "Hart State Management Extension". */
final class SbiHartStates implements SbiExtension {
    private static final int START = 0;
    private static final int STOP = 1;
    private static final int GET_STATUS = 2;
    private static final int SUSPEND = 3;

    private static final long RETENTIVE = 0;
    private static final long NON_RETENTIVE = 0x80000000L;

    private final SbiHarts harts;
    private final AddressSpace memory;

    /** @param memory where harts find their instructions */
    SbiHartStates(SbiHarts harts, AddressSpace memory) {
        this.harts = harts;
        this.memory = memory;
    }

    @Override
    public @Nullable SbiAnswer serve(SbiCall call) {
        return switch (call.function()) {
            case START -> start(call);
            case STOP -> {
                harts.place(call.hart()).stop();
                yield null;
            }
            case GET_STATUS -> {
                Hart target = harts.find(call.argument(0));
                yield target == null
                        ? SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM)
                        : SbiAnswer.of(harts.place(target).status().code);
            }
            case SUSPEND -> suspend(call);
            default -> SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        };
    }

    private SbiAnswer start(SbiCall call) {
        Hart target = harts.find(call.argument(0));
        if (target == null) {
            return SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM);
        }
        long pc = call.argument(1);
        if (!isMemory(pc)) {
            return SbiAnswer.error(SbiAnswer.ERR_INVALID_ADDRESS);
        }
        return harts.place(target).start(pc, call.argument(2))
                ? SbiAnswer.OK
                : SbiAnswer.error(SbiAnswer.ERR_ALREADY_AVAILABLE);
    }

    /** The two types that are not a platform's own. */
    private SbiAnswer suspend(SbiCall call) {
        long type = call.argument32(0);
        if (type == RETENTIVE) {
            harts.place(call.hart()).suspend(null);
        } else if (type == NON_RETENTIVE) {
            long pc = call.argument(1);
            if (!isMemory(pc)) {
                return SbiAnswer.error(SbiAnswer.ERR_INVALID_ADDRESS);
            }
            harts.place(call.hart()).suspend(new Request(Kind.BEGIN, pc, call.argument(2), -1));
        } else {
            return SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM);
        }
        return SbiAnswer.OK;
    }

    private boolean isMemory(long pc) {
        return memory.host(pc & ~1L, 2) != 0;
    }
}
