package dev.rhea.arch.riscv.system;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chapter "IPI Extension". */
final class SbiIpi implements SbiExtension {
    private final SbiHarts harts;

    SbiIpi(SbiHarts harts) {
        this.harts = harts;
    }

    @Override
    public SbiAnswer serve(SbiCall call) {
        if (call.function() != 0) {
            return SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        }
        @Nullable List<Hart> targets = harts.named(call, 0);
        if (targets == null) {
            return SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM);
        }
        send(targets);
        return SbiAnswer.OK;
    }

    /** Interrupts them. */
    static void send(List<Hart> targets) {
        targets.forEach(Hart::raiseSupervisorSoftware);
    }
}
