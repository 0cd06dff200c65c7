package dev.rhea.arch.riscv.vector;

import dev.rhea.engine.fp.F16;
import dev.rhea.engine.fp.F32;
import dev.rhea.engine.fp.F64;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.fp.MinMax;
import dev.rhea.engine.ir.Rounding;

/**
 * Floating-point operations by element width: {@code e} is log2 of bytes, 1 to 3. Values are zero-extended when they go in;
 * of what comes out the low bits count. All round by frm unless they take a rounding mode.
 */
final class VectorFloat {
    private VectorFloat() {}

    private static final int DYNAMIC = Rounding.DYNAMIC;

    static long add(VectorState v, int e, long x, long y) {
        return e == 3
                ? F64.add(v.fp, x, y, DYNAMIC)
                : e == 2 ? F32.add(v.fp, x, y, DYNAMIC) : F16.add(v.fp, x, y, DYNAMIC);
    }

    static long sub(VectorState v, int e, long x, long y) {
        return e == 3
                ? F64.sub(v.fp, x, y, DYNAMIC)
                : e == 2 ? F32.sub(v.fp, x, y, DYNAMIC) : F16.sub(v.fp, x, y, DYNAMIC);
    }

    static long mul(VectorState v, int e, long x, long y) {
        return e == 3
                ? F64.mul(v.fp, x, y, DYNAMIC)
                : e == 2 ? F32.mul(v.fp, x, y, DYNAMIC) : F16.mul(v.fp, x, y, DYNAMIC);
    }

    static long div(VectorState v, int e, long x, long y) {
        return e == 3
                ? F64.div(v.fp, x, y, DYNAMIC)
                : e == 2 ? F32.div(v.fp, x, y, DYNAMIC) : F16.div(v.fp, x, y, DYNAMIC);
    }

    static long sqrt(VectorState v, int e, long x) {
        return e == 3 ? F64.sqrt(v.fp, x, DYNAMIC) : e == 2 ? F32.sqrt(v.fp, x, DYNAMIC) : F16.sqrt(v.fp, x, DYNAMIC);
    }

    /** x * y + z. */
    static long fma(VectorState v, int e, long x, long y, long z) {
        return e == 3
                ? F64.fma(v.fp, x, y, z, DYNAMIC)
                : e == 2 ? F32.fma(v.fp, x, y, z, DYNAMIC) : F16.fma(v.fp, x, y, z, DYNAMIC);
    }

    static long negate(int e, long x) {
        return x ^ signBit(e);
    }

    static long signBit(int e) {
        return 1L << (8 << e) - 1;
    }

    static long min(VectorState v, int e, long x, long y) {
        MinMax m = MinMax.NUMBER_2019;
        return e == 3 ? F64.min(v.fp, x, y, m) : e == 2 ? F32.min(v.fp, x, y, m) : F16.min(v.fp, x, y, m);
    }

    static long max(VectorState v, int e, long x, long y) {
        MinMax m = MinMax.NUMBER_2019;
        return e == 3 ? F64.max(v.fp, x, y, m) : e == 2 ? F32.max(v.fp, x, y, m) : F16.max(v.fp, x, y, m);
    }

    static boolean eq(VectorState v, int e, long x, long y) {
        return e == 3 ? F64.eq(v.fp, x, y) : e == 2 ? F32.eq(v.fp, x, y) : F16.eq(v.fp, x, y);
    }

    static boolean lt(VectorState v, int e, long x, long y) {
        return e == 3 ? F64.lt(v.fp, x, y) : e == 2 ? F32.lt(v.fp, x, y) : F16.lt(v.fp, x, y);
    }

    static boolean le(VectorState v, int e, long x, long y) {
        return e == 3 ? F64.le(v.fp, x, y) : e == 2 ? F32.le(v.fp, x, y) : F16.le(v.fp, x, y);
    }

    /** From width e to twice that. */
    static long widen(VectorState v, int e, long x) {
        return e == 2 ? F32.toF64(v.fp, x, DYNAMIC) : F16.toF32(v.fp, x, DYNAMIC) & 0xffffffffL;
    }

    /** From twice width e to e. */
    static long narrow(VectorState v, int e, long x, int rounding) {
        return e == 2 ? F64.toF32(v.fp, x, rounding) : F32.toF16(v.fp, x, rounding);
    }

    /** To an integer of width {@code to}. */
    static long toInteger(VectorState v, int e, long x, int to, boolean signed, int rounding) {
        int width = 8 << to;
        return e == 3
                ? F64.toInteger(v.fp, x, width, signed, rounding)
                : e == 2
                        ? F32.toInteger(v.fp, x, width, signed, rounding)
                        : F16.toInteger(v.fp, x, width, signed, rounding);
    }

    /** From an integer extended to 64 bits. */
    static long fromInteger(VectorState v, int e, long x, boolean signed) {
        FpState s = v.fp;
        if (signed) {
            return e == 3
                    ? F64.fromS64(s, x, DYNAMIC)
                    : e == 2 ? F32.fromS64(s, x, DYNAMIC) : F16.fromS64(s, x, DYNAMIC);
        }
        return e == 3 ? F64.fromU64(s, x, DYNAMIC) : e == 2 ? F32.fromU64(s, x, DYNAMIC) : F16.fromU64(s, x, DYNAMIC);
    }

    // ---- f registers

    /** A scalar out of an f register; a broken box is the canonical NaN. */
    static long unbox(long bits, int e) {
        int width = 8 << e;
        if (e == 3) {
            return bits;
        }
        return bits >> width == -1 ? bits & (1L << width) - 1 : e == 2 ? 0x7fc00000L : 0x7e00L;
    }

    static long box(long value, int e) {
        return e == 3 ? value : value | -1L << (8 << e);
    }

    /** Bits of the exponent and of the fraction. */
    static int exponentBits(int e) {
        return e == 3 ? 11 : e == 2 ? 8 : 5;
    }

    static int fractionBits(int e) {
        return (8 << e) - 1 - exponentBits(e);
    }
}
