package dev.rhea.arch.riscv;

/** What FCLASS and VFCLASS tell. */
public final class FloatClass {
    private FloatClass() {}

    /**
     * FCLASS's ten bits: unprivileged manual, table "Format of result of FCLASS instruction".
     *
     * @param fractionBits bits below the exponent
     * @param exponentBits bits of the exponent
     */
    public static int of(long bits, int exponentBits, int fractionBits) {
        boolean negative = (bits >>> exponentBits + fractionBits & 1) != 0;
        long exponent = bits >>> fractionBits & (1L << exponentBits) - 1;
        long fraction = bits & (1L << fractionBits) - 1;
        if (exponent == (1L << exponentBits) - 1) {
            if (fraction != 0) {
                return (fraction >>> fractionBits - 1) != 0 ? 1 << 9 : 1 << 8;
            }
            return negative ? 1 : 1 << 7;
        }
        int magnitude = exponent != 0 ? 0 : fraction != 0 ? 1 : 2; // normal, subnormal, zero
        return negative ? 2 << magnitude : 1 << 6 - magnitude;
    }
}
