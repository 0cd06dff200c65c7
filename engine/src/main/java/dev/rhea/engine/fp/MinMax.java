package dev.rhea.engine.fp;

/** What minimum and maximum make of NaNs. All of them raise invalid for a signalling NaN. */
public enum MinMax {
    /** IEEE 754-2008 minNum, maxNum: a quiet NaN loses against a number, a signalling one wins. */
    NUMBER_2008,
    /** IEEE 754-2019 minimumNumber, maximumNumber: every NaN loses against a number (RISC-V's FMIN, FMAX). */
    NUMBER_2019,
    /** IEEE 754-2019 minimum, maximum: every NaN wins (RISC-V's FMINM, FMAXM; Arm's FMIN, FMAX). */
    NAN_2019
}
