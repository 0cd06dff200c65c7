package dev.rhea.engine.fp;

import dev.rhea.engine.ir.Rounding;
import java.math.BigInteger;

/**
 * The operations of IEEE 754-2019 section 5.4.1 on numbers taken apart. Each leaves its result in {@code a}, exact or with
 * a sticky lowest bit, for {@link Round#pack} to round.
 */
final class Arithmetic {
    private Arithmetic() {}

    /** a + b, or a - b. */
    static void add(FpState s, Num a, Num b, boolean subtract, int mode) {
        if (a.isNan() || b.isNan()) {
            Nans.propagate(s, a, b);
            return;
        }
        b.sign ^= subtract;
        if (a.kind == Num.INFINITE) {
            if (b.kind == Num.INFINITE && a.sign != b.sign) {
                Nans.invalid(s, a);
            }
        } else if (b.kind == Num.ZERO) {
            if (a.kind == Num.ZERO && a.sign != b.sign) {
                a.sign = mode == Rounding.DOWN;
            }
        } else if (b.kind == Num.INFINITE || a.kind == Num.ZERO) {
            a.set(b);
        } else {
            addFinite(a, b, mode);
        }
    }

    /**
     * Shifting the smaller operand right loses only bits that matter as sticky: with a distance of two or more, a
     * difference cancels at most one leading bit; with less, nothing falls off, since operands leave four bits free.
     */
    private static void addFinite(Num a, Num b, int mode) {
        boolean swap = a.exponent < b.exponent || a.exponent == b.exponent && a.significandBelow(b);
        Num large = swap ? b : a;
        Num small = swap ? a : b;
        small.shiftRightSticky(large.exponent - small.exponent);
        boolean sign = large.sign;
        int exponent = large.exponent;
        if (a.sign == b.sign) {
            long lo = large.lo + small.lo;
            long carryIn = Long.compareUnsigned(lo, small.lo) < 0 ? 1 : 0;
            long hi = large.hi + small.hi + carryIn;
            boolean carry = Long.compareUnsigned(hi, large.hi) < 0 || carryIn != 0 && hi == large.hi;
            a.hi = hi;
            a.lo = lo;
            if (carry) {
                a.shiftRightSticky(1);
                a.hi |= 1L << 63;
                exponent++;
            }
            a.kind = Num.FINITE;
            a.exponent = exponent;
        } else {
            long lo = large.lo - small.lo;
            a.hi = large.hi - small.hi - (Long.compareUnsigned(large.lo, small.lo) < 0 ? 1 : 0);
            a.lo = lo;
            a.exponent = exponent;
            a.normalize();
            if (a.kind == Num.ZERO) {
                sign = mode == Rounding.DOWN;
            }
        }
        a.sign = sign;
    }

    /** a * b. */
    static void mul(FpState s, Num a, Num b) {
        if (a.isNan() || b.isNan()) {
            Nans.propagate(s, a, b);
            return;
        }
        boolean sign = a.sign ^ b.sign;
        if (a.kind == Num.FINITE && b.kind == Num.FINITE) {
            mulFinite(a, b);
            a.sign = sign;
        } else if (a.kind == Num.INFINITE || b.kind == Num.INFINITE) {
            if (a.kind == Num.ZERO || b.kind == Num.ZERO) {
                Nans.invalid(s, a);
            } else {
                a.setInfinity(sign);
            }
        } else {
            a.setZero(sign);
        }
    }

    private static void mulFinite(Num a, Num b) {
        long hi = Math.unsignedMultiplyHigh(a.hi, b.hi);
        long lo = a.hi * b.hi;
        if ((a.lo | b.lo) != 0) {
            // The two cross products are worth 2^-64 of the main one, the product of the lower halves 2^-128.
            long sum = 0;
            long carry = 0;
            long[] terms = {a.hi * b.lo, a.lo * b.hi, Math.unsignedMultiplyHigh(a.lo, b.lo)};
            for (long term : terms) {
                sum += term;
                carry += Long.compareUnsigned(sum, term) < 0 ? 1 : 0;
            }
            long sticky = sum | a.lo * b.lo;
            long[] next = {Math.unsignedMultiplyHigh(a.hi, b.lo), Math.unsignedMultiplyHigh(a.lo, b.hi), carry};
            for (long term : next) {
                lo += term;
                hi += Long.compareUnsigned(lo, term) < 0 ? 1 : 0;
            }
            lo |= sticky != 0 ? 1 : 0;
        }
        a.exponent += b.exponent + 1;
        a.hi = hi;
        a.lo = lo;
        a.normalize();
    }

