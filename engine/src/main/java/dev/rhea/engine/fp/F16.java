package dev.rhea.engine.fp;

/**
 * binary16. A long that goes in counts with its low 16 bits; a long that comes out has 0 above them. Everything is done by
 * {@link Soft}. Rounding modes are {@link dev.rhea.engine.ir.Rounding}'s, DYNAMIC included.
 */
public final class F16 {
    private F16() {}

    private static final Format F = Format.F16;

    /** a + b. */
    public static long add(FpState s, long a, long b, int rounding) {
        return Soft.add(s, F, 0, a, 0, b, false, Round.mode(s, rounding));
    }

    /** a - b. */
    public static long sub(FpState s, long a, long b, int rounding) {
        return Soft.add(s, F, 0, a, 0, b, true, Round.mode(s, rounding));
    }

    /** a * b. */
    public static long mul(FpState s, long a, long b, int rounding) {
        return Soft.mul(s, F, 0, a, 0, b, Round.mode(s, rounding));
    }

    /** a / b. */
    public static long div(FpState s, long a, long b, int rounding) {
        return Soft.div(s, F, 0, a, 0, b, Round.mode(s, rounding));
    }

    /** The square root of a. */
    public static long sqrt(FpState s, long a, int rounding) {
        return Soft.sqrt(s, F, 0, a, Round.mode(s, rounding));
    }

    /** a * b + c with one rounding. */
    public static long fma(FpState s, long a, long b, long c, int rounding) {
        return Soft.fma(s, F, 0, a, 0, b, 0, c, Round.mode(s, rounding));
    }

    /** a == b, quiet. */
    public static boolean eq(FpState s, long a, long b) {
        return Soft.compare(s, F, 0, a, 0, b, false) == Compare.EQUAL;
    }

    /** a < b, signalling. */
    public static boolean lt(FpState s, long a, long b) {
        return Soft.compare(s, F, 0, a, 0, b, true) == Compare.LESS;
    }

    /** a <= b, signalling. */
    public static boolean le(FpState s, long a, long b) {
        return Soft.compare(s, F, 0, a, 0, b, true) <= Compare.EQUAL;
    }

    /** a < b, quiet. */
    public static boolean ltQuiet(FpState s, long a, long b) {
        return Soft.compare(s, F, 0, a, 0, b, false) == Compare.LESS;
    }

    /** a <= b, quiet. */
    public static boolean leQuiet(FpState s, long a, long b) {
        return Soft.compare(s, F, 0, a, 0, b, false) <= Compare.EQUAL;
    }

    /** -1, 0, 1 as a is less than, equal to, greater than b; 2 if they are unordered. */
    public static int compare(FpState s, long a, long b, boolean signalling) {
        return Soft.compare(s, F, 0, a, 0, b, signalling);
    }

    /** The smaller one; -0 is below +0. */
    public static long min(FpState s, long a, long b, MinMax nans) {
        return Soft.minMax(s, F, 0, a, 0, b, false, nans);
    }

    /** The larger one. */
    public static long max(FpState s, long a, long b, MinMax nans) {
        return Soft.minMax(s, F, 0, a, 0, b, true, nans);
    }

    /** To an integral value. @param exact whether inexact is raised where that changes the value */
    public static long roundToIntegral(FpState s, long a, int rounding, boolean exact) {
        return Soft.roundToIntegral(s, F, 0, a, Round.mode(s, rounding), exact);
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
        return Soft.fromInteger(s, F, a >> 63, a, true, Round.mode(s, rounding));
    }

    /** From an unsigned 64-bit integer. */
    public static long fromU64(FpState s, long a, int rounding) {
        return Soft.fromInteger(s, F, 0, a, false, Round.mode(s, rounding));
    }

    /** To an integer of {@code width} bits, 8 to 64, returned sign-extended even where it is unsigned. */
    public static long toInteger(FpState s, long a, int width, boolean signed, int rounding) {
        return Soft.toInteger(s, F, 0, a, width, signed, Round.mode(s, rounding));
    }

    /** To binary32, NaN-boxed. Exact. */
    public static long toF32(FpState s, long a, int rounding) {
        return F32.box(Soft.convert(s, F, Format.F32, 0, a, Round.mode(s, rounding)));
    }

    /** To binary64. Exact. */
    public static long toF64(FpState s, long a, int rounding) {
        return Soft.convert(s, F, Format.F64, 0, a, Round.mode(s, rounding));
    }
}
