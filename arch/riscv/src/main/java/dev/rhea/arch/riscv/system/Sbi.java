package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.ShutdownCause;
import dev.rhea.machine.memory.BusError;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The supervisor binary interface, version 2.0, served by Rhea itself: no firmware is in the guest's memory. Extensions: base, legacy
 * console, timer, IPI and fences, TIME, IPI, RFENCE, HSM, SRST, DBCN.
 */
public final class Sbi {
    /** Where the guest's console is, beside the devices the guest drives itself. */
    public interface ConsolePort {
        /** Takes what the guest prints. */
        void put(byte[] bytes);

        /** The next byte for the guest, or -1. */
        int get();
    }

    private static final long SUCCESS = 0;
    private static final long NOT_SUPPORTED = -2;
    private static final long INVALID_PARAM = -3;
    private static final long INVALID_ADDRESS = -5;
    private static final long ALREADY_AVAILABLE = -6;
    private static final long FAILED = -1;

    private static final int BASE = 0x10;
    private static final int TIME = 0x54494d45;
    private static final int IPI = 0x735049;
    private static final int RFENCE = 0x52464e43;
    private static final int HSM = 0x48534d;
    private static final int SRST = 0x53525354;
    private static final int DBCN = 0x4442434e;

    private static final long VERSION = 2 << 24;
    private static final long IMPLEMENTATION = 0x52686561; // "Rhea"; none of the registered ones
    private static final int LONGEST_PRINT = 1 << 16;

    private static final int A0 = 10;
    private static final int A1 = 11;
    private static final int A6 = 16;
    private static final int A7 = 17;

    private final List<Hart> harts;
    private final ConsolePort console;

    public Sbi(List<Hart> harts, ConsolePort console) {
        this.harts = List.copyOf(harts);
        this.console = console;
    }

    private record Answer(long error, long value) {
        static final Answer OK = new Answer(SUCCESS, 0);

        static Answer of(long value) {
            return new Answer(SUCCESS, value);
        }

        static Answer error(long code) {
            return new Answer(code, 0);
        }
    }

    /** Serves the call that a hart's registers describe. On the hart's thread. */
    void call(Hart hart) {
        RiscvCpu cpu = hart.state().cpu;
        long[] r = cpu.r;
        long extension = (int) r[A7];
        if (extension >= 0 && extension <= 8) {
            legacy(hart, (int) extension);
            return;
        }
        Answer answer = switch ((int) extension) {
            case BASE -> base(hart, (int) r[A6], r[A0]);
            case TIME -> r[A6] == 0 ? setTimer(hart) : Answer.error(NOT_SUPPORTED);
            case IPI -> r[A6] == 0 ? sendIpi(r[A0], r[A1]) : Answer.error(NOT_SUPPORTED);
            case RFENCE -> fence(hart, (int) r[A6]);
            case HSM -> hsm(hart, (int) r[A6]);
            case SRST -> r[A6] == 0 ? systemReset(hart, (int) r[A0], (int) r[A1]) : Answer.error(NOT_SUPPORTED);
            case DBCN -> debugConsole(hart, (int) r[A6]);
            default -> Answer.error(NOT_SUPPORTED);
        };
        r[A0] = answer.error;
        r[A1] = answer.value;
    }

    private Answer base(Hart hart, int function, long argument) {
        return switch (function) {
            case 0 -> Answer.of(VERSION);
            case 1 -> Answer.of(IMPLEMENTATION);
            case 2 -> Answer.of(1);
            case 3 ->
                Answer.of(
                        switch ((int) argument) {
                            case 0, 1, 2, 3, 4, 5, 6, 7, 8, BASE, TIME, IPI, RFENCE, HSM, SRST, DBCN -> 1;
                            default -> 0;
                        });
            case 4, 5, 6 -> Answer.of(0);
            default -> Answer.error(NOT_SUPPORTED);
        };
    }

    private static Answer setTimer(Hart hart) {
        Privilege state = hart.state();
        long[] r = state.cpu.r;
        state.setStimecmp(state.xlen == 64 ? r[A0] : r[A0] & 0xffffffffL | r[A1] << 32);
        return Answer.OK;
    }

    /** Whether a hart is meant by a mask that begins at a base; base -1 means all. */
    private static boolean isMeant(Hart hart, long mask, long base) {
        long bit = hart.index() - base;
        return base == -1 || bit >= 0 && bit < 64 && (mask >>> bit & 1) != 0;
    }

    private boolean hasAll(long mask, long base) {
        if (base == -1) {
            return true;
        }
        for (int bit = 0; bit < 64; bit++) {
            if ((mask >>> bit & 1) != 0 && (base + bit < 0 || base + bit >= harts.size())) {
                return false;
            }
        }
        return true;
    }

    private Answer sendIpi(long mask, long base) {
        if (!hasAll(mask, base)) {
            return Answer.error(INVALID_PARAM);
        }
        for (Hart hart : harts) {
            if (isMeant(hart, mask, base)) {
                hart.state().setLine(Cause.SSI, true);
            }
        }
        return Answer.OK;
    }

    private Answer fence(Hart caller, int function) {
        long[] r = caller.state().cpu.r;
        if (function > 2) {
            return Answer.error(NOT_SUPPORTED);
        }
        long mask = r[A0];
        long base = r[A1];
        if (!hasAll(mask, base)) {
            return Answer.error(INVALID_PARAM);
        }
        long start = r[A0 + 2];
        long size = r[A0 + 3];
        long asid = function == 2 ? r[A0 + 4] & 0xffff : -1;
        remote(caller, mask, base, hart -> {
            if (function != 0) {
                fenceRange(hart.state(), start, size, asid);
            }
        });
        return Answer.OK;
    }

