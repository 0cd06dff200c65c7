package dev.rhea.engine.ir;

/**
 * What a {@link Node} does. Integer operations exist for {@link Type#I32} and {@link Type#I64}; {@code a}, {@code b},
 * {@code c} are the node's operands and {@code imm} its immediate.
 */
public enum Op {
    // ---- leaves
    /** The integer {@code imm}. */
    CONST,
    /** The address of this instruction plus {@code imm}. */
    PC,
    /** The value of the global {@code ref}. */
    GET,

    // ---- integers: (a, b), both of the node's type
    ADD,
    SUB,
    MUL,
    AND,
    OR,
    XOR,
    /** Shifts take the amount modulo the width; the amount is of the node's type. */
    SHL,
    SHR,
    SAR,
    ROTL,
    ROTR,
    /** Upper half of the double-width product. */
    MULHS,
    MULHU,
    /** Division that never traps: by zero gives 0, MIN / -1 gives MIN, and the remainders 0 for -1 and {@code a} for 0. */
    DIVS,
    DIVU,
    REMS,
    REMU,
    MINS,
    MAXS,
    MINU,
    MAXU,

    // ---- integers: (a)
    NEG,
    NOT,
    /** Leading zeros, trailing zeros (the width if a is 0), ones. */
    CLZ,
    CTZ,
    POPCNT,
    /** Bytes reversed; bits reversed. */
    BSWAP,
    BITREV,
    /** The low 8 or 16 bits of a, extended to the node's type. */
    SEXT8,
    SEXT16,
    ZEXT8,
    ZEXT16,
    /** I32 to I64. */
    SEXT32,
    ZEXT32,
    /** I64 to I32. */
    TRUNC,

    // ---- comparisons of integers of equal type: I32, 0 or 1
    EQ,
    NE,
    LTS,
    GES,
    LTU,
    GEU,
    /** c if the I32 {@code a} is not 0, else... read as {@code a ? b : c}; any type. */
    SELECT,

    // ---- memory; ref is a MemOp, the address is a + imm (a is I64, or I32 taken as unsigned)
    /** I32 for sizes 1 to 4 or I64 for any, extended as the MemOp says. */
    LOAD,
    /** Stores the low bytes of b. */
    STORE,
    /** Atomic read-modify-write: stores {@code kind(old, b)}; the value is old, sign-extended. {@code atomic()} tells the kind. */
    RMW,
    /** Atomic compare and swap: if memory is b, stores c; the value is what was found, sign-extended. */
    CAS,
    /** Load that opens a reservation; the value is sign-extended. */
    LOAD_EXCLUSIVE,
    /** Stores b if the reservation holds; 0 on success, 1 on failure (I32). */
    STORE_EXCLUSIVE,
    /** Memory barrier; if {@code imm} is not 0, a read behind it may overtake a write before it. */
    FENCE,

    // ---- floating point: F32 or F64; imm is a rounding mode (Rounding), results set flags in Cpu.fp
    FADD,
    FSUB,
    FMUL,
    FDIV,
    FSQRT,
    /** a * b + c, rounded once. */
    FMA,
    /** Sign operations; no flags. */
    FNEG,
    FABS,
    /** Comparisons: I32 0 or 1. FEQ is quiet, FLT and FLE signal on any NaN. */
    FEQ,
    FLT,
    FLE,
    /** F32 from F64 and back. */
    FCVT,
    /** Float from the signed or unsigned integer a (I32 or I64). */
    FROM_S,
    FROM_U,
    /** I32 or I64 from the float a; what does not fit saturates as the architecture's {@code fp} rules say. */
    TO_S,
    TO_U,
    /** Same bits, other type: I32 and F32, I64 and F64. */
    BITCAST,
    /** F32 from a 64-bit register: NaN-boxed value, or the canonical NaN where the box is broken. */
    UNBOX,
    /** I64 from F32, upper half all ones. */
    BOX,

    // ---- effects
    /** Writes a to the global {@code ref}. */
    SET,
    /** Calls the {@link Helper} {@code ref} with a, b, c (absent ones are 0). The type may be null: no value. */
    CALL,

    // ---- ends of the instruction's block
    /** To this instruction's address + imm. */
    JUMP,
    /** To this instruction's address + imm if the I32 a is not 0, else on. */
    JUMP_IF,
    /** To the address a. */
    JUMP_TO,
    /** Guest exception imm (the architecture's own number) with the value a or 0; the pc stays on this instruction. */
    TRAP,
    /** As TRAP if the I32 {@code b} is not 0, else on within the instruction. */
    TRAP_IF,
    /** Has the interpreter do the instruction, which has had no effect yet, if the I32 a is not 0; see {@link Builder#giveUpIf}. */
    GIVE_UP_IF,
    /** Leaves to the execution loop, at the next instruction: what was decoded may have changed. */
    LEAVE;

    /** Whether the node has an effect besides its value, so that it must stay where it is. */
    public boolean effect() {
        return switch (this) {
            case LOAD,
                    STORE,
                    RMW,
                    CAS,
                    LOAD_EXCLUSIVE,
                    STORE_EXCLUSIVE,
                    FENCE,
                    SET,
                    CALL,
                    JUMP,
                    JUMP_IF,
                    JUMP_TO,
                    TRAP,
                    TRAP_IF,
                    GIVE_UP_IF,
                    LEAVE,
                    FADD,
                    FSUB,
                    FMUL,
                    FDIV,
                    FSQRT,
                    FMA,
                    FEQ,
                    FLT,
                    FLE,
                    FCVT,
                    FROM_S,
                    FROM_U,
                    TO_S,
                    TO_U -> true;
            default -> false;
        };
    }

    /** Whether nothing can follow it in the instruction. */
    public boolean ends() {
        return switch (this) {
            case JUMP, JUMP_IF, JUMP_TO, TRAP, LEAVE -> true;
            default -> false;
        };
    }
}
