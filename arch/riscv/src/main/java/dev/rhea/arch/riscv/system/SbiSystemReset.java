package dev.rhea.arch.riscv.system;

import dev.rhea.machine.Chassis;
import dev.rhea.machine.ShutdownCause;

/** Chapter "System Reset Extension". */
final class SbiSystemReset implements SbiExtension {
    private static final int SHUTDOWN = 0;
    private static final int WARM_REBOOT = 2;
    private static final int NO_REASON = 0;
    private static final int SYSTEM_FAILURE = 1;

    private final Chassis chassis;

    SbiSystemReset(Chassis chassis) {
        this.chassis = chassis;
    }

    @Override
    public SbiAnswer serve(SbiCall call) {
        if (call.function() != 0) {
            return SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        }
        long type = call.argument32(0);
        long reason = call.argument32(1);
        if (type > WARM_REBOOT || reason > SYSTEM_FAILURE) {
            return SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM);
        }
        if (type == SHUTDOWN) {
            shutDown(call.hart(), reason == NO_REASON ? 0 : 1);
        } else {
            chassis.requestReset(ShutdownCause.GUEST_RESET);
            stand(call.hart());
        }
        return SbiAnswer.OK;
    }

    /** Ends the machine. @param status what Rhea's exit status becomes */
    void shutDown(Hart hart, int status) {
        chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, status);
        stand(hart);
    }

    /** "Does not return if it succeeds". */
    private static void stand(Hart hart) {
        hart.thread().awaitAttention(() -> false);
    }
}
