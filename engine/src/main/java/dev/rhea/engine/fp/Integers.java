package dev.rhea.engine.fp;

/** Conversions between numbers taken apart and integers: IEEE 754-2019 sections 5.4.1, 5.8 and 5.9. */
final class Integers {
    private Integers() {}

    /**
     * Converts to an integer of {@code width} bits (8 to 64). A value that does not fit raises invalid alone and is
     * replaced as {@link FpRules.OutOfRange} says.
     *
     * @param exact whether inexact is raised where rounding changes the value
     * @return the integer, sign-extended from {@code width} bits even where it is unsigned
     */
    static long toInteger(FpState s, Num a, int width, boolean signed, int mode, boolean exact) {
        switch (a.kind) {
            case Num.ZERO:
                return 0;
            case Num.FINITE:
                break;
            case Num.INFINITE:
                return outOfRange(s, a.sign, false, width, signed);
            default:
                return outOfRange(s, a.sign, true, width, signed);
        }
        boolean sign = a.sign;
        if (a.exponent > 63) {
            return outOfRange(s, sign, false, width, signed);
        }
        long rest = splitAtPoint(a);
        long magnitude = a.lo;
        if (Round.up(mode, sign, (magnitude & 1) != 0, rest) && ++magnitude == 0) {
            return outOfRange(s, sign, false, width, signed);
        }
        if (Round.odd(mode, rest)) {
            magnitude |= 1;
        }
        long limit = !signed ? (sign ? 0 : -1L >>> 64 - width) : (1L << width - 1) - (sign ? 0 : 1);
        if (Long.compareUnsigned(magnitude, limit) > 0) {
            return outOfRange(s, sign, false, width, signed);
        }
        if (rest != 0 && exact) {
            s.flags |= FpState.INEXACT;
        }
        long value = sign ? -magnitude : magnitude;
        return value << 64 - width >> 64 - width;
    }

    private static long outOfRange(FpState s, boolean negative, boolean nan, int width, boolean signed) {
        s.flags |= FpState.INVALID;
        long minimum = signed ? -1L << width - 1 : 0;
        long maximum = signed ? ~minimum : -1;
        return switch (s.rules.toInteger()) {
            case SATURATE_NAN_AS_MAXIMUM -> negative && !nan ? minimum : maximum;
            case SATURATE_NAN_AS_ZERO -> nan ? 0 : negative ? minimum : maximum;
            case INDEFINITE -> signed ? minimum : maximum;
        };
    }

    /** Rounds to an integral value in the same format, in place. */
    static void roundToIntegral(FpState s, Num a, int mode, boolean exact) {
        if (a.isNan()) {
            Nans.propagate(s, a);
        } else if (a.kind == Num.FINITE && a.exponent < 113) {
            boolean sign = a.sign;
            long rest = splitAtPoint(a);
            if (Round.up(mode, sign, (a.lo & 1) != 0, rest)) {
                if (++a.lo == 0) {
                    a.hi++;
                }
            } else if (Round.odd(mode, rest)) {
                a.lo |= 1;
            }
            if (rest != 0 && exact) {
                s.flags |= FpState.INEXACT;
            }
            a.setInteger(sign, a.hi, a.lo);
        }
    }

    /** Makes hi:lo the integer part (exponent at most 126) and returns the fraction: bit 63 is one half, bit 0 sticky. */
    private static long splitAtPoint(Num a) {
        int drop = 127 - a.exponent;
        long hi = a.hi;
        long lo = a.lo;
        long sticky = lo != 0 ? 1 : 0;
        if (drop > 128) {
            a.hi = 0;
            a.lo = 0;
            return 1;
        }
        if (drop > 64) {
            a.hi = 0;
            a.lo = drop == 128 ? 0 : hi >>> drop - 64;
            return drop == 128 ? hi | sticky : hi << 128 - drop | sticky;
        }
        a.hi = drop == 64 ? 0 : hi >>> drop;
        a.lo = drop == 64 ? hi : hi << 64 - drop | lo >>> drop;
        return drop == 64 ? lo : lo << 64 - drop;
    }
}
