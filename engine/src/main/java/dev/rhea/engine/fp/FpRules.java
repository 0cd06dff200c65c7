package dev.rhea.engine.fp;

/**
 * Where IEEE 754 leaves the choice to the architecture.
 *
 * @param nan which NaN an operation with NaN operands gives
 * @param defaultNanNegative the default NaN has its sign set (x86)
 * @param tininessAfterRounding underflow is detected after rounding (RISC-V, x86), or before (Arm)
 * @param fmaInvalidForZeroTimesInfinityPlusQuietNan 0 * inf + qNaN raises invalid and gives the default NaN (RISC-V, Arm);
 *     otherwise the NaN propagates in silence
 * @param toInteger what a float that does not fit an integer is converted to
 */
public record FpRules(
        NanChoice nan,
        boolean defaultNanNegative,
        boolean tininessAfterRounding,
        boolean fmaInvalidForZeroTimesInfinityPlusQuietNan,
        OutOfRange toInteger) {
    /** Which NaN comes out of an operation that NaNs go into. What comes out is always quiet. */
    public enum NanChoice {
        /** Always the default NaN (RISC-V, Arm with FPCR.DN). */
        DEFAULT,
        /** The first operand that is a NaN (x86 SSE). */
        FIRST,
        /** The first signalling operand, else the first NaN; the addend of a fused multiply-add counts as first (Arm). */
        SIGNALLING_FIRST,
        /** A quiet one before a signalling one, then the one with the larger significand, then the positive one (x87). */
        LARGER_SIGNIFICAND
    }

    /** What a float that no value of the integer type equals is converted to, besides raising invalid. */
    public enum OutOfRange {
        /** The nearest value of the type; a NaN counts as +infinity (RISC-V). */
        SATURATE_NAN_AS_MAXIMUM,
        /** The nearest value of the type; 0 for a NaN (Arm). */
        SATURATE_NAN_AS_ZERO,
        /** The integer indefinite: the signed minimum, the unsigned maximum (x86). */
        INDEFINITE
    }

    /** RISC-V: unprivileged manual, chapter "F". */
    public static final FpRules DEFAULT_NAN_AFTER_ROUNDING =
            new FpRules(NanChoice.DEFAULT, false, true, true, OutOfRange.SATURATE_NAN_AS_MAXIMUM);
}
