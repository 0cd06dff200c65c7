package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.system.SbiState.Kind;
import dev.rhea.arch.riscv.system.SbiState.Request;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Chapter "RFENCE Extension"; its functions for guests of a hypervisor are not there. */
final class SbiRemoteFence implements SbiExtension {
    static final int FENCE_I = 0;
    static final int SFENCE_VMA = 1;
    static final int SFENCE_VMA_ASID = 2;

    /** Fences all address spaces. */
    static final long ALL_SPACES = -1;

    private final SbiHarts harts;

    SbiRemoteFence(SbiHarts harts) {
        this.harts = harts;
    }

    @Override
    public SbiAnswer serve(SbiCall call) {
        int function = call.function();
        if (function > SFENCE_VMA_ASID || function < 0) {
            return SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        }
        @Nullable List<Hart> targets = harts.named(call, 0);
        if (targets == null) {
            return SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM);
        }
        long asid =
                function == SFENCE_VMA_ASID ? call.argument(4) & (call.cpu().xlen == 64 ? 0xffff : 0x1ff) : ALL_SPACES;
        fence(call.hart(), targets, function, call.argument(2), call.argument(3), asid);
        return SbiAnswer.OK;
    }

    /**
     * Returns after all targets did it or are sure to do it before their next instruction: those that stand still do it when
     * they go on. While it waits, this hart serves what others ask of it.
     *
     * @param function one of this extension's
     * @param start address of the first byte
     * @param size in bytes
     * @param asid {@link #ALL_SPACES} or the space
     */
    void fence(Hart hart, List<Hart> targets, int function, long start, long size, long asid) {
        if (function == FENCE_I) {
            return; // code that is written to is dropped at once, and a hart that runs it leaves it
        }
        var request = new Request(function == SFENCE_VMA ? Kind.FENCE : Kind.FENCE_OF_SPACE, start, size, asid);
        var done =
                new CountDownLatch((int) targets.stream().filter(t -> t != hart).count());
        HartPlace own = harts.place(hart);
        for (Hart target : targets) {
            if (target == hart) {
                own.perform(request);
            } else {
                harts.place(target).ask(request, () -> {
                    done.countDown();
                    hart.thread().wake();
                });
            }
        }
        while (done.getCount() != 0 && !hart.thread().isAskedToStop()) {
            own.performAll();
            hart.thread().awaitAttention(() -> done.getCount() == 0 || own.isAsked());
        }
    }
}
