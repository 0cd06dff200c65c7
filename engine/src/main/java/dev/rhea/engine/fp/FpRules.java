package dev.rhea.engine.fp;

/**
 * Where IEEE 754 leaves the choice to the architecture.
 *
 * @param defaultNan every NaN result is the default NaN (RISC-V, Arm with FPCR.DN); otherwise a NaN operand propagates
 * @param defaultNanNegative the default NaN has its sign set (x86)
 * @param tininessAfterRounding underflow is detected after rounding (RISC-V, x86), or before (Arm)
 * @param fmaInvalidForZeroTimesInfinityPlusQuietNan 0 * inf + qNaN raises invalid (RISC-V, Arm)
 * @param saturatingConversions float to integer saturates by sign, NaN to the maximum (RISC-V); otherwise the type's minimum (x86's indefinite)
 */
public record FpRules(
        boolean defaultNan,
        boolean defaultNanNegative,
        boolean tininessAfterRounding,
        boolean fmaInvalidForZeroTimesInfinityPlusQuietNan,
        boolean saturatingConversions) {
    /** RISC-V: unprivileged manual, chapter "F". */
    public static final FpRules DEFAULT_NAN_AFTER_ROUNDING = new FpRules(true, false, true, true, true);
}
