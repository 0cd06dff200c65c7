package dev.rhea.engine.ir;

/** The type of a value. */
public enum Type {
    /** 32-bit integer; in a 64-bit place it is sign-extended. */
    I32,
    /** 64-bit integer. */
    I64,
    /** IEEE binary32; in a 64-bit place it is NaN-boxed (upper half all ones). */
    F32,
    /** IEEE binary64; in a 64-bit place its bits. */
    F64,
    /** 128 bits in two 64-bit lanes; only globals have it, values are {@link Builder.V128} pairs. */
    V128
}
