package dev.rhea.engine.fp;

import dev.rhea.engine.ir.Rounding;

/**
 * binary32. A long that goes in counts with its low 32 bits; a long that comes out is NaN-boxed (upper half all ones), so
 * results can be stored into 64-bit registers as they are. For the rest see {@link F64}.
 *
 * <p>Exactness is easier to tell here: a binary64 holds the product of two binary32 numbers.
 */
public final class F32 {
    private F32() {}

    private static final Format F = Format.F32;

    /** Results above are above the smallest normal number even before rounding, so they cannot underflow. */
    private static final float TINY = Float.MIN_NORMAL;

    private static boolean nearestEven(FpState s, int rounding) {
        return rounding == Rounding.NEAREST_EVEN || rounding == Rounding.DYNAMIC && s.rounding == Rounding.NEAREST_EVEN;
    }

    private static boolean inexactIsSet(FpState s) {
        return (s.flags & FpState.INEXACT) != 0;
    }

    private static float value(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static int raw(float value) {
        return Float.floatToRawIntBits(value);
    }

    static long box(long bits) {
        return bits | 0xffffffff00000000L;
    }

    static long bits(float value) {
        return box(raw(value));
    }

    /** a + b. */
    public static long add(FpState s, long a, long b, int rounding) {
        return bits(add(s, value(a), value(b), rounding));
    }

    /** a + b. */
    public static float add(FpState s, float a, float b, int rounding) {
        // A finite result has finite operands, and a sum that is subnormal or 0 is exact: inexact is all that can
        // happen.
        float r = a + b;
        if (nearestEven(s, rounding) && Math.abs(r) <= Float.MAX_VALUE && (inexactIsSet(s) || sumIsExact(a, b, r))) {
            return r;
        }
        return value(Soft.add(s, F, 0, raw(a), 0, raw(b), false, Round.mode(s, rounding)));
    }

    /** a - b. */
    public static long sub(FpState s, long a, long b, int rounding) {
        return bits(sub(s, value(a), value(b), rounding));
    }

    /** a - b. */
    public static float sub(FpState s, float a, float b, int rounding) {
        float r = a - b;
        if (nearestEven(s, rounding) && Math.abs(r) <= Float.MAX_VALUE && (inexactIsSet(s) || sumIsExact(a, -b, r))) {
            return r;
        }
        return value(Soft.add(s, F, 0, raw(a), 0, raw(b), true, Round.mode(s, rounding)));
    }

    /** As in {@link F64}: Knuth's two-sum. */
    private static boolean sumIsExact(float a, float b, float r) {
        float bb = r - a;
        return (a - (r - bb)) + (b - bb) == 0;
    }

    /** a * b. */
    public static long mul(FpState s, long a, long b, int rounding) {
        return bits(mul(s, value(a), value(b), rounding));
    }

    /** a * b. */
    public static float mul(FpState s, float a, float b, int rounding) {
        float r = a * b;
        float m = Math.abs(r);
        if (nearestEven(s, rounding) && m > TINY && m <= Float.MAX_VALUE && (inexactIsSet(s) || r == (double) a * b)) {
            return r;
        }
        return value(Soft.mul(s, F, 0, raw(a), 0, raw(b), Round.mode(s, rounding)));
    }

    /** a / b. */
    public static long div(FpState s, long a, long b, int rounding) {
        return bits(div(s, value(a), value(b), rounding));
    }

    /** a / b. */
    public static float div(FpState s, float a, float b, int rounding) {
        float r = a / b;
        float m = Math.abs(r);
        if (nearestEven(s, rounding) && m > TINY && m <= Float.MAX_VALUE && (inexactIsSet(s) || (double) r * b == a)) {
            return r;
        }
        return value(Soft.div(s, F, 0, raw(a), 0, raw(b), Round.mode(s, rounding)));
    }

    /** The square root of a. */
    public static long sqrt(FpState s, long a, int rounding) {
        return bits(sqrt(s, value(a), rounding));
    }

    /** The square root of a. */
    public static float sqrt(FpState s, float a, int rounding) {
        // The root in binary64, rounded once more, is the root: 53 bits are more than twice 24 and two.
        float r = (float) Math.sqrt(a);
        if (nearestEven(s, rounding) && r > 0 && r <= Float.MAX_VALUE && (inexactIsSet(s) || (double) r * r == a)) {
            return r;
        }
        return value(Soft.sqrt(s, F, 0, raw(a), Round.mode(s, rounding)));
    }

    /** a * b + c with one rounding. */
    public static long fma(FpState s, long a, long b, long c, int rounding) {
        return bits(fma(s, value(a), value(b), value(c), rounding));
    }

    /** a * b + c with one rounding. */
    public static float fma(FpState s, float a, float b, float c, int rounding) {
        float r = Math.fma(a, b, c);
        float m = Math.abs(r);
        if (nearestEven(s, rounding)
                && m > TINY
                && m <= Float.MAX_VALUE
                && (inexactIsSet(s) || fmaIsExact(a, b, c, r))) {
            return r;
        }
        return value(Soft.fma(s, F, 0, raw(a), 0, raw(b), 0, raw(c), Round.mode(s, rounding)));
    }

    /** Whether the sum in binary64 loses nothing (two-sum again) and neither does its rounding. */
    private static boolean fmaIsExact(float a, float b, float c, float r) {
        double p = (double) a * b;
        double sum = p + c;
        double cc = sum - p;
        return sum == r && (p - (sum - cc)) + (c - cc) == 0;
    }

    /** The IEEE remainder: a - n * b, n being a / b rounded to nearest even. Always exact. */
    public static long remainder(FpState s, long a, long b) {
        return box(Soft.rem(s, F, 0, a, 0, b, true));
    }

    /** C's fmod: a - n * b, n being a / b rounded to zero. Always exact. */
    public static long fmod(FpState s, long a, long b) {
        return box(Soft.rem(s, F, 0, a, 0, b, false));
    }

    // ---- comparisons: quiet ones raise invalid for signalling NaNs only

    /** a == b, quiet. */
    public static boolean eq(FpState s, long a, long b) {
        return eq(s, value(a), value(b));
    }

    /** a == b, quiet. */
    public static boolean eq(FpState s, float a, float b) {
        return a == b || (a != a || b != b) && unordered(s, a, b, false);
    }

    /** a < b, signalling. */
    public static boolean lt(FpState s, long a, long b) {
        return lt(s, value(a), value(b));
    }

    /** a < b, signalling. */
    public static boolean lt(FpState s, float a, float b) {
        return a < b || (a != a || b != b) && unordered(s, a, b, true);
    }

    /** a <= b, signalling. */
    public static boolean le(FpState s, long a, long b) {
        return le(s, value(a), value(b));
    }

    /** a <= b, signalling. */
    public static boolean le(FpState s, float a, float b) {
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
    private static boolean unordered(FpState s, float a, float b, boolean signalling) {
        Soft.compare(s, F, 0, raw(a), 0, raw(b), signalling);
        return false;
    }

    /** -1, 0, 1 as a is less than, equal to, greater than b; 2 if they are unordered. */
    public static int compare(FpState s, long a, long b, boolean signalling) {
        return Soft.compare(s, F, 0, a, 0, b, signalling);
    }

    /** The smaller one; -0 is below +0. */
    public static long min(FpState s, long a, long b, MinMax nans) {
        float x = value(a);
        float y = value(b);
        return x == x && y == y ? bits(Math.min(x, y)) : box(Soft.minMax(s, F, 0, a, 0, b, false, nans));
    }

    /** The larger one. */
    public static long max(FpState s, long a, long b, MinMax nans) {
        float x = value(a);
        float y = value(b);
        return x == x && y == y ? bits(Math.max(x, y)) : box(Soft.minMax(s, F, 0, a, 0, b, true, nans));
    }

    // ---- conversions

    /** To an integral value. @param exact whether inexact is raised where that changes the value */
    public static long roundToIntegral(FpState s, long a, int rounding, boolean exact) {
        if (nearestEven(s, rounding)) {
            float x = value(a);
            float r = (float) Math.rint(x);
            if (x == r || x == x && (!exact || inexactIsSet(s))) {
                return bits(r);
            }
        }
        return box(Soft.roundToIntegral(s, F, 0, a, Round.mode(s, rounding), exact));
    }

    /** From the low 32 bits of {@code a}, signed. */
    public static long fromS32(FpState s, long a, int rounding) {
        return fromS64(s, (int) a, rounding);
    }

    /** From the low 32 bits of {@code a}, unsigned. */
    public static long fromU32(FpState s, long a, int rounding) {
        return fromS64(s, a & 0xffffffffL, rounding);
    }

    /** From a signed 64-bit integer. */
    public static long fromS64(FpState s, long a, int rounding) {
        // Below 2^62 nothing saturates, so the integer comes back from the float only if nothing was rounded.
        float r = (float) a;
        if ((long) r == a && a >= -1L << 60 && a <= 1L << 60 || nearestEven(s, rounding) && inexactIsSet(s)) {
            return bits(r);
        }
        return box(Soft.fromInteger(s, F, a >> 63, a, true, Round.mode(s, rounding)));
    }

    /** From an unsigned 64-bit integer. */
    public static long fromU64(FpState s, long a, int rounding) {
        return a >= 0 ? fromS64(s, a, rounding) : box(Soft.fromInteger(s, F, 0, a, false, Round.mode(s, rounding)));
    }

    /** To a signed 32-bit integer. What does not fit is as {@link FpRules.OutOfRange} says, here and below. */
    public static long toS32(FpState s, long a, int rounding) {
        // Compared as doubles, which hold both: no rounding and no saturation can hide.
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
        // Below 2^62 nothing saturates, so the integer equals the float only if nothing was rounded.
        float x = value(a);
        long r = (long) x;
        if (Math.abs(x) < 0x1p62f && (signed || x >= 0)) {
            if (r == x || inexactIsSet(s) && Round.mode(s, rounding) == Rounding.TO_ZERO) {
                return r;
            }
        }
        return Soft.toInteger(s, F, 0, a, 64, signed, Round.mode(s, rounding));
    }

    /** To binary64. Exact. */
    public static long toF64(FpState s, long a, int rounding) {
        float x = value(a);
        return x == x ? Double.doubleToRawLongBits(x) : Soft.convert(s, F, Format.F64, 0, a, Round.mode(s, rounding));
    }

    /** To binary16. */
    public static long toF16(FpState s, long a, int rounding) {
        return Soft.convert(s, F, Format.F16, 0, a, Round.mode(s, rounding));
    }

    /** To bfloat16. */
    public static long toBf16(FpState s, long a, int rounding) {
        return Soft.convert(s, F, Format.BF16, 0, a, Round.mode(s, rounding));
    }

    /** From bfloat16 (the low 16 bits). Exact. */
    public static long fromBf16(FpState s, long a, int rounding) {
        return box(Soft.convert(s, Format.BF16, F, 0, a, Round.mode(s, rounding)));
    }
}
