package dev.rhea.engine.fp;

import dev.rhea.engine.ir.Rounding;

/**
 * binary64, as its bits in a long. Rounding modes are {@link Rounding}'s, DYNAMIC included.
 *
 * <p>Round to nearest even is done by the JVM, whose arithmetic is IEEE 754's; what the JVM does not tell, the flags, is
 * argued at each place. All that is left (NaNs, infinities, tiny results, other modes) goes to {@link Soft}.
 */
public final class F64 {
    private F64() {}

    private static final Format F = Format.F64;

    /** Results above are above the smallest normal number even before rounding, so they cannot underflow. */
    private static final double TINY = Double.MIN_NORMAL;

    /**
     * Products, dividends and radicands from here up have an error term that is no smaller than the smallest subnormal
     * (2^-900 leaves 174 bits above 2^-1074, the error needs 106), so a fused multiply-add computes it exactly.
     */
    private static final double ERROR_IS_EXACT = 0x1p-900;

    private static boolean nearestEven(FpState s, int rounding) {
        return rounding == Rounding.NEAREST_EVEN || rounding == Rounding.DYNAMIC && s.rounding == Rounding.NEAREST_EVEN;
    }

    private static boolean inexactIsSet(FpState s) {
        return (s.flags & FpState.INEXACT) != 0;
    }

