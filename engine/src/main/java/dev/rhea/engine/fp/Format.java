package dev.rhea.engine.fp;

/**
 * A binary floating-point format: IEEE 754-2019 section 3.4, and the x87's extended one, whose leading bit is stored.
 *
 * <p>Encodings travel as two longs. Formats of up to 64 bits have theirs in the lower one; {@link #F128} fills both;
 * {@link #X80} has its 64-bit significand in the lower and sign and exponent in the low 16 bits of the upper one.
 */
final class Format {
    static final Format F16 = new Format(5, 11, 11);
    static final Format BF16 = new Format(8, 8, 8);
    static final Format F32 = new Format(8, 24, 24);
    static final Format F64 = new Format(11, 53, 53);
    static final Format X80 = new Format(15, 64, 64);
    /** X80 as the x87's precision control narrows it: rounded to fewer bits, with the exponent range of X80. */
    static final Format X80_TO_53 = new Format(15, 64, 53);

    static final Format X80_TO_24 = new Format(15, 64, 24);
    static final Format F128 = new Format(15, 113, 113);

    final int exponentBits;
    /** Bits of the significand with the leading one, as stored. */
    final int stored;
    /** Bits of the significand that results are rounded to. */
    final int precision;
    /** The largest exponent, which is also the bias. */
    final int emax;
    /** The exponent of the smallest normal number. */
    final int emin;

    private Format(int exponentBits, int stored, int precision) {
        this.exponentBits = exponentBits;
        this.stored = stored;
        this.precision = precision;
        this.emax = (1 << exponentBits - 1) - 1;
        this.emin = 1 - emax;
    }

    /** Exponent field of infinities and NaNs. */
    int maxField() {
        return (1 << exponentBits) - 1;
    }

    /**
     * Puts an encoding together: returns its lower long and leaves the upper one in {@link FpState#high}.
     *
     * @param field the exponent field
     * @param hi significand, leading bit at bit 63; only X80 stores that bit
     */
    long encode(FpState s, boolean sign, int field, long hi, long lo) {
        switch (stored) {
            case 113 -> {
                s.high = (sign ? 1L << 63 : 0) | (long) field << 48 | hi << 1 >>> 16;
                return hi << 49 | lo >>> 15;
            }
            case 64 -> {
                s.high = (sign ? 1 << 15 : 0) | field;
                return hi;
            }
            default -> {
                int fraction = stored - 1;
                return (sign ? 1L << exponentBits + fraction : 0)
                        | (long) field << fraction
                        | hi << 1 >>> 64 - fraction;
            }
        }
    }
}
