package dev.rhea.user.file;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;

/** How a guest's ABI hands over arguments: pointers, 64-bit values in register pairs, times. */
public final class Abi {
    /** Members of {@code struct timespec} and {@code struct timeval}. */
    public enum Time {
        SECONDS,
        FRACTION
    }

    /** Members of {@code struct iovec}. */
    public enum Iovec {
        BASE,
        LENGTH
    }

    private static final int EM_MIPS = 8;
    private static final int EM_PPC = 20;
    private static final int EM_ARM = 40;
    private static final int EM_XTENSA = 94;

    private final LinuxAbi abi;
    private final DataModel model;
    private final boolean alignedPairs;

    /** {@code struct timespec} and {@code timeval} of the calls without "64" in their names. */
    public final Layout<Time> time;
    /** {@code struct __kernel_timespec}: 64 bits on every ABI. */
    public final Layout<Time> time64;

    public final Layout<Iovec> iovec;

    public Abi(LinuxAbi abi) {
        this.abi = abi;
        model = DataModel.of(abi);
        int machine = abi.elfMachine();
        alignedPairs = machine == EM_ARM || machine == EM_MIPS || machine == EM_PPC || machine == EM_XTENSA;
        time = new Struct<>(Time.class).sword(Time.SECONDS, Time.FRACTION).in(model);
        time64 = new Struct<>(Time.class).s64(Time.SECONDS, Time.FRACTION).in(model);
        iovec = new Struct<>(Iovec.class).word(Iovec.BASE, Iovec.LENGTH).in(model);
    }

    public LinuxAbi linux() {
        return abi;
    }

    public DataModel model() {
        return model;
    }

    public boolean is32() {
        return model.wordSize() == 4;
    }

    /** The layout of times for a call, by the call's name: "…64" calls have wide ones on every ABI. */
    public Layout<Time> time(boolean wide) {
        return wide ? time64 : time;
    }

    /** An argument that is an address or an unsigned long. */
    public long word(long argument) {
        return model.wordSize() == 4 ? argument & 0xffff_ffffL : argument;
    }

    /** Where the register pair of a 64-bit value begins that follows {@code index - 1} other registers. */
    public int pair(int index) {
        return model.wordSize() == 4 && alignedPairs ? index + 1 & -2 : index;
    }

    /** A {@code loff_t} argument that begins at register {@code index}: one register, or a pair on 32-bit ABIs. */
    public long offset(long[] arguments, int index) {
        if (model.wordSize() == 8) {
            return arguments[index];
        }
        int i = pair(index);
        long first = arguments[i] & 0xffff_ffffL;
        long second = arguments[i + 1] & 0xffff_ffffL;
        return model.bigEndian() ? first << 32 | second : second << 32 | first;
    }

    /** The register after a {@code loff_t} that begins at {@code index}. */
    public int afterOffset(int index) {
        return model.wordSize() == 8 ? index + 1 : pair(index) + 2;
    }

    /** preadv's offset: always two registers, low part first; the second is ignored where a word has 64 bits. */
    public long splitOffset(long[] arguments, int index) {
        return model.wordSize() == 8 ? arguments[index] : arguments[index] & 0xffff_ffffL | arguments[index + 1] << 32;
    }
}
