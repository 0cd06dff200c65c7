package dev.rhea.engine.ir;

/** What a jump is in the guest's calling convention: a hint that translation may use, never needed to be right. */
public enum Flow {
    /** Just a jump. */
    JUMP,
    /** Leaves a return address behind. */
    CALL,
    /** Goes back to one. */
    RETURN
}
