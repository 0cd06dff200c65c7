package dev.rhea.engine.fp;

import dev.rhea.engine.ir.Rounding;

/** Rounding: IEEE 754-2019 sections 4.3 and 7.4 to 7.6. */
final class Round {
    private Round() {}

    /** Which mode an operand means: the dynamic one is looked up. */
    static int mode(FpState s, int rounding) {
        return rounding == Rounding.DYNAMIC ? s.rounding : rounding;
    }

    /**
     * Whether the magnitude grows by one unit in the last place. Under TO_ODD it never does; see {@link #odd}.
     *
     * @param rest what is dropped, as a fraction of the unit: bit 63 is one half, bit 0 may be sticky
     * @param odd whether the last bit kept is 1
     */
    static boolean up(int mode, boolean sign, boolean odd, long rest) {
        return switch (mode) {
            case Rounding.NEAREST_EVEN -> rest < 0 && (odd || rest != Long.MIN_VALUE);
            case Rounding.NEAREST_AWAY -> rest < 0;
            case Rounding.DOWN -> sign && rest != 0;
            case Rounding.UP -> !sign && rest != 0;
            case Rounding.TO_ZERO, Rounding.TO_ODD -> false;
            default -> throw new IllegalArgumentException("no rounding mode has the number " + mode);
        };
    }

    /** Whether the last bit kept is forced to 1. */
    static boolean odd(int mode, long rest) {
        return mode == Rounding.TO_ODD && rest != 0;
    }

    /** Rounds to the format and encodes: the lower long, with the upper in {@link FpState#high}. Raises what is due. */
    static long pack(FpState s, Format f, Num n, int mode) {
        return switch (n.kind) {
            case Num.ZERO -> f.encode(s, n.sign, 0, 0, 0);
            case Num.FINITE -> packFinite(s, f, n, mode);
            case Num.INFINITE -> f.encode(s, n.sign, f.maxField(), 1L << 63, 0);
            default -> f.encode(s, n.sign, f.maxField(), n.hi, n.lo);
        };
    }

    private static long packFinite(FpState s, Format f, Num n, int mode) {
        boolean tiny = n.exponent < f.emin;
        if (tiny) {
            // After rounding, only what an unbounded exponent range would round up to 2^emin is not tiny.
            if (s.rules.tininessAfterRounding() && n.exponent == f.emin - 1 && carries(f, n, mode)) {
                tiny = false;
            }
            n.shiftRightSticky(f.emin - n.exponent);
            n.exponent = f.emin;
        }
        long rest = rest(f, n);
        boolean carry = round(f, n, mode, rest);
        int exponent = n.exponent;
        if (carry) {
            n.hi = 1L << 63;
            exponent++;
        }
        if (exponent > f.emax) {
            return overflow(s, f, n.sign, mode);
        }
        if (rest != 0) {
            s.flags |= tiny ? FpState.INEXACT | FpState.UNDERFLOW : FpState.INEXACT;
        }
        // A subnormal has no leading one; one that was rounded up to the smallest normal has.
        return f.encode(s, n.sign, n.hi < 0 ? exponent + f.emax : 0, n.hi, n.lo);
    }

    /** Whether rounding carries the normalised significand to the next power of two. */
    private static boolean carries(Format f, Num n, int mode) {
        long hi = n.hi;
        long lo = n.lo;
        boolean carry = round(f, n, mode, rest(f, n));
        n.hi = hi;
        n.lo = lo;
        return carry;
    }

    /** What is below the last bit that the format keeps, as a fraction of it. */
    private static long rest(Format f, Num n) {
        int p = f.precision;
        if (p > 64) {
            return n.lo << p - 64;
        }
        return p == 64 ? n.lo : n.hi << p | (n.lo != 0 ? 1 : 0);
    }

    /** Rounds the significand in place; returns whether it overflowed to 0. */
    private static boolean round(Format f, Num n, int mode, long rest) {
        int p = f.precision;
        if (p > 64) {
            long unit = 1L << 128 - p;
            n.lo &= -unit;
            if (up(mode, n.sign, (n.lo & unit) != 0, rest)) {
                n.lo += unit;
                return n.lo == 0 && ++n.hi == 0;
            }
            if (odd(mode, rest)) {
                n.lo |= unit;
            }
            return false;
        }
        long unit = 1L << 64 - p;
        n.hi &= -unit;
        n.lo = 0;
        if (up(mode, n.sign, (n.hi & unit) != 0, rest)) {
            n.hi += unit;
            return n.hi == 0;
        }
        if (odd(mode, rest)) {
            n.hi |= unit;
        }
        return false;
    }

    private static long overflow(FpState s, Format f, boolean sign, int mode) {
        s.flags |= FpState.OVERFLOW | FpState.INEXACT;
        boolean infinite = switch (mode) {
            case Rounding.NEAREST_EVEN, Rounding.NEAREST_AWAY -> true;
            case Rounding.DOWN -> sign;
            case Rounding.UP -> !sign;
            default -> false;
        };
        if (infinite) {
            return f.encode(s, sign, f.maxField(), 1L << 63, 0);
        }
        int p = f.precision;
        return f.encode(s, sign, f.maxField() - 1, p >= 64 ? -1 : -1L << 64 - p, p > 64 ? -1L << 128 - p : 0);
    }
}
