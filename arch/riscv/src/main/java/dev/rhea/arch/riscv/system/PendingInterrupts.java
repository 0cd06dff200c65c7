package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.ir.Node;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What {@code mip} is made of: bits that wires hold, and bits that were written, by software or as messages from other harts. Any
 * thread. Both are in one slot, wires below, so that machine code sees with one look whether anything is pending.
 */
final class PendingInterrupts {
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SLOT = PrivilegedSlots.PENDING.slot();
    private static final int WRITTEN_SHIFT = 32;

    private final long[] slots;

    /** @param slots the hart's registers */
    PendingInterrupts(long[] slots) {
        this.slots = slots;
    }

    private long all() {
        return (long) SLOTS.getVolatile(slots, SLOT);
    }

    /** Bits that wires hold. */
    int lines() {
        return (int) all();
    }

    /** Bits that were written. */
    int written() {
        return (int) (all() >>> WRITTEN_SHIFT);
    }

    /** Bits that are set for one reason or the other. */
    int bits() {
        long all = all();
        return (int) (all | all >>> WRITTEN_SHIFT);
    }

    /** A wire's level is this now. @return whether it rose */
    boolean line(int bit, boolean level) {
        if (level) {
            return ((long) SLOTS.getAndBitwiseOr(slots, SLOT, (long) bit) & bit) == 0;
        }
        long unused = (long) SLOTS.getAndBitwiseAnd(slots, SLOT, ~(long) bit);
        return false;
    }

    /** Sets bits as software does. */
    void set(int bits) {
        long unused = (long) SLOTS.getAndBitwiseOr(slots, SLOT, (long) bits << WRITTEN_SHIFT);
    }

    /** Takes bits back that {@link #set} set. */
    void clear(int bits) {
        long unused = (long) SLOTS.getAndBitwiseAnd(slots, SLOT, ~((long) bits << WRITTEN_SHIFT));
    }

    /** Makes them be these. */
    void restore(int lines, int written) {
        SLOTS.setVolatile(slots, SLOT, lines & 0xffffffffL | (long) written << WRITTEN_SHIFT);
    }

    /**
     * Emits what is not 0 where an interrupt is pending and enabled in {@code mie}. Whoever makes one pending asks for a poll
     * afterwards, so a look that comes too early is made good within one budget.
     */
    static Node enabled(RiscvBuilder t) {
        Node all = t.get(PrivilegedSlots.PENDING);
        return t.and(t.or(all, t.shr(all, t.i64(WRITTEN_SHIFT))), t.get(PrivilegedSlots.MIE));
    }
}
