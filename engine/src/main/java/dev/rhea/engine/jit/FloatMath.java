package dev.rhea.engine.jit;

import dev.rhea.engine.fp.F32;
import dev.rhea.engine.fp.F64;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.ir.Rounding;

/**
 * Floating-point operations of generated code: the fast path of {@link F64} and {@link F32} where inexact is set already,
 * in methods small enough (35 bytes) for both of HotSpot's compilers to inline without a profile; the rest is theirs.
 *
 * <p>Why the fast path is right: rounding is to nearest even, which the JVM's arithmetic does; inexact is sticky and set;
 * the result is finite, so nothing overflowed, was divided by zero or was invalid; and it is above the smallest normal
 * number, so it did not underflow (a sum that is tiny is exact and cannot underflow either).
 */
final class FloatMath {
    private FloatMath() {}

    /** Whether rounding is to nearest even and inexact is set. */
    private static boolean plain(FpState s, int rounding) {
        return (s.flags & FpState.INEXACT) != 0 && nearest(s, rounding);
    }

    private static boolean nearest(FpState s, int rounding) {
        return (rounding == Rounding.DYNAMIC ? s.rounding : rounding) == Rounding.NEAREST_EVEN;
    }

    private static boolean finite(FpState s, int rounding, double r) {
        return plain(s, rounding) && Math.abs(r) <= Double.MAX_VALUE;
    }

    private static boolean normal(FpState s, int rounding, double r) {
        return plain(s, rounding) && inside(Math.abs(r));
    }

    private static boolean inside(double magnitude) {
        return magnitude > Double.MIN_NORMAL && magnitude <= Double.MAX_VALUE;
    }

    static double add(FpState s, double a, double b, int rounding) {
        double r = a + b;
        return finite(s, rounding, r) ? r : F64.add(s, a, b, rounding);
    }

    static double sub(FpState s, double a, double b, int rounding) {
        double r = a - b;
        return finite(s, rounding, r) ? r : F64.sub(s, a, b, rounding);
    }

    static double mul(FpState s, double a, double b, int rounding) {
        double r = a * b;
        return normal(s, rounding, r) ? r : F64.mul(s, a, b, rounding);
    }

    static double div(FpState s, double a, double b, int rounding) {
        double r = a / b;
        return normal(s, rounding, r) ? r : F64.div(s, a, b, rounding);
    }

    static double sqrt(FpState s, double a, int rounding) {
        double r = Math.sqrt(a);
        return normal(s, rounding, r) ? r : F64.sqrt(s, a, rounding);
    }

    static double fma(FpState s, double a, double b, double c, int rounding) {
        double r = Math.fma(a, b, c);
        if (normal(s, rounding, r)) {
            return r;
        }
        return F64.fma(s, a, b, c, rounding);
    }

    static int eq(FpState s, double a, double b) {
        return a == b || unordered(a, b) && F64.eq(s, a, b) ? 1 : 0;
    }

    static int lt(FpState s, double a, double b) {
        return a < b || unordered(a, b) && F64.lt(s, a, b) ? 1 : 0;
    }

    static int le(FpState s, double a, double b) {
        return a <= b || unordered(a, b) && F64.le(s, a, b) ? 1 : 0;
    }

    private static boolean unordered(double a, double b) {
        return a != a || b != b;
    }

    static int toInt(FpState s, double a, int rounding) {
        int r = (int) a;
        return r == a ? r : toIntSlow(s, a, rounding);
    }

    private static int toIntSlow(FpState s, double a, int rounding) {
        return inside(a, 0x1p30) && towardZero(s, rounding) ? (int) a : (int) F64.toS32(s, bits(a), rounding);
    }

    static int toUnsignedInt(FpState s, double a, int rounding) {
        return (int) F64.toU32(s, bits(a), rounding);
    }

    static long toLong(FpState s, double a, int rounding) {
        return inside(a, 0x1p62) && towardZero(s, rounding) ? (long) a : F64.toS64(s, bits(a), rounding);
    }

    static long toUnsignedLong(FpState s, double a, int rounding) {
        return F64.toU64(s, bits(a), rounding);
    }

    private static boolean inside(double a, double limit) {
        return Math.abs(a) < limit;
    }

    private static long bits(double a) {
        return Double.doubleToRawLongBits(a);
    }

    private static boolean finite(FpState s, int rounding, float r) {
        return plain(s, rounding) && Math.abs(r) <= Float.MAX_VALUE;
    }

    private static boolean normal(FpState s, int rounding, float r) {
        return plain(s, rounding) && inside(Math.abs(r));
    }

    private static boolean inside(float magnitude) {
        return magnitude > Float.MIN_NORMAL && magnitude <= Float.MAX_VALUE;
    }

    static float add(FpState s, float a, float b, int rounding) {
        float r = a + b;
        return finite(s, rounding, r) ? r : F32.add(s, a, b, rounding);
    }

