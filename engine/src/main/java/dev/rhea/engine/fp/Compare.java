package dev.rhea.engine.fp;

/** Comparisons, minimum and maximum: IEEE 754-2019 sections 5.11 and 9.6, IEEE 754-2008 section 5.3.1. */
final class Compare {
    private Compare() {}

    static final int LESS = -1;
    static final int EQUAL = 0;
    static final int GREATER = 1;
    static final int UNORDERED = 2;

    /** Raises invalid for a signalling NaN, and if {@code signalling} for any NaN. */
    static int compare(FpState s, Num a, Num b, boolean signalling) {
        if (a.isNan() || b.isNan()) {
            if (signalling || a.kind == Num.SIGNALLING || b.kind == Num.SIGNALLING) {
                s.flags |= FpState.INVALID;
            }
            return UNORDERED;
        }
        if (a.kind == Num.ZERO && b.kind == Num.ZERO) {
            return EQUAL;
        }
        return order(a, b);
    }

    /** The order of two that are no NaNs, with -0 below +0. */
    private static int order(Num a, Num b) {
        if (a.sign != b.sign) {
            return a.sign ? LESS : GREATER;
        }
        int magnitude;
        if (a.kind != b.kind) {
            magnitude = a.kind < b.kind ? LESS : GREATER;
        } else if (a.kind != Num.FINITE) {
            return EQUAL;
        } else if (a.exponent != b.exponent) {
            magnitude = a.exponent < b.exponent ? LESS : GREATER;
        } else if (a.hi == b.hi && a.lo == b.lo) {
            return EQUAL;
        } else {
            magnitude = a.significandBelow(b) ? LESS : GREATER;
        }
        return a.sign ? -magnitude : magnitude;
    }

    /** The smaller or larger one, into a; -0 is below +0. */
    static void minMax(FpState s, Num a, Num b, boolean max, MinMax nans) {
        if (a.isNan() || b.isNan()) {
            boolean signalling = a.kind == Num.SIGNALLING || b.kind == Num.SIGNALLING;
            boolean number = !(a.isNan() && b.isNan());
            if (number && (nans == MinMax.NUMBER_2019 || nans == MinMax.NUMBER_2008 && !signalling)) {
                if (signalling) {
                    s.flags |= FpState.INVALID;
                }
                if (a.isNan()) {
                    a.set(b);
                }
            } else {
                Nans.propagate(s, a, b);
            }
        } else if (order(a, b) == (max ? LESS : GREATER)) {
            a.set(b);
        }
    }
}
