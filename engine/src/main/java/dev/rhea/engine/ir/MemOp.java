package dev.rhea.engine.ir;

/**
 * How memory is accessed.
 *
 * @param size bytes: 1, 2, 4 or 8
 * @param signed whether a load sign-extends
 * @param bigEndian byte order in memory
 * @param aligned whether a misaligned address faults (otherwise it works, slower across pages)
 * @param order ordering against other accesses
 * @param atomic for {@link Op#RMW}, what is done to the value; otherwise {@link Atomic#NONE}
 */
public record MemOp(int size, boolean signed, boolean bigEndian, boolean aligned, Order order, Atomic atomic) {
    /** Ordering of an access. */
    public enum Order {
        PLAIN,
        ACQUIRE,
        RELEASE,
        SEQ_CST
    }

    /** What {@link Op#RMW} does to the old value. */
    public enum Atomic {
        NONE,
        SWAP,
        ADD,
        AND,
        OR,
        XOR,
        MINS,
        MAXS,
        MINU,
        MAXU
    }

    private static final MemOp[] PLAIN = new MemOp[16];

    static {
        for (int i = 0; i < 16; i++) {
            PLAIN[i] = new MemOp(1 << (i & 3), (i & 4) != 0, (i & 8) != 0, false, Order.PLAIN, Atomic.NONE);
        }
    }

    /** Plain little-endian access. */
    public static MemOp little(int size, boolean signed) {
        return PLAIN[Integer.numberOfTrailingZeros(size) | (signed ? 4 : 0)];
    }

    /** Plain big-endian access. */
    public static MemOp big(int size, boolean signed) {
        return PLAIN[Integer.numberOfTrailingZeros(size) | (signed ? 4 : 0) | 8];
    }

    /** Aligned little-endian atomic access, sequentially consistent. */
    public static MemOp atomic(int size, Atomic kind) {
        return new MemOp(size, true, false, true, Order.SEQ_CST, kind);
    }

    /** The same with another ordering. */
    public MemOp with(Order other) {
        return new MemOp(size, signed, bigEndian, aligned, other, atomic);
    }

    /** log2 of the size: 0 to 3. */
    public int sizeLog2() {
        return Integer.numberOfTrailingZeros(size);
    }
}