    /** a / b, to {@code bits} bits and a sticky one. */
    static void div(FpState s, Num a, Num b, int bits) {
        if (a.isNan() || b.isNan()) {
            Nans.propagate(s, a, b);
            return;
        }
        boolean sign = a.sign ^ b.sign;
        if (a.kind == b.kind && a.kind != Num.FINITE) {
            Nans.invalid(s, a);
        } else if (a.kind == Num.INFINITE || b.kind == Num.ZERO) {
            if (a.kind == Num.FINITE) {
                s.flags |= FpState.DIVIDE_BY_ZERO;
            }
            a.setInfinity(sign);
        } else if (a.kind == Num.ZERO || b.kind == Num.INFINITE) {
            a.setZero(sign);
        } else {
            divFinite(a, b, bits);
            a.sign = sign;
        }
    }

    /** Restoring division, a bit a step; two bits of room above keep every comparison signed. */
    private static void divFinite(Num a, Num b, int bits) {
        a.exponent -= b.exponent;
        if (a.significandBelow(b)) {
            a.exponent--;
        } else {
            a.shiftRightSticky(1);
        }
        // Now remainder/divisor is in [1/2, 1) and every step doubles it first.
        a.shiftRightSticky(2);
        b.shiftRightSticky(2);
        long rh = a.hi;
        long rl = a.lo;
        long qh = 0;
        long ql = 0;
        for (int i = 0; i < bits; i++) {
            rh = rh << 1 | rl >>> 63;
            rl <<= 1;
            if (rh > b.hi || rh == b.hi && Long.compareUnsigned(rl, b.lo) >= 0) {
                rh -= b.hi + (Long.compareUnsigned(rl, b.lo) < 0 ? 1 : 0);
                rl -= b.lo;
                if (i < 64) {
                    qh |= 1L << 63 - i;
                } else {
                    ql |= 1L << 127 - i;
                }
            }
        }
        a.hi = qh;
        a.lo = ql | ((rh | rl) != 0 ? 1 : 0);
    }

    /** The square root of a, to {@code bits} bits and a sticky one. */
    static void sqrt(FpState s, Num a, int bits) {
        if (a.isNan()) {
            Nans.propagate(s, a);
        } else if (a.kind == Num.ZERO) {
            return;
        } else if (a.sign) {
            Nans.invalid(s, a);
        } else if (a.kind == Num.FINITE) {
            sqrtFinite(a, bits);
        }
    }

    /**
     * A bit a step: bit b joins the root q if (q + b)^2 <= x, that is if 2q + b <= (x - q^2) / b; {@code r} is that right
     * side, which doubles as b halves. It stays below 8, so 1.0 stands at bit 123 and comparisons are signed.
     */
    private static void sqrtFinite(Num a, int bits) {
        a.shiftRightSticky((a.exponent & 1) != 0 ? 3 : 4);
        a.exponent >>= 1;
        long rh = a.hi;
        long rl = a.lo;
        long qh = 0;
        long ql = 0;
        for (int at = 123; at > 123 - bits; at--) {
            long bh = at >= 64 ? 1L << at - 64 : 0;
            long bl = at >= 64 ? 0 : 1L << at;
            long th = (qh << 1 | ql >>> 63) | bh;
            long tl = ql << 1 | bl;
            if (rh > th || rh == th && Long.compareUnsigned(rl, tl) >= 0) {
                rh -= th + (Long.compareUnsigned(rl, tl) < 0 ? 1 : 0);
                rl -= tl;
                qh |= bh;
                ql |= bl;
            }
            rh = rh << 1 | rl >>> 63;
            rl <<= 1;
        }
        a.hi = qh << 4 | ql >>> 60;
        a.lo = ql << 4 | ((rh | rl) != 0 ? 1 : 0);
    }

    /** a * b + c with one rounding. */
    static void fma(FpState s, Num a, Num b, Num c, int mode) {
        boolean noProduct =
                a.kind == Num.ZERO && b.kind == Num.INFINITE || a.kind == Num.INFINITE && b.kind == Num.ZERO;
        if (noProduct && (!c.isNan() || s.rules.fmaInvalidForZeroTimesInfinityPlusQuietNan())) {
            Nans.invalid(s, a);
        } else if (a.isNan() || b.isNan() || c.isNan()) {
            Nans.propagate(s, a, b, c);
        } else if (a.kind == Num.FINITE
                && b.kind == Num.FINITE
                && c.kind == Num.FINITE
                && ((a.lo | b.lo | c.lo) != 0 || ((a.hi | b.hi) & 3) != 0)) {
            fmaWide(a, b, c, mode);
        } else {
            // Up to 62 bits a factor, the product is exact in 124 and addFinite's argument holds.
            mul(s, a, b);
            add(s, a, c, false, mode);
        }
    }

