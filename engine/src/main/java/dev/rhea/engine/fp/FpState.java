package dev.rhea.engine.fp;

/** A processor's floating-point environment. Generated code reads and writes the fields; one thread owns it. */
public final class FpState {
    /** Exception flags as bits of {@link #flags}, in IEEE 754's order. */
    public static final int INEXACT = 1;

    public static final int UNDERFLOW = 2;
    public static final int OVERFLOW = 4;
    public static final int DIVIDE_BY_ZERO = 8;
    public static final int INVALID = 16;

    /** Sticky exception flags. */
    public int flags;

    /** The dynamic rounding mode: a constant of {@link dev.rhea.engine.ir.Rounding}, never DYNAMIC itself. */
    public int rounding;

    /** The upper 64 bits of the last result that is wider than 64 bits ({@link F80}: sign and exponent; {@link F128}). */
    public long high;

    /** Bits that {@link F80}'s add, sub, mul, div and sqrt round to: 64, 53 or 24 (the x87's precision control). */
    public int extendedPrecision = 64;

    /** The architecture's rules for NaNs and tininess. */
    public final FpRules rules;

    // Scratch of the soft-float core, here so that an operation allocates nothing.
    final Num a = new Num();
    final Num b = new Num();
    final Num c = new Num();

    public FpState(FpRules rules) {
        this.rules = rules;
    }

    /** Sets flags. */
    public void raise(int bits) {
        flags |= bits;
    }
}
