package dev.rhea.engine.fp;

/**
 * The x87's double extended format: sign and exponent in 16 bits, and a significand of 64 with its leading bit. A value is
 * two longs, upper and lower; results come back as the lower one, with the upper one in {@link FpState#high}. Rounding
 * modes are {@link dev.rhea.engine.ir.Rounding}'s, DYNAMIC included.
 */
public final class F80 {
    private F80() {}

    private static final Format F = Format.X80;

    /** What add to sqrt round to: the precision control. Everything else uses the whole format. */
    private static Format arithmetic(FpState s) {
        return switch (s.extendedPrecision) {
            case 64 -> Format.X80;
            case 53 -> Format.X80_TO_53;
            case 24 -> Format.X80_TO_24;
            default ->
                throw new IllegalStateException(
                        "the x87 has no precision of " + s.extendedPrecision + " bits; 64, 53 or 24");
        };
    }

    /** a + b. */
    public static long add(FpState s, long ah, long al, long bh, long bl, int rounding) {
        return Soft.add(s, arithmetic(s), ah, al, bh, bl, false, Round.mode(s, rounding));
    }

    /** a - b. */
    public static long sub(FpState s, long ah, long al, long bh, long bl, int rounding) {
        return Soft.add(s, arithmetic(s), ah, al, bh, bl, true, Round.mode(s, rounding));
    }

    /** a * b. */
    public static long mul(FpState s, long ah, long al, long bh, long bl, int rounding) {
        return Soft.mul(s, arithmetic(s), ah, al, bh, bl, Round.mode(s, rounding));
    }

    /** a / b. */
    public static long div(FpState s, long ah, long al, long bh, long bl, int rounding) {
        return Soft.div(s, arithmetic(s), ah, al, bh, bl, Round.mode(s, rounding));
    }

    /** The square root of a. */
    public static long sqrt(FpState s, long ah, long al, int rounding) {
        return Soft.sqrt(s, arithmetic(s), ah, al, Round.mode(s, rounding));
    }

    /** The IEEE remainder: a - n * b, n being a / b rounded to nearest even. Always exact. */
    public static long remainder(FpState s, long ah, long al, long bh, long bl) {
        return Soft.rem(s, F, ah, al, bh, bl, true);
    }

    /** C's fmod: a - n * b, n being a / b rounded to zero. Always exact. */
    public static long fmod(FpState s, long ah, long al, long bh, long bl) {
        return Soft.rem(s, F, ah, al, bh, bl, false);
    }

    /** -1, 0, 1 as a is less than, equal to, greater than b; 2 if they are unordered. */
    public static int compare(FpState s, long ah, long al, long bh, long bl, boolean signalling) {
        return Soft.compare(s, F, ah, al, bh, bl, signalling);
    }

    /** The smaller one; -0 is below +0. */
    public static long min(FpState s, long ah, long al, long bh, long bl, MinMax nans) {
        return Soft.minMax(s, F, ah, al, bh, bl, false, nans);
    }

    /** The larger one. */
    public static long max(FpState s, long ah, long al, long bh, long bl, MinMax nans) {
        return Soft.minMax(s, F, ah, al, bh, bl, true, nans);
    }

    /** To an integral value. @param exact whether inexact is raised where that changes the value */
    public static long roundToIntegral(FpState s, long ah, long al, int rounding, boolean exact) {
        return Soft.roundToIntegral(s, F, ah, al, Round.mode(s, rounding), exact);
    }

    /** From the integer hi:lo, two's complement if {@code signed}. */
    public static long fromInteger(FpState s, long hi, long lo, boolean signed, int rounding) {
        return Soft.fromInteger(s, F, hi, lo, signed, Round.mode(s, rounding));
    }

    /** To an integer of {@code width} bits, 8 to 64, returned sign-extended even where it is unsigned. */
    public static long toInteger(FpState s, long ah, long al, int width, boolean signed, int rounding) {
        return Soft.toInteger(s, F, ah, al, width, signed, Round.mode(s, rounding));
    }

    /** From binary32 (the low 32 bits). Exact. */
    public static long fromF32(FpState s, long a) {
        return Soft.convert(s, Format.F32, F, 0, a, 0);
    }

    /** From binary64. Exact. */
    public static long fromF64(FpState s, long a) {
        return Soft.convert(s, Format.F64, F, 0, a, 0);
    }

    /** To binary32, NaN-boxed. */
    public static long toF32(FpState s, long ah, long al, int rounding) {
        return F32.box(Soft.convert(s, F, Format.F32, ah, al, Round.mode(s, rounding)));
    }

    /** To binary64. */
    public static long toF64(FpState s, long ah, long al, int rounding) {
        return Soft.convert(s, F, Format.F64, ah, al, Round.mode(s, rounding));
    }

    /** To binary128. Exact. */
    public static long toF128(FpState s, long ah, long al) {
        return Soft.convert(s, F, Format.F128, ah, al, 0);
    }
}
