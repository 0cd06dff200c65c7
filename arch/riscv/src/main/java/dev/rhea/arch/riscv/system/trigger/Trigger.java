package dev.rhea.arch.riscv.system.trigger;

import dev.rhea.engine.mmu.Access;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The registers of one trigger and what they say. Fields have the specification's names. A type that is not there is taken for a
 * {@code mcontrol} that matches nothing, as the reference does.
 */
final class Trigger {
    // Types.
    static final int MCONTROL = 2;
    static final int ICOUNT = 3;
    static final int MCONTROL6 = 6;

    // Fields of mcontrol and mcontrol6.
    private static final long LOAD = 1;
    private static final long STORE = 1 << 1;
    private static final long EXECUTE = 1 << 2;
    private static final int U = 3;
    private static final int MODES_SHIFT = U;
    private static final long MODES = 1 << U | 1 << 4 | 1 << 6;
    private static final int MATCH_SHIFT = 7;
    private static final long MATCH = 15L << MATCH_SHIFT;
    private static final long CHAIN = 1 << 11;
    private static final int SIZE_SHIFT = 16;
    private static final long SIZE = 7L << SIZE_SHIFT;
    private static final long SIZELO = 3L << SIZE_SHIFT;
    private static final int SIZEHI_SHIFT = 21;
    private static final long SIZEHI = 3L << SIZEHI_SHIFT;
    private static final long HIT_OF_MCONTROL = 1 << 20;
    private static final long HIT0 = 1 << 22;

    // Fields of icount.
    private static final int ICOUNT_MODES_SHIFT = 6;
    private static final long ICOUNT_MODES = 1 << 6 | 1 << 7 | 1 << 9;
    private static final long PENDING = 1 << 8;
    private static final int COUNT_SHIFT = 10;
    private static final long COUNT = 0x3fffL << COUNT_SHIFT;
    private static final long HIT_OF_ICOUNT = 1 << 24;

    /** {@code mhselect} of a trigger that compares {@code mhvalue} with {@code mcontext}; 0 compares nothing. */
    private static final int MCONTEXT = 4;

    /** Bytes of an access by the field {@code size}; 0 for any, -1 for what is no access of ours. */
    private static final int[] BYTES = {0, 1, 2, 4, -1, 8};

    private final int xlen;
    /** Whether another one follows that this one can be chained to. */
    private final boolean followed;

    private int type;
    /** All of {@code tdata1} below the type. */
    private long control;

    private long value;
    private long extra;

    Trigger(int xlen, boolean followed) {
        this.xlen = xlen;
        this.followed = followed;
        reset();
    }

    void reset() {
        type = MCONTROL;
        control = value = extra = 0;
    }

    // ---- registers

    long tdata1() {
        return (long) type << xlen - 4 | control;
    }

    void tdata1(long written) {
        type = (int) (written >>> xlen - 4) & 15;
        switch (type) {
            case MCONTROL -> control = address(written, HIT_OF_MCONTROL | SIZELO | (xlen == 64 ? SIZEHI : 0));
            case MCONTROL6 -> control = address(written, HIT0 | SIZE);
            case ICOUNT -> control = written & (ICOUNT_MODES | PENDING | COUNT | HIT_OF_ICOUNT);
            default -> {
                type = MCONTROL;
                control = 0;
            }
        }
    }

    private long address(long written, long more) {
        long kept = written & (LOAD | STORE | EXECUTE | MODES | MATCH | (followed ? CHAIN : 0) | more);
        if (!Comparison.isLegal((int) (kept >>> MATCH_SHIFT) & 15)) {
            kept &= ~MATCH;
        }
        return bytes(kept) < 0 ? kept & ~(type == MCONTROL ? SIZELO | SIZEHI : SIZE) : kept;
    }

    long tdata2() {
        return value;
    }

    void tdata2(long written) {
        value = written;
    }

    long tdata3() {
        return extra;
    }

    /** {@code textra32} or {@code textra64}: {@code mhvalue} and {@code mhselect}; {@code sselect} is 0. */
    void tdata3(long written) {
        int at = selectAt();
        long select = (written >>> at & MCONTEXT) << at;
        long values = xlen == 64 ? -1L << at + 3 : 0xffffffffL & -1L << at + 3;
        extra = written & values | select;
    }

    private int selectAt() {
        return xlen == 64 ? 48 : 23;
    }

    // ---- meaning

    boolean countsInstructions() {
        return type == ICOUNT;
    }

    boolean chains() {
        return !countsInstructions() && (control & CHAIN) != 0;
    }

    /** Whether it is for that privilege and context. */
    boolean isFor(int privilege, long mcontext) {
        int shift = countsInstructions() ? ICOUNT_MODES_SHIFT : MODES_SHIFT;
        return (control >>> shift + privilege & 1) != 0
                && ((extra >>> selectAt() & MCONTEXT) == 0 || extra >>> selectAt() + 3 == mcontext);
    }

    /** Whether it is for any at all. */
    boolean isForSomeMode() {
        return (control & (countsInstructions() ? ICOUNT_MODES : MODES)) != 0;
    }

    /** What {@code mcontrol} and {@code mcontrol6} look at. */
    Set<Access> accesses() {
        var set = EnumSet.noneOf(Access.class);
        if ((control & LOAD) != 0) {
            set.add(Access.READ);
        }
        if ((control & STORE) != 0) {
            set.add(Access.WRITE);
        }
        if ((control & EXECUTE) != 0) {
            set.add(Access.FETCH);
        }
        return set;
    }

    Comparison comparison() {
        return new Comparison((int) (control & MATCH) >>> MATCH_SHIFT, value, xlen);
    }

    Comparison.@Nullable Span span() {
        return comparison().span();
    }

    /** The size in bytes that an access must have; 0 for any. */
    int size() {
        return bytes(control);
    }

    private int bytes(long of) {
        int size = type == MCONTROL
                ? (int) (of >>> SIZEHI_SHIFT & 3) << 2 | (int) (of >>> SIZE_SHIFT & 3)
                : (int) (of >>> SIZE_SHIFT) & 7;
        return size < BYTES.length ? BYTES[size] : -1;
    }

    void hit() {
        control |= type == MCONTROL ? HIT_OF_MCONTROL : type == MCONTROL6 ? HIT0 : HIT_OF_ICOUNT;
    }

    // ---- icount

    boolean isCounting() {
        return countsInstructions() && isForSomeMode() && (control & (COUNT | PENDING)) != 0;
    }

    /** An instruction for which it counts is about to be executed; whether the trigger fires before that. */
    boolean count() {
        if ((control & PENDING) != 0) {
            control &= ~PENDING;
            return true;
        }
        if ((control & COUNT) != 0) {
            control -= 1 << COUNT_SHIFT;
            control |= (control & COUNT) == 0 ? PENDING : 0;
        }
        return false;
    }
}
