package dev.rhea.engine.ir;

/** Rounding modes as a node's immediate. */
public final class Rounding {
    private Rounding() {}

    public static final int NEAREST_EVEN = 0;
    public static final int TO_ZERO = 1;
    public static final int DOWN = 2;
    public static final int UP = 3;
    /** To nearest, ties away from zero. */
    public static final int NEAREST_AWAY = 4;
    /** To odd, for double rounding free of error. */
    public static final int TO_ODD = 5;
    /** What {@link dev.rhea.engine.fp.FpState#rounding} says when the instruction runs. */
    public static final int DYNAMIC = 7;
}