    /** The product of two significands of 113 bits does not fit into a {@link Num}. Rare: no processor here runs it hot. */
    private static void fmaWide(Num a, Num b, Num c, int mode) {
        BigInteger product = big(a).multiply(big(b));
        BigInteger addend = big(c);
        int productUnit = a.exponent + b.exponent - 254;
        int addendUnit = c.exponent - 127;
        boolean productSign = a.sign ^ b.sign;
        // Too far apart to touch each other's bits: the smaller is as good as one unit far below.
        int apart = productUnit + 128 - addendUnit;
        if (apart > 512) {
            addend = BigInteger.ONE;
            addendUnit = productUnit - 256;
        } else if (apart < -512) {
            product = BigInteger.ONE;
            productUnit = addendUnit - 256;
        }
        int unit = Math.min(productUnit, addendUnit);
        product = product.shiftLeft(productUnit - unit);
        addend = addend.shiftLeft(addendUnit - unit);
        BigInteger sum = (productSign ? product.negate() : product).add(c.sign ? addend.negate() : addend);
        if (sum.signum() == 0) {
            a.setZero(mode == Rounding.DOWN);
            return;
        }
        a.sign = sum.signum() < 0;
        sum = sum.abs();
        int excess = sum.bitLength() - 128;
        BigInteger top = excess >= 0 ? sum.shiftRight(excess) : sum.shiftLeft(-excess);
        a.kind = Num.FINITE;
        a.exponent = unit + sum.bitLength() - 1;
        a.hi = top.shiftRight(64).longValue();
        a.lo = top.longValue() | (excess > 0 && sum.getLowestSetBit() < excess ? 1 : 0);
    }

    private static BigInteger big(Num n) {
        return BigInteger.valueOf(n.hi >>> 1)
                .shiftLeft(65)
                .or(BigInteger.valueOf(n.hi & 1).shiftLeft(64))
                .or(BigInteger.valueOf(n.lo >>> 1).shiftLeft(1))
                .or(BigInteger.valueOf(n.lo & 1));
    }

    /**
     * a - q * b exactly, with q the quotient a / b rounded to nearest even (IEEE remainder) or to zero (C's fmod).
     *
     * @return the low bits of q's magnitude
     */
    static long rem(FpState s, Num a, Num b, boolean nearest) {
        if (a.isNan() || b.isNan()) {
            Nans.propagate(s, a, b);
            return 0;
        }
        if (a.kind == Num.INFINITE || b.kind == Num.ZERO) {
            Nans.invalid(s, a);
            return 0;
        }
        if (a.kind == Num.ZERO || b.kind == Num.INFINITE || a.exponent < b.exponent - 1) {
            return 0;
        }
        int distance = a.exponent - b.exponent;
        if (distance < 0 && !nearest) {
            return 0;
        }
        // Two bits of room above as in divFinite; at least 15 below, so nothing falls off.
        a.shiftRightSticky(distance < 0 ? 3 : 2);
        b.shiftRightSticky(2);
        long rh = a.hi;
        long rl = a.lo;
        long q = 0;
        for (int i = distance; i >= 0; i--) {
            q <<= 1;
            if (rh > b.hi || rh == b.hi && Long.compareUnsigned(rl, b.lo) >= 0) {
                rh -= b.hi + (Long.compareUnsigned(rl, b.lo) < 0 ? 1 : 0);
                rl -= b.lo;
                q |= 1;
            }
            if (i > 0) {
                rh = rh << 1 | rl >>> 63;
                rl <<= 1;
            }
        }
        if (nearest) {
            long th = rh << 1 | rl >>> 63;
            long tl = rl << 1;
            boolean tie = th == b.hi && tl == b.lo;
            if (tie ? (q & 1) != 0 : th > b.hi || th == b.hi && Long.compareUnsigned(tl, b.lo) > 0) {
                q++;
                long borrow = Long.compareUnsigned(b.lo, rl) < 0 ? 1 : 0;
                rl = b.lo - rl;
                rh = b.hi - rh - borrow;
                a.sign = !a.sign;
            }
        }
        a.hi = rh;
        a.lo = rl;
        a.exponent = b.exponent + 2;
        a.normalize();
        return q;
    }
}