    private static final long PAGE = 4096;
    private static final long MOST_PAGES = 64;

    private static void fenceRange(Privilege state, long start, long size, long asid) {
        if (start == 0 && size == 0 || size == -1 || size / PAGE > MOST_PAGES || size < 0) {
            state.fence(true, 0, asid < 0, asid);
            return;
        }
        for (long at = start & -PAGE; at < start + size; at += PAGE) {
            state.fence(false, at, asid < 0, asid);
        }
    }

    /** Does something on harts before their next instruction, and returns when all did. Harts that wait for each other help each other. */
    private void remote(Hart caller, long mask, long base, java.util.function.Consumer<Hart> action) {
        int others = 0;
        for (Hart hart : harts) {
            if (hart != caller && isMeant(hart, mask, base)) {
                others++;
            }
        }
        CountDownLatch done = new CountDownLatch(others);
        for (Hart hart : harts) {
            if (!isMeant(hart, mask, base)) {
                continue;
            }
            if (hart == caller) {
                action.accept(hart);
            } else {
                hart.errand(() -> {
                    action.accept(hart);
                    done.countDown();
                    caller.wake();
                });
            }
        }
        caller.awaitOthers(done);
    }

    private Answer hsm(Hart caller, int function) {
        long[] r = caller.state().cpu.r;
        switch (function) {
            case 0 -> {
                if (r[A0] < 0 || r[A0] >= harts.size()) {
                    return Answer.error(INVALID_PARAM);
                }
                Hart target = harts.get((int) r[A0]);
                if (!target.isStopped()) {
                    return Answer.error(ALREADY_AVAILABLE);
                }
                if (caller.chassis().memory().host(r[A1], 2) == 0) {
                    return Answer.error(INVALID_ADDRESS);
                }
                Hart.Start start = new Hart.Start(r[A1], r[A0], r[A0 + 2], true, true);
                target.errand(() -> target.begin(start));
                return Answer.OK;
            }
            case 1 -> {
                caller.stop();
                return Answer.error(FAILED);
            }
            case 2 -> {
                if (r[A0] < 0 || r[A0] >= harts.size()) {
                    return Answer.error(INVALID_PARAM);
                }
                return Answer.of(harts.get((int) r[A0]).isStopped() ? 1 : 0);
            }
            case 3 -> {
                if ((int) r[A0] == 0) {
                    caller.suspend();
                    return Answer.OK;
                }
                return Answer.error((int) r[A0] == 0x80000000 ? NOT_SUPPORTED : INVALID_PARAM);
            }
            default -> {
                return Answer.error(NOT_SUPPORTED);
            }
        }
    }

    private static Answer systemReset(Hart hart, int type, int reason) {
        Chassis chassis = hart.chassis();
        switch (type) {
            case 0 -> chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, reason == 1 ? 1 : 0);
            case 1, 2 -> chassis.requestReset(ShutdownCause.GUEST_RESET);
            default -> {
                return Answer.error(type < 0 ? NOT_SUPPORTED : INVALID_PARAM);
            }
        }
        hart.stop();
        return Answer.OK;
    }

    private Answer debugConsole(Hart hart, int function) {
        long[] r = hart.state().cpu.r;
        switch (function) {
            case 0 -> {
                int length = (int) Math.min(r[A0] & 0xffffffffL, LONGEST_PRINT);
                byte[] bytes = new byte[length];
                try {
                    hart.chassis().memory().read(r[A1], bytes, 0, length);
                } catch (BusError e) {
                    return Answer.error(INVALID_PARAM);
                }
                console.put(bytes);
                return Answer.of(length);
            }
            case 1 -> {
                int count = 0;
                int limit = (int) Math.min(r[A0] & 0xffffffffL, LONGEST_PRINT);
                try {
                    for (int next; count < limit && (next = console.get()) >= 0; count++) {
                        hart.chassis().memory().write(r[A1] + count, new byte[] {(byte) next}, 0, 1);
                    }
                } catch (BusError e) {
                    return Answer.error(INVALID_PARAM);
                }
                return Answer.of(count);
            }
            case 2 -> {
                console.put(new byte[] {(byte) r[A0]});
                return Answer.OK;
            }
            default -> {
                return Answer.error(NOT_SUPPORTED);
            }
        }
    }

    /** Chapter "Legacy Extensions": one result, in a0; a1 stays. */
    private void legacy(Hart hart, int extension) {
        long[] r = hart.state().cpu.r;
        long result = 0;
        switch (extension) {
            case 0 -> setTimer(hart);
            case 1 -> console.put(new byte[] {(byte) r[A0]});
            case 2 -> result = console.get();
            case 3 -> hart.state().clearPending(Cause.SSI);
            case 4 -> sendIpi(maskAt(hart), 0);
            case 5, 6, 7 -> {
                long start = r[A1];
                long size = r[A1 + 1];
                long asid = extension == 7 ? r[A1 + 2] & 0xffff : -1;
                remote(hart, maskAt(hart), 0, target -> {
                    if (extension != 5) {
                        fenceRange(target.state(), start, size, asid);
                    }
                });
            }
            default -> systemReset(hart, 0, 0);
        }
        r[A0] = result;
    }

    /** The mask of harts at the address in a0; all where there is none. */
    private static long maskAt(Hart hart) {
        long at = hart.state().cpu.r[A0];
        if (at == 0) {
            return -1L;
        }
        long physical = hart.physical(at);
        try {
            return physical == -1 ? 0 : hart.chassis().memory().read(physical, 8);
        } catch (BusError e) {
            return 0;
        }
    }
}
