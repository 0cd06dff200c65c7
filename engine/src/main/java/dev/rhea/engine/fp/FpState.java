package dev.rhea.engine.fp;

/** A processor's floating-point environment. Generated code reads and writes the fields. */
public final class FpState {
    /** Exception flags as bits of {@link #flags}, in IEEE 754's order. */
    public static final int INEXACT = 1;
    public static final int UNDERFLOW = 2;
    public static final int OVERFLOW = 4;
    public static final int DIVIDE_BY_ZERO = 8;
    public static final int INVALID = 16;

    /** Sticky exception flags. */
    public int flags;

    /** The dynamic rounding mode: a constant of {@link dev.rhea.engine.ir.Rounding}. */
    public int rounding;

    /** The architecture's rules for NaNs and tininess. */
    public final FpRules rules;

    public FpState(FpRules rules) {
        this.rules = rules;
    }
}
