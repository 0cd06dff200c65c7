package dev.rhea.arch.riscv.system;

import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;

/** Chapter "Debug Console Extension". */
final class SbiConsole implements SbiExtension {
    private static final int WRITE = 0;
    private static final int READ = 1;
    private static final int WRITE_BYTE = 2;

    /** Bytes of a call; more are left for the next one. */
    private static final int CHUNK = 4096;

    private final AddressSpace memory;
    private final IntConsumer output;
    private final IntSupplier input;

    /**
     * A console.
     *
     * @param memory of the guest, by physical addresses
     * @param output takes a byte
     * @param input gives the next byte, or -1
     */
    SbiConsole(AddressSpace memory, IntConsumer output, IntSupplier input) {
        this.memory = memory;
        this.output = output;
        this.input = input;
    }

    /** Prints the low eight bits. */
    void put(long value) {
        output.accept((int) value & 255);
    }

    /** The next byte that was typed, or -1. */
    int get() {
        return input.getAsInt();
    }

    @Override
    public SbiAnswer serve(SbiCall call) {
        return switch (call.function()) {
            case WRITE -> write(length(call), call.argument64(1));
            case READ -> read(length(call), call.argument64(1));
            case WRITE_BYTE -> {
                put(call.argument(0));
                yield SbiAnswer.OK;
            }
            default -> SbiAnswer.error(SbiAnswer.ERR_NOT_SUPPORTED);
        };
    }

    private static int length(SbiCall call) {
        return (int) Math.min(call.argument(0) & Integer.MAX_VALUE, CHUNK);
    }

    private SbiAnswer write(int length, long address) {
        for (int done = 0; done < length; done++) {
            try {
                put(memory.read(address + done, 1));
            } catch (BusError e) {
                return partly(done);
            }
        }
        return SbiAnswer.of(length);
    }

    private SbiAnswer read(int length, long address) {
        for (int done = 0; done < length; done++) {
            int next = get();
            if (next < 0) {
                return SbiAnswer.of(done);
            }
            try {
                memory.write(address + done, next, 1);
            } catch (BusError e) {
                return partly(done);
            }
        }
        return SbiAnswer.of(length);
    }

    private static SbiAnswer partly(int done) {
        return done == 0 ? SbiAnswer.error(SbiAnswer.ERR_INVALID_PARAM) : SbiAnswer.of(done);
    }
}