    static float sub(FpState s, float a, float b, int rounding) {
        float r = a - b;
        return finite(s, rounding, r) ? r : F32.sub(s, a, b, rounding);
    }

    static float mul(FpState s, float a, float b, int rounding) {
        float r = a * b;
        return normal(s, rounding, r) ? r : F32.mul(s, a, b, rounding);
    }

    static float div(FpState s, float a, float b, int rounding) {
        float r = a / b;
        return normal(s, rounding, r) ? r : F32.div(s, a, b, rounding);
    }

    static float sqrt(FpState s, float a, int rounding) {
        float r = (float) Math.sqrt(a);
        return normal(s, rounding, r) ? r : F32.sqrt(s, a, rounding);
    }

    static float fma(FpState s, float a, float b, float c, int rounding) {
        float r = Math.fma(a, b, c);
        if (normal(s, rounding, r)) {
            return r;
        }
        return F32.fma(s, a, b, c, rounding);
    }

    static int eq(FpState s, float a, float b) {
        return a == b || unordered(a, b) && F32.eq(s, a, b) ? 1 : 0;
    }

    static int lt(FpState s, float a, float b) {
        return a < b || unordered(a, b) && F32.lt(s, a, b) ? 1 : 0;
    }

    static int le(FpState s, float a, float b) {
        return a <= b || unordered(a, b) && F32.le(s, a, b) ? 1 : 0;
    }

    private static boolean unordered(float a, float b) {
        return a != a || b != b;
    }

    static int toInt(FpState s, float a, int rounding) {
        int r = (int) a;
        return r == a && r < Integer.MAX_VALUE ? r : toIntSlow(s, a, rounding);
    }

    private static int toIntSlow(FpState s, float a, int rounding) {
        return inside(a, 0x1p30f) && towardZero(s, rounding) ? (int) a : (int) F32.toS32(s, bits(a), rounding);
    }

    static int toUnsignedInt(FpState s, float a, int rounding) {
        return (int) F32.toU32(s, bits(a), rounding);
    }

    static long toLong(FpState s, float a, int rounding) {
        return inside(a, 0x1p62f) && towardZero(s, rounding) ? (long) a : F32.toS64(s, bits(a), rounding);
    }

    static long toUnsignedLong(FpState s, float a, int rounding) {
        return F32.toU64(s, bits(a), rounding);
    }

    private static boolean inside(float a, float limit) {
        return Math.abs(a) < limit;
    }

    private static long bits(float a) {
        return Float.floatToRawIntBits(a);
    }

    /** Whether rounding is toward zero, as a Java cast does, and inexact is set. */
    private static boolean towardZero(FpState s, int rounding) {
        return (s.flags & FpState.INEXACT) != 0
                && (rounding == Rounding.DYNAMIC ? s.rounding : rounding) == Rounding.TO_ZERO;
    }

    static double toDouble(FpState s, float a, int rounding) {
        return a == a ? a : Double.longBitsToDouble(F32.toF64(s, bits(a), rounding));
    }

    static float toFloat(FpState s, double a, int rounding) {
        float r = (float) a;
        return normal(s, rounding, r) ? r : Float.intBitsToFloat((int) F64.toF32(s, bits(a), rounding));
    }

    static double doubleOfSigned(FpState s, int a, int rounding) {
        return a;
    }

    static double doubleOfSigned(FpState s, long a, int rounding) {
        return plain(s, rounding) ? a : Double.longBitsToDouble(F64.fromS64(s, a, rounding));
    }

    static double doubleOfUnsigned(FpState s, int a, int rounding) {
        return a & 0xffffffffL;
    }

    static double doubleOfUnsigned(FpState s, long a, int rounding) {
        return a >= 0 ? doubleOfSigned(s, a, rounding) : Double.longBitsToDouble(F64.fromU64(s, a, rounding));
    }

    static float floatOfSigned(FpState s, int a, int rounding) {
        return plain(s, rounding) ? a : Float.intBitsToFloat((int) F32.fromS32(s, a, rounding));
    }

    static float floatOfSigned(FpState s, long a, int rounding) {
        return plain(s, rounding) ? a : Float.intBitsToFloat((int) F32.fromS64(s, a, rounding));
    }

    static float floatOfUnsigned(FpState s, int a, int rounding) {
        return plain(s, rounding) ? a & 0xffffffffL : Float.intBitsToFloat((int) F32.fromU32(s, a, rounding));
    }

    static float floatOfUnsigned(FpState s, long a, int rounding) {
        return a >= 0 ? floatOfSigned(s, a, rounding) : Float.intBitsToFloat((int) F32.fromU64(s, a, rounding));
    }

    /** A register's bits as binary32: what is not NaN-boxed is the default NaN. */
    static float unbox(long bits) {
        return Float.intBitsToFloat(bits >>> 32 == 0xffffffffL ? (int) bits : 0x7fc00000);
    }
}
