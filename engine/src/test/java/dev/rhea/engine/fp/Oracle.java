package dev.rhea.engine.fp;

import dev.rhea.engine.ir.Rounding;
import java.math.BigInteger;

/**
 * What IEEE 754 demands, in exact rational arithmetic and with nothing shared with the code under test. RISC-V's choices:
 * default NaN, tininess after rounding.
 *
 * @param exponentBits width of the exponent field
 * @param precision bits of the significand with the leading one
 * @param explicit whether the leading one is stored
 */
record Oracle(int exponentBits, int precision, boolean explicit) {
    static final Oracle F16 = new Oracle(5, 11, false);
    static final Oracle F32 = new Oracle(8, 24, false);
    static final Oracle F64 = new Oracle(11, 53, false);
    static final Oracle F80 = new Oracle(15, 64, true);
    static final Oracle F128 = new Oracle(15, 113, false);

    /** A result: encoding and flags. */
    record Result(BigInteger bits, int flags) {}

    private static final BigInteger ONE = BigInteger.ONE;

    int fractionBits() {
        return explicit ? precision : precision - 1;
    }

    int width() {
        return 1 + exponentBits + fractionBits();
    }

    private int bias() {
        return (1 << exponentBits - 1) - 1;
    }

    private int emin() {
        return 1 - bias();
    }

    private int field(BigInteger bits) {
        return bits.shiftRight(fractionBits()).intValue() & (1 << exponentBits) - 1;
    }

    private BigInteger fraction(BigInteger bits) {
        return bits.and(ONE.shiftLeft(precision - 1).subtract(ONE));
    }

    boolean negative(BigInteger bits) {
        return bits.testBit(width() - 1);
    }

    boolean isNan(BigInteger bits) {
        return field(bits) == (1 << exponentBits) - 1 && fraction(bits).signum() != 0;
    }

    boolean isSignalling(BigInteger bits) {
        return isNan(bits) && !bits.testBit(precision - 2);
    }

    boolean isInfinite(BigInteger bits) {
        return field(bits) == (1 << exponentBits) - 1 && fraction(bits).signum() == 0;
    }

    boolean isZero(BigInteger bits) {
        return field(bits) == 0 && fraction(bits).signum() == 0;
    }

    /** The signed integer n of the finite value n * 2^{@link #unit}. */
    BigInteger integer(BigInteger bits) {
        BigInteger m = fraction(bits);
        if (field(bits) != 0) {
            m = m.setBit(precision - 1);
        }
        return negative(bits) ? m.negate() : m;
    }

    int unit(BigInteger bits) {
        return Math.max(field(bits), 1) - bias() - (precision - 1);
    }

    BigInteger encode(boolean sign, int field, BigInteger fraction) {
        BigInteger bits = BigInteger.valueOf(field).shiftLeft(fractionBits()).or(fraction);
        if (explicit && field != 0) {
            bits = bits.setBit(precision - 1);
        }
        return sign ? bits.setBit(width() - 1) : bits;
    }

    BigInteger nan() {
        return encode(false, (1 << exponentBits) - 1, ONE.shiftLeft(precision - 2));
    }

    BigInteger infinity(boolean sign) {
        return encode(sign, (1 << exponentBits) - 1, BigInteger.ZERO);
    }

    BigInteger zero(boolean sign) {
        return encode(sign, 0, BigInteger.ZERO);
    }

    Result invalid() {
        return new Result(nan(), FpState.INVALID);
    }

    Result nanOf(boolean signalling) {
        return new Result(nan(), signalling ? FpState.INVALID : 0);
    }

    /** n/d * 2^exponent rounded, n not 0. */
    Result round(BigInteger n, BigInteger d, int exponent, int mode) {
        boolean sign = n.signum() < 0;
        BigInteger m = n.abs();
        // floor(log2(m/d * 2^exponent))
        int log = m.bitLength() - d.bitLength();
        if (compareScaled(m, d, log) < 0) {
            log--;
        }
        int e = log + exponent;
        BigInteger[] exact = quantize(m, d, exponent, e - (precision - 1), sign, mode);
        boolean tiny = e < emin() && !(e == emin() - 1 && exact[0].bitLength() > precision);
        int unit = Math.max(e, emin()) - (precision - 1);
        BigInteger[] q = quantize(m, d, exponent, unit, sign, mode);
        BigInteger k = q[0];
        boolean inexact = q[1].signum() != 0;
        if (k.bitLength() > precision) {
            k = k.shiftRight(1);
            unit++;
        }
        int top = unit + precision - 1;
        int flags = inexact ? FpState.INEXACT | (tiny ? FpState.UNDERFLOW : 0) : 0;
        if (top > bias()) {
            boolean away = mode == Rounding.NEAREST_EVEN
                    || mode == Rounding.NEAREST_AWAY
                    || mode == (sign ? Rounding.DOWN : Rounding.UP);
            return new Result(
                    away
                            ? infinity(sign)
                            : encode(
                                    sign,
                                    (1 << exponentBits) - 2,
                                    ONE.shiftLeft(precision - 1).subtract(ONE)),
                    FpState.OVERFLOW | FpState.INEXACT);
        }
        boolean normal = k.bitLength() == precision;
        return new Result(encode(sign, normal ? top + bias() : 0, normal ? k.clearBit(precision - 1) : k), flags);
    }

