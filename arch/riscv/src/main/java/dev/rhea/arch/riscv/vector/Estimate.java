package dev.rhea.arch.riscv.vector;

import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.ir.Rounding;

/**
 * VFREC7 and VFRSQRT7: manual, sections "Vector Floating-Point Reciprocal Estimate Instruction" and "Vector Floating-Point
 * Reciprocal Square-Root Estimate Instruction". Seven bits of the result, the same in every implementation; the manual's
 * tables are the results for the middle of each interval, rounded to nearest.
 */
final class Estimate {
    private Estimate() {}

    private static final byte[] RECIPROCAL = new byte[128];
    private static final byte[] RECIPROCAL_ROOT = new byte[128];

    static {
        for (int i = 0; i < 128; i++) {
            RECIPROCAL[i] = (byte) (Math.round(256 / (1 + (i + 0.5) / 128)) - 128);
            // an even exponent field is an odd exponent: the biases are odd
            double m = 1 + ((i & 63) + 0.5) / 64;
            RECIPROCAL_ROOT[i] = (byte) (Math.round(256 / Math.sqrt(i < 64 ? 2 * m : m)) - 128);
        }
    }

    private static long nan(int e) {
        return (1L << VectorFloat.exponentBits(e) + 1) - 1 << VectorFloat.fractionBits(e) - 1;
    }

    private static long infinity(int e) {
        return (1L << VectorFloat.exponentBits(e)) - 1 << VectorFloat.fractionBits(e);
    }

    /** About 1 / x. */
    static long reciprocal(VectorState v, int e, long x) {
        int fractionBits = VectorFloat.fractionBits(e);
        int bias = (1 << VectorFloat.exponentBits(e) - 1) - 1;
        long sign = x & VectorFloat.signBit(e);
        long magnitude = x ^ sign;
        if (magnitude > infinity(e)) {
            return nan(v, e, magnitude);
        }
        if (magnitude == infinity(e)) {
            return sign;
        }
        if (magnitude == 0) {
            v.fp.raise(FpState.DIVIDE_BY_ZERO);
            return sign | infinity(e);
        }
        int exponent = (int) (magnitude >>> fractionBits);
        long fraction = magnitude & (1L << fractionBits) - 1;
        if (exponent == 0) {
            int shift = Long.numberOfLeadingZeros(fraction) - (63 - fractionBits);
            exponent = 1 - shift;
            fraction = fraction << shift & (1L << fractionBits) - 1;
            if (exponent < -1) {
                v.fp.raise(FpState.OVERFLOW | FpState.INEXACT);
                int mode = v.fp.rounding;
                boolean largest = mode == Rounding.TO_ZERO || mode == (sign != 0 ? Rounding.UP : Rounding.DOWN);
                return sign | infinity(e) - (largest ? 1 : 0);
            }
        }
        long significand = (long) RECIPROCAL[(int) (fraction >>> fractionBits - 7)] << fractionBits - 7;
        int result = 2 * bias - 1 - exponent;
        if (result <= 0) {
            significand = (significand | 1L << fractionBits) >>> 1 - result;
            result = 0;
        }
        return sign | (long) result << fractionBits | significand;
    }

    /** About 1 / sqrt(x). */
    static long reciprocalRoot(VectorState v, int e, long x) {
        int fractionBits = VectorFloat.fractionBits(e);
        int bias = (1 << VectorFloat.exponentBits(e) - 1) - 1;
        long sign = x & VectorFloat.signBit(e);
        long magnitude = x ^ sign;
        if (magnitude > infinity(e)) {
            return nan(v, e, magnitude);
        }
        if (magnitude == 0) {
            v.fp.raise(FpState.DIVIDE_BY_ZERO);
            return sign | infinity(e);
        }
        if (sign != 0) {
            v.fp.raise(FpState.INVALID);
            return nan(e);
        }
        if (magnitude == infinity(e)) {
            return 0;
        }
        int exponent = (int) (magnitude >>> fractionBits);
        long fraction = magnitude & (1L << fractionBits) - 1;
        if (exponent == 0) {
            int shift = Long.numberOfLeadingZeros(fraction) - (63 - fractionBits);
            exponent = 1 - shift;
            fraction = fraction << shift & (1L << fractionBits) - 1;
        }
        int index = (exponent & 1) << 6 | (int) (fraction >>> fractionBits - 6);
        long result = 3 * bias - 1 - exponent >> 1;
        return result << fractionBits | (long) RECIPROCAL_ROOT[index] << fractionBits - 7;
    }

    private static long nan(VectorState v, int e, long magnitude) {
        if ((magnitude >>> VectorFloat.fractionBits(e) - 1 & 1) == 0) {
            v.fp.raise(FpState.INVALID);
        }
        return nan(e);
    }
}
