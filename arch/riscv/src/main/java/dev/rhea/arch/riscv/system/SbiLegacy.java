package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.mmu.GuestAccess;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chapter "Legacy Extensions": each has one function, and one result in {@code a0}. Masks of harts are in the guest's memory; no
 * address means all.
 */
final class SbiLegacy {
    private static final int SET_TIMER = 0;
    private static final int CONSOLE_PUTCHAR = 1;
    private static final int CONSOLE_GETCHAR = 2;
    private static final int CLEAR_IPI = 3;
    private static final int SEND_IPI = 4;
    private static final int REMOTE_FENCE_I = 5;
    private static final int REMOTE_SFENCE_VMA_ASID = 7;
    private static final int SHUTDOWN = 8;

    private final SbiHarts harts;
    private final SbiRemoteFence fences;
    private final SbiSystemReset reset;
    private final SbiConsole console;

    /** The same things by their old numbers. */
    SbiLegacy(SbiHarts harts, SbiRemoteFence fences, SbiSystemReset reset, SbiConsole console) {
        this.harts = harts;
        this.fences = fences;
        this.reset = reset;
        this.console = console;
    }

    /** Whether an extension's number is one of these. */
    static boolean has(int extension) {
        return extension >= SET_TIMER && extension <= SHUTDOWN;
    }

    /** Serves a call, on its hart's thread. */
    long serve(SbiCall call, int extension) {
        switch (extension) {
            case SET_TIMER -> call.hart().timer().set(call.argument64(0));
            case CONSOLE_PUTCHAR -> console.put(call.argument(0));
            case CONSOLE_GETCHAR -> {
                return console.get();
            }
            case CLEAR_IPI -> call.cpu().interrupts.clear(Interrupt.SSI.bit());
            case SHUTDOWN -> reset.shutDown(call.hart(), 0);
            default -> {
                List<Hart> targets = targets(call);
                if (targets == null) {
                    return SbiAnswer.ERR_FAILED;
                }
                if (extension == SEND_IPI) {
                    SbiIpi.send(targets);
                } else {
                    fence(call, targets, extension);
                }
            }
        }
        return 0;
    }

    private void fence(SbiCall call, List<Hart> targets, int extension) {
        long asid = extension == REMOTE_SFENCE_VMA_ASID ? call.argument(3) & 0xffff : SbiRemoteFence.ALL_SPACES;
        int function = extension - REMOTE_FENCE_I + SbiRemoteFence.FENCE_I;
        fences.fence(call.hart(), targets, function, call.argument(1), call.argument(2), asid);
    }

    private @Nullable List<Hart> targets(SbiCall call) {
        long address = call.argument(0);
        if (address == 0) {
            return harts.all();
        }
        long mask;
        try {
            mask = GuestAccess.load(call.cpu(), address & call.cpu().addressMask, call.cpu().xlen / Byte.SIZE);
        } catch (GuestFault e) {
            return null;
        }
        List<Hart> found = new ArrayList<>();
        for (Hart each : harts.all()) {
            if (each.index() < Long.SIZE && (mask >>> each.index() & 1) != 0) {
                found.add(each);
            }
        }
        return found;
    }
}
