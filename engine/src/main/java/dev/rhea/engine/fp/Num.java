package dev.rhea.engine.fp;

/**
 * A floating-point number taken apart, the same for every format: (-1)^sign * 1.fraction * 2^exponent, with the
 * significand in 128 bits {@code hi:lo} whose top bit is the leading one. Formats have at most 113 bits, so 15 remain
 * below for what an operation's exact result has more; the lowest bit is sticky: it is set if anything below it is not 0.
 *
 * <p>A NaN keeps its payload where the fraction stands, the quiet bit at bit 62 of {@code hi}. Mutable: {@link FpState}
 * has three and operations leave their result in the first.
 */
final class Num {
    static final int ZERO = 0;
    static final int FINITE = 1;
    static final int INFINITE = 2;
    static final int QUIET = 3;
    static final int SIGNALLING = 4;

    private static final long TOP = 1L << 63;
    private static final long QUIET_BIT = 1L << 62;

    /** ZERO to SIGNALLING. */
    int kind;

    boolean sign;
    /** Only of a FINITE number. */
    int exponent;

    long hi;
    long lo;

    boolean isNan() {
        return kind >= QUIET;
    }

    /** Takes an encoding apart. */
    Num unpack(Format f, long high, long low) {
        int field;
        switch (f.stored) {
            case 113 -> {
                sign = high < 0;
                field = (int) (high >>> 48) & 0x7fff;
                hi = high << 16 >>> 1 | low >>> 49;
                lo = low << 15;
            }
            case 64 -> {
                sign = (high >>> 15 & 1) != 0;
                field = (int) high & 0x7fff;
                return unpackExplicit(field, low);
            }
            default -> {
                int fraction = f.stored - 1;
                sign = (low >>> f.exponentBits + fraction & 1) != 0;
                field = (int) (low >>> fraction) & f.maxField();
                hi = low << 64 - fraction >>> 1;
                lo = 0;
            }
        }
        if (field == f.maxField()) {
            kind = (hi | lo) == 0 ? INFINITE : (hi & QUIET_BIT) != 0 ? QUIET : SIGNALLING;
            hi |= TOP;
        } else if (field != 0) {
            kind = FINITE;
            hi |= TOP;
            exponent = field - f.emax;
        } else {
            exponent = f.emin;
            normalize();
        }
        return this;
    }

    /**
     * X80, whose leading bit is stored. Encodings that the format does not have (Intel SDM volume 1, table "Unsupported
     * double extended-precision encodings") become a signalling NaN with no payload at all.
     */
    private Num unpackExplicit(int field, long significand) {
        hi = significand;
        lo = 0;
        if (field == 0) {
            exponent = 1 - 0x3fff;
            normalize();
        } else if (significand >= 0) {
            kind = SIGNALLING;
            hi = 0;
        } else if (field == 0x7fff) {
            kind = significand == TOP ? INFINITE : (significand & QUIET_BIT) != 0 ? QUIET : SIGNALLING;
        } else {
            kind = FINITE;
            exponent = field - 0x3fff;
        }
        return this;
    }

    Num set(Num other) {
        kind = other.kind;
        sign = other.sign;
        exponent = other.exponent;
        hi = other.hi;
        lo = other.lo;
        return this;
    }

    /** The integer hi:lo, negated if {@code negative}. */
    Num setInteger(boolean negative, long high, long low) {
        sign = negative;
        exponent = 127;
        hi = high;
        lo = low;
        normalize();
        return this;
    }

    void setZero(boolean negative) {
        kind = ZERO;
        sign = negative;
        hi = 0;
        lo = 0;
    }

    void setInfinity(boolean negative) {
        kind = INFINITE;
        sign = negative;
        hi = TOP;
        lo = 0;
    }

    /** Shifts the significand left until its top bit is set; all zeros make it a ZERO. */
    void normalize() {
        if (hi == 0) {
            if (lo == 0) {
                kind = ZERO;
                return;
            }
            hi = lo;
            lo = 0;
            exponent -= 64;
        }
        kind = FINITE;
        int n = Long.numberOfLeadingZeros(hi);
        if (n != 0) {
            hi = hi << n | lo >>> 64 - n;
            lo <<= n;
            exponent -= n;
        }
    }

    /** Shifts the significand right by {@code n >= 0}; bits that fall off stay as a sticky lowest bit. */
    void shiftRightSticky(int n) {
        if (n == 0) {
            return;
        }
        long lost;
        if (n < 64) {
            lost = lo << 64 - n;
            lo = hi << 64 - n | lo >>> n;
            hi >>>= n;
        } else if (n < 128) {
            lost = lo | (n == 64 ? 0 : hi << 128 - n);
            lo = hi >>> n - 64;
            hi = 0;
        } else {
            lost = hi | lo;
            lo = 0;
            hi = 0;
        }
        if (lost != 0) {
            lo |= 1;
        }
    }

    /** Whether this significand is below the other's. */
    boolean significandBelow(Num other) {
        return hi == other.hi ? Long.compareUnsigned(lo, other.lo) < 0 : Long.compareUnsigned(hi, other.hi) < 0;
    }
}
