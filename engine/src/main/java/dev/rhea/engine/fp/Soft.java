package dev.rhea.engine.fp;

/**
 * Every operation for every {@link Format}: take apart, compute, round, put together. Operands and results of up to 64
 * bits have 0 in the upper long (see {@link Format}).
 */
final class Soft {
    private Soft() {}

    /** Quotient and root bits beyond the precision: one to round by, one more for a leading bit that is 0 below one half. */
    private static final int EXTRA_BITS = 2;

    static long add(FpState s, Format f, long ah, long al, long bh, long bl, boolean subtract, int mode) {
        Num a = s.a.unpack(f, ah, al);
        Arithmetic.add(s, a, s.b.unpack(f, bh, bl), subtract, mode);
        return Round.pack(s, f, a, mode);
    }

    static long mul(FpState s, Format f, long ah, long al, long bh, long bl, int mode) {
        Num a = s.a.unpack(f, ah, al);
        Arithmetic.mul(s, a, s.b.unpack(f, bh, bl));
        return Round.pack(s, f, a, mode);
    }

    static long div(FpState s, Format f, long ah, long al, long bh, long bl, int mode) {
        Num a = s.a.unpack(f, ah, al);
        Arithmetic.div(s, a, s.b.unpack(f, bh, bl), f.precision + EXTRA_BITS);
        return Round.pack(s, f, a, mode);
    }

    static long sqrt(FpState s, Format f, long ah, long al, int mode) {
        Num a = s.a.unpack(f, ah, al);
        Arithmetic.sqrt(s, a, f.precision + EXTRA_BITS);
        return Round.pack(s, f, a, mode);
    }

    static long fma(FpState s, Format f, long ah, long al, long bh, long bl, long ch, long cl, int mode) {
        Num a = s.a.unpack(f, ah, al);
        Arithmetic.fma(s, a, s.b.unpack(f, bh, bl), s.c.unpack(f, ch, cl), mode);
        return Round.pack(s, f, a, mode);
    }

    static long rem(FpState s, Format f, long ah, long al, long bh, long bl, boolean nearest) {
        Num a = s.a.unpack(f, ah, al);
        Arithmetic.rem(s, a, s.b.unpack(f, bh, bl), nearest);
        return Round.pack(s, f, a, 0); // exact
    }

    static long roundToIntegral(FpState s, Format f, long ah, long al, int mode, boolean exact) {
        Num a = s.a.unpack(f, ah, al);
        Integers.roundToIntegral(s, a, mode, exact);
        return Round.pack(s, f, a, mode);
    }

    static long minMax(FpState s, Format f, long ah, long al, long bh, long bl, boolean max, MinMax nans) {
        Num a = s.a.unpack(f, ah, al);
        Compare.minMax(s, a, s.b.unpack(f, bh, bl), max, nans);
        return Round.pack(s, f, a, 0); // exact
    }

    /** {@link Compare}'s LESS, EQUAL, GREATER or UNORDERED. */
    static int compare(FpState s, Format f, long ah, long al, long bh, long bl, boolean signalling) {
        return Compare.compare(s, s.a.unpack(f, ah, al), s.b.unpack(f, bh, bl), signalling);
    }

    /** To another format. */
    static long convert(FpState s, Format from, Format to, long ah, long al, int mode) {
        Num a = s.a.unpack(from, ah, al);
        if (a.isNan()) {
            Nans.propagate(s, a);
        }
        return Round.pack(s, to, a, mode);
    }

    /** An integer hi:lo, two's complement if {@code signed}. */
    static long fromInteger(FpState s, Format f, long hi, long lo, boolean signed, int mode) {
        boolean negative = signed && hi < 0;
        long magnitude = negative ? -lo : lo;
        long upper = negative ? ~hi + (lo == 0 ? 1 : 0) : hi;
        return Round.pack(s, f, s.a.setInteger(negative, upper, magnitude), mode);
    }

    /** See {@link Integers#toInteger}. */
    static long toInteger(FpState s, Format f, long ah, long al, int width, boolean signed, int mode) {
        return Integers.toInteger(s, s.a.unpack(f, ah, al), width, signed, mode, true);
    }
}