    private static int compareScaled(BigInteger m, BigInteger d, int log) {
        return log >= 0 ? m.compareTo(d.shiftLeft(log)) : m.shiftLeft(-log).compareTo(d);
    }

    /** m/d * 2^exponent in units of 2^unit, rounded to an integer; and the remainder, 0 if exact. */
    static BigInteger[] quantize(BigInteger m, BigInteger d, int exponent, int unit, boolean sign, int mode) {
        int shift = exponent - unit;
        BigInteger num = shift >= 0 ? m.shiftLeft(shift) : m;
        BigInteger den = shift >= 0 ? d : d.shiftLeft(-shift);
        BigInteger[] q = num.divideAndRemainder(den);
        int half = q[1].shiftLeft(1).compareTo(den);
        boolean up = switch (mode) {
            case Rounding.NEAREST_EVEN -> half > 0 || half == 0 && q[0].testBit(0);
            case Rounding.NEAREST_AWAY -> half >= 0;
            case Rounding.UP -> !sign && q[1].signum() != 0;
            case Rounding.DOWN -> sign && q[1].signum() != 0;
            case Rounding.TO_ODD -> q[1].signum() != 0 && !q[0].testBit(0);
            default -> false;
        };
        return new BigInteger[] {up ? q[0].add(ONE) : q[0], q[1]};
    }

    private Result exactZeroSum(boolean a, boolean b, int mode) {
        return new Result(zero(a == b ? a : mode == Rounding.DOWN), 0);
    }

    Result add(BigInteger a, BigInteger b, int mode) {
        if (isNan(a) || isNan(b)) {
            return nanOf(isSignalling(a) || isSignalling(b));
        }
        if (isInfinite(a) || isInfinite(b)) {
            return isInfinite(a) && isInfinite(b) && negative(a) != negative(b)
                    ? invalid()
                    : new Result(isInfinite(a) ? a : b, 0);
        }
        int unit = Math.min(unit(a), unit(b));
        BigInteger sum = integer(a).shiftLeft(unit(a) - unit).add(integer(b).shiftLeft(unit(b) - unit));
        if (sum.signum() == 0) {
            return exactZeroSum(negative(a), negative(b), mode);
        }
        return round(sum, ONE, unit, mode);
    }

    Result mul(BigInteger a, BigInteger b, int mode) {
        if (isNan(a) || isNan(b)) {
            return nanOf(isSignalling(a) || isSignalling(b));
        }
        boolean sign = negative(a) != negative(b);
        if (isInfinite(a) || isInfinite(b)) {
            return isZero(a) || isZero(b) ? invalid() : new Result(infinity(sign), 0);
        }
        BigInteger product = integer(a).multiply(integer(b));
        return product.signum() == 0 ? new Result(zero(sign), 0) : round(product, ONE, unit(a) + unit(b), mode);
    }

    Result div(BigInteger a, BigInteger b, int mode) {
        if (isNan(a) || isNan(b)) {
            return nanOf(isSignalling(a) || isSignalling(b));
        }
        boolean sign = negative(a) != negative(b);
        if (isInfinite(a)) {
            return isInfinite(b) ? invalid() : new Result(infinity(sign), 0);
        }
        if (isInfinite(b)) {
            return new Result(zero(sign), 0);
        }
        if (isZero(b)) {
            return isZero(a) ? invalid() : new Result(infinity(sign), FpState.DIVIDE_BY_ZERO);
        }
        if (isZero(a)) {
            return new Result(zero(sign), 0);
        }
        BigInteger n = integer(a).abs();
        return round(sign ? n.negate() : n, integer(b).abs(), unit(a) - unit(b), mode);
    }