    private static double value(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /** a + b. */
    public static long add(FpState s, long a, long b, int rounding) {
        return bits(add(s, value(a), value(b), rounding));
    }

    /** a + b. */
    public static double add(FpState s, double a, double b, int rounding) {
        // A finite result has finite operands, and a sum that is subnormal or 0 is exact: inexact is all that can
        // happen.
        double r = a + b;
        if (nearestEven(s, rounding) && Math.abs(r) <= Double.MAX_VALUE && (inexactIsSet(s) || sumIsExact(a, b, r))) {
            return r;
        }
        return value(Soft.add(s, F, 0, bits(a), 0, bits(b), false, Round.mode(s, rounding)));
    }

    /** a - b. */
    public static long sub(FpState s, long a, long b, int rounding) {
        return bits(sub(s, value(a), value(b), rounding));
    }

    /** a - b. */
    public static double sub(FpState s, double a, double b, int rounding) {
        double r = a - b;
        if (nearestEven(s, rounding) && Math.abs(r) <= Double.MAX_VALUE && (inexactIsSet(s) || sumIsExact(a, -b, r))) {
            return r;
        }
        return value(Soft.add(s, F, 0, bits(a), 0, bits(b), true, Round.mode(s, rounding)));
    }

    /**
     * Knuth's two-sum: the error of a sum is a double and these six operations give it, whatever the order of a and b,
     * unless one of them overflows; then it is no number and not 0, and the soft path decides.
     */
    private static boolean sumIsExact(double a, double b, double r) {
        double bb = r - a;
        return (a - (r - bb)) + (b - bb) == 0;
    }

    /** a * b. */
    public static long mul(FpState s, long a, long b, int rounding) {
        return bits(mul(s, value(a), value(b), rounding));
    }

    /** a * b. */
    public static double mul(FpState s, double a, double b, int rounding) {
        double r = a * b;
        double m = Math.abs(r);
        if (nearestEven(s, rounding)
                && m > TINY
                && m <= Double.MAX_VALUE
                && (inexactIsSet(s) || m >= ERROR_IS_EXACT && Math.fma(a, b, -r) == 0)) {
            return r;
        }
        return value(Soft.mul(s, F, 0, bits(a), 0, bits(b), Round.mode(s, rounding)));
    }

    /** a / b. */
    public static long div(FpState s, long a, long b, int rounding) {
        return bits(div(s, value(a), value(b), rounding));
    }

    /** a / b. */
    public static double div(FpState s, double a, double b, int rounding) {
        // A finite quotient that is not 0 has finite operands, and no zero among them. Its remainder a - r * b is a
        // double.
        double r = a / b;
        double m = Math.abs(r);
        if (nearestEven(s, rounding)
                && m > TINY
                && m <= Double.MAX_VALUE
                && (inexactIsSet(s) || Math.abs(a) >= ERROR_IS_EXACT && Math.fma(-r, b, a) == 0)) {
            return r;
        }
        return value(Soft.div(s, F, 0, bits(a), 0, bits(b), Round.mode(s, rounding)));
    }

    /** The square root of a. */
    public static long sqrt(FpState s, long a, int rounding) {
        return bits(sqrt(s, value(a), rounding));
    }

    /** The square root of a. */
    public static double sqrt(FpState s, double a, int rounding) {
        // A finite root that is not 0 has a positive finite operand and is a normal number.
        double r = Math.sqrt(a);
        if (nearestEven(s, rounding)
                && r > 0
                && r <= Double.MAX_VALUE
                && (inexactIsSet(s) || a >= ERROR_IS_EXACT && Math.fma(-r, r, a) == 0)) {
            return r;
        }
        return value(Soft.sqrt(s, F, 0, bits(a), Round.mode(s, rounding)));
    }

    /** a * b + c with one rounding. */
    public static long fma(FpState s, long a, long b, long c, int rounding) {
        return bits(fma(s, value(a), value(b), value(c), rounding));
    }

    /** a * b + c with one rounding. */
    public static double fma(FpState s, double a, double b, double c, int rounding) {
        double r = Math.fma(a, b, c);
        double m = Math.abs(r);
        if (nearestEven(s, rounding) && m > TINY && m <= Double.MAX_VALUE && (inexactIsSet(s) || fmaIsExact(a, b, c))) {
            return r;
        }
        return value(Soft.fma(s, F, 0, bits(a), 0, bits(b), 0, bits(c), Round.mode(s, rounding)));
    }

    /** Whether both steps are exact: then the whole is. The converse does not hold, but the soft path knows. */
    private static boolean fmaIsExact(double a, double b, double c) {
        double p = a * b;
        return Math.abs(p) >= ERROR_IS_EXACT && Math.fma(a, b, -p) == 0 && sumIsExact(p, c, p + c);
    }

    /** The IEEE remainder: a - n * b, n being a / b rounded to nearest even. Always exact. */
    public static long remainder(FpState s, long a, long b) {
        return Soft.rem(s, F, 0, a, 0, b, true);
    }

    /** C's fmod: a - n * b, n being a / b rounded to zero. Always exact. */
    public static long fmod(FpState s, long a, long b) {
        return Soft.rem(s, F, 0, a, 0, b, false);
    }

    // ---- comparisons: quiet ones raise invalid for signalling NaNs only

    /** a == b, quiet. */
    public static boolean eq(FpState s, long a, long b) {
        return eq(s, value(a), value(b));
    }

    /** a == b, quiet. */
    public static boolean eq(FpState s, double a, double b) {
        return a == b || (a != a || b != b) && unordered(s, a, b, false);
    }

    /** a < b, signalling. */
    public static boolean lt(FpState s, long a, long b) {
        return lt(s, value(a), value(b));
    }

    /** a < b, signalling. */
    public static boolean lt(FpState s, double a, double b) {
        return a < b || (a != a || b != b) && unordered(s, a, b, true);
    }

    /** a <= b, signalling. */
    public static boolean le(FpState s, long a, long b) {
        return le(s, value(a), value(b));
    }

    /** a <= b, signalling. */
    public static boolean le(FpState s, double a, double b) {
        return a <= b || (a != a || b != b) && unordered(s, a, b, true);
    }

    /** a < b, quiet. */
    public static boolean ltQuiet(FpState s, long a, long b) {
        return value(a) < value(b) || unordered(s, value(a), value(b), false);
    }

    /** a <= b, quiet. */
    public static boolean leQuiet(FpState s, long a, long b) {
        return value(a) <= value(b) || unordered(s, value(a), value(b), false);
    }

    /** Raises what is due; always false. */
    private static boolean unordered(FpState s, double a, double b, boolean signalling) {
        Soft.compare(s, F, 0, bits(a), 0, bits(b), signalling);
        return false;
    }

    /** -1, 0, 1 as a is less than, equal to, greater than b; 2 if they are unordered. */
    public static int compare(FpState s, long a, long b, boolean signalling) {
        return Soft.compare(s, F, 0, a, 0, b, signalling);
    }

    /** The smaller one; -0 is below +0. */
    public static long min(FpState s, long a, long b, MinMax nans) {
        double x = value(a);
        double y = value(b);
        return x == x && y == y ? bits(Math.min(x, y)) : Soft.minMax(s, F, 0, a, 0, b, false, nans);
    }

    /** The larger one. */
    public static long max(FpState s, long a, long b, MinMax nans) {
        double x = value(a);
        double y = value(b);
        return x == x && y == y ? bits(Math.max(x, y)) : Soft.minMax(s, F, 0, a, 0, b, true, nans);
    }

    // ---- conversions

    /** To an integral value. @param exact whether inexact is raised where that changes the value */
    public static long roundToIntegral(FpState s, long a, int rounding, boolean exact) {
        if (nearestEven(s, rounding)) {
            double x = value(a);
            double r = Math.rint(x);
            if (x == r || x == x && (!exact || inexactIsSet(s))) {
                return bits(r);
            }
        }
        return Soft.roundToIntegral(s, F, 0, a, Round.mode(s, rounding), exact);
    }

    /** From the low 32 bits of {@code a}, signed. Exact. */
    public static long fromS32(FpState s, long a, int rounding) {
        return bits((double) (int) a);
    }

    /** From the low 32 bits of {@code a}, unsigned. Exact. */
    public static long fromU32(FpState s, long a, int rounding) {
        return bits((double) (a & 0xffffffffL));
    }

    /** From a signed 64-bit integer. */
    public static long fromS64(FpState s, long a, int rounding) {
        // Below 2^62 nothing saturates, so the integer comes back from the double only if nothing was rounded.
        double r = (double) a;
        if ((long) r == a && a >= -1L << 60 && a <= 1L << 60 || nearestEven(s, rounding) && inexactIsSet(s)) {
            return bits(r);
        }
        return Soft.fromInteger(s, F, a >> 63, a, true, Round.mode(s, rounding));
    }

    /** From an unsigned 64-bit integer. */
    public static long fromU64(FpState s, long a, int rounding) {
        return a >= 0 ? fromS64(s, a, rounding) : Soft.fromInteger(s, F, 0, a, false, Round.mode(s, rounding));
    }

    /** To a signed 32-bit integer. What does not fit is as {@link FpRules.OutOfRange} says, here and below. */
    public static long toS32(FpState s, long a, int rounding) {
        double x = value(a);
        int r = (int) x;
        if (r == x) {
            return r;
        }
        return Soft.toInteger(s, F, 0, a, 32, true, Round.mode(s, rounding));
    }

    /** To an unsigned 32-bit integer, returned sign-extended from bit 31. */
    public static long toU32(FpState s, long a, int rounding) {
        double x = value(a);
        long r = (long) x;
        if (r == x && r >>> 32 == 0) {
            return (int) r;
        }
        return Soft.toInteger(s, F, 0, a, 32, false, Round.mode(s, rounding));
    }

    /** To a signed 64-bit integer. */
    public static long toS64(FpState s, long a, int rounding) {
        return toInteger64(s, a, true, rounding);
    }

    /** To an unsigned 64-bit integer. */
    public static long toU64(FpState s, long a, int rounding) {
        return toInteger64(s, a, false, rounding);
    }

    /** To an integer of {@code width} bits, 8 to 64, returned sign-extended even where it is unsigned. */
    public static long toInteger(FpState s, long a, int width, boolean signed, int rounding) {
        return switch (width) {
            case 64 -> toInteger64(s, a, signed, rounding);
            case 32 -> signed ? toS32(s, a, rounding) : toU32(s, a, rounding);
            default -> Soft.toInteger(s, F, 0, a, width, signed, Round.mode(s, rounding));
        };
    }

    private static long toInteger64(FpState s, long a, boolean signed, int rounding) {
        // Below 2^62 nothing saturates, so the integer equals the double only if nothing was rounded.
        double x = value(a);
        long r = (long) x;
        if (Math.abs(x) < 0x1p62 && (signed || x >= 0)) {
            if (r == x || inexactIsSet(s) && Round.mode(s, rounding) == Rounding.TO_ZERO) {
                return r;
            }
        }
        return Soft.toInteger(s, F, 0, a, 64, signed, Round.mode(s, rounding));
    }

    /** To binary32, NaN-boxed. */
    public static long toF32(FpState s, long a, int rounding) {
        double x = value(a);
        float r = (float) x;
        float m = Math.abs(r);
        if (r == x || m > Float.MIN_NORMAL && m <= Float.MAX_VALUE && nearestEven(s, rounding) && inexactIsSet(s)) {
            return F32.bits(r);
        }
        return F32.box(Soft.convert(s, F, Format.F32, 0, a, Round.mode(s, rounding)));
    }

    /** To binary16. */
    public static long toF16(FpState s, long a, int rounding) {
        return Soft.convert(s, F, Format.F16, 0, a, Round.mode(s, rounding));
    }
}
