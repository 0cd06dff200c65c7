package dev.rhea.arch.riscv.vector;

/**
 * How wide the operands of an element-wise instruction are and how they are extended.
 *
 * @param d width of the destination relative to SEW, as a power of two: 0, or 1 for twice SEW
 * @param b of vs2: 1 for twice, -1 to -3 for a half to an eighth
 * @param a of vs1 or the scalar
 * @param signedB whether vs2's elements are sign-extended
 * @param signedA the same of vs1 and the scalar
 * @param toMask the destination is a mask: the low bit of each value
 * @param carry v0 is no mask but an operand: a bit for each element, 0 where vm is set
 * @param unary the vs1 field is part of the opcode
 * @param readsD the destination's old value is a source, so no other source of another width may overlap it
 * @param sharesV0 v0 may be another source even where it masks: the manual reserves it, but the reference lets it pass
 */
record Shape(
        int d,
        int b,
        int a,
        boolean signedB,
        boolean signedA,
        boolean toMask,
        boolean carry,
        boolean unary,
        boolean readsD,
        boolean sharesV0) {
    static final Shape SIGNED = new Shape(0, 0, 0, true, true, false, false, false, false, false);
    static final Shape UNSIGNED = new Shape(0, 0, 0, false, false, false, false, false, false, false);
    static final Shape SIGNED_UNSIGNED = new Shape(0, 0, 0, true, false, false, false, false, false, false);
    /** The destination twice as wide. */
    static final Shape WIDEN = new Shape(1, 0, 0, true, true, false, false, false, false, false);

    static final Shape WIDEN_UNSIGNED = new Shape(1, 0, 0, false, false, false, false, false, false, false);
    static final Shape WIDEN_SIGNED_UNSIGNED = new Shape(1, 0, 0, true, false, false, false, false, false, false);
    static final Shape WIDEN_UNSIGNED_SIGNED = new Shape(1, 0, 0, false, true, false, false, false, false, false);
    /** Destination and vs2 twice as wide. */
    static final Shape WIDE = new Shape(1, 1, 0, true, true, false, false, false, false, false);

    static final Shape WIDE_UNSIGNED = new Shape(1, 1, 0, false, false, false, false, false, false, false);
    /** vs2 twice as wide. */
    static final Shape NARROW = new Shape(0, 1, 0, true, false, false, false, false, false, false);

    static final Shape NARROW_UNSIGNED = new Shape(0, 1, 0, false, false, false, false, false, false, false);
    static final Shape COMPARE = new Shape(0, 0, 0, true, true, true, false, false, false, true);
    static final Shape COMPARE_UNSIGNED = new Shape(0, 0, 0, false, false, true, false, false, false, true);
    /** v0 chooses between the operands. */
    static final Shape MERGE = new Shape(0, 0, 0, false, false, false, true, false, false, false);

    static final Shape CARRY = new Shape(0, 0, 0, false, false, false, true, false, false, true);
    static final Shape CARRY_OUT = new Shape(0, 0, 0, false, false, true, true, false, false, true);
    static final Shape UNARY = new Shape(0, 0, 0, false, false, false, false, true, false, false);
    static final Shape UNARY_WIDEN = new Shape(1, 0, 0, false, false, false, false, true, false, false);
    static final Shape UNARY_WIDEN_SIGNED = new Shape(1, 0, 0, true, false, false, false, true, false, false);
    static final Shape UNARY_NARROW = new Shape(0, 1, 0, false, false, false, false, true, false, false);
    static final Shape UNARY_NARROW_SIGNED = new Shape(0, 1, 0, true, false, false, false, true, false, false);

    /** The same with the destination's old value as a source. */
    Shape accumulating() {
        return new Shape(d, b, a, signedB, signedA, toMask, carry, unary, true, false);
    }

    /** vs2 is a 2^-factor of SEW: VZEXT, VSEXT. */
    static Shape extension(int factor, boolean signed) {
        return new Shape(0, -factor, 0, signed, false, false, false, true, false, false);
    }
}