    Result sqrt(BigInteger a, int mode) {
        if (isNan(a)) {
            return nanOf(isSignalling(a));
        }
        if (isZero(a)) {
            return new Result(a, 0);
        }
        if (negative(a)) {
            return invalid();
        }
        if (isInfinite(a)) {
            return new Result(a, 0);
        }
        int odd = unit(a) & 1;
        BigInteger[] root = integer(a).shiftLeft(600 + odd).sqrtAndRemainder();
        BigInteger sticky = root[1].signum() != 0 ? ONE : BigInteger.ZERO;
        return round(root[0].shiftLeft(1).or(sticky), ONE, (unit(a) - odd) / 2 - 300 - 1, mode);
    }

    Result fma(BigInteger a, BigInteger b, BigInteger c, int mode) {
        if (isInfinite(a) && isZero(b) || isZero(a) && isInfinite(b)) {
            return invalid();
        }
        if (isNan(a) || isNan(b) || isNan(c)) {
            return nanOf(isSignalling(a) || isSignalling(b) || isSignalling(c));
        }
        boolean sign = negative(a) != negative(b);
        if (isInfinite(a) || isInfinite(b)) {
            return isInfinite(c) && negative(c) != sign ? invalid() : new Result(infinity(sign), 0);
        }
        if (isInfinite(c)) {
            return new Result(c, 0);
        }
        BigInteger product = integer(a).multiply(integer(b));
        int unit = Math.min(unit(a) + unit(b), unit(c));
        BigInteger sum =
                product.shiftLeft(unit(a) + unit(b) - unit).add(integer(c).shiftLeft(unit(c) - unit));
        return sum.signum() == 0 ? exactZeroSum(sign, negative(c), mode) : round(sum, ONE, unit, mode);
    }

    /** a - n * b with n = a/b rounded in that mode. */
    Result rem(BigInteger a, BigInteger b, boolean nearest) {
        if (isNan(a) || isNan(b)) {
            return nanOf(isSignalling(a) || isSignalling(b));
        }
        if (isInfinite(a) || isZero(b)) {
            return invalid();
        }
        if (isZero(a) || isInfinite(b)) {
            return new Result(a, 0);
        }
        int unit = Math.min(unit(a), unit(b));
        BigInteger x = integer(a).abs().shiftLeft(unit(a) - unit);
        BigInteger y = integer(b).abs().shiftLeft(unit(b) - unit);
        BigInteger q = quantize(x, y, 0, 0, false, nearest ? Rounding.NEAREST_EVEN : Rounding.TO_ZERO)[0];
        BigInteger r = x.subtract(q.multiply(y));
        if (r.signum() == 0) {
            return new Result(zero(negative(a)), 0);
        }
        return round(negative(a) ? r.negate() : r, ONE, unit, Rounding.NEAREST_EVEN);
    }

    Result convert(BigInteger a, Oracle to, int mode) {
        if (isNan(a)) {
            return to.nanOf(isSignalling(a));
        }
        if (isInfinite(a)) {
            return new Result(to.infinity(negative(a)), 0);
        }
        return isZero(a) ? new Result(to.zero(negative(a)), 0) : to.round(integer(a), ONE, unit(a), mode);
    }

    Result roundToIntegral(BigInteger a, int mode, boolean exact) {
        if (isNan(a)) {
            return nanOf(isSignalling(a));
        }
        if (isInfinite(a) || isZero(a)) {
            return new Result(a, 0);
        }
        BigInteger[] q = quantize(integer(a).abs(), ONE, unit(a), 0, negative(a), mode);
        int flags = exact && q[1].signum() != 0 ? FpState.INEXACT : 0;
        if (q[0].signum() == 0) {
            return new Result(zero(negative(a)), flags);
        }
        return new Result(round(negative(a) ? q[0].negate() : q[0], ONE, 0, mode).bits, flags);
    }

    /** The bits of the integer are the result's low {@code width}, sign-extended. */
    Result toInteger(BigInteger a, int width, boolean signed, int mode) {
        BigInteger low = signed ? ONE.shiftLeft(width - 1).negate() : BigInteger.ZERO;
        BigInteger high = ONE.shiftLeft(signed ? width - 1 : width).subtract(ONE);
        if (isNan(a) || isInfinite(a)) {
            return new Result(negative(a) && !isNan(a) ? low : high, FpState.INVALID);
        }
        BigInteger[] q = quantize(integer(a).abs(), ONE, unit(a), 0, negative(a), mode);
        BigInteger v = negative(a) ? q[0].negate() : q[0];
        if (v.compareTo(low) < 0 || v.compareTo(high) > 0) {
            return new Result(v.signum() < 0 ? low : high, FpState.INVALID);
        }
        return new Result(v, q[1].signum() != 0 ? FpState.INEXACT : 0);
    }

    Result fromInteger(BigInteger a, int mode) {
        return a.signum() == 0 ? new Result(zero(false), 0) : round(a, ONE, 0, mode);
    }
}
