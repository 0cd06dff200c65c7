package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Op;

/**
 * The interpreter's own instructions: one 64-bit word each.
 *
 * <pre>
 *  bits  0.. 7  d   slot that is written; the value of a store
 *  bits  8..15  a   first source slot
 *  bits 16..23  b   second source slot
 *  bits 24..51      immediate where a and b are used (28 bits, signed)
 *  bits 16..51      immediate where b is not used (36 bits, signed)
 *  bits 19..51      displacement of a memory operation (33 bits, signed); bits 16..18 are its size less one
 *  bits  8..51      immediate of {@link #LI} and {@link #SEQUENCE} (44 bits)
 *  bits 52..59  op
 *  bits 60..63  n   length of the guest instruction in granules
 * </pre>
 *
 * <p>The fields lie where x86-64 gets at them soonest: slots in the low bytes, op and length together on top, which is what
 * {@link TemplateLoop} has a handler for.
 *
 * <p>Ops below {@link #FIRST_RARE} are executed inside {@link HotLoop}, the others by {@link RareOps} and {@link FloatOps}. A
 * word of 0 is code that was not decoded yet.
 */
final class MicroOp {
    private MicroOp() {}

    /** Slot that always holds 0. */
    static final int ZERO = Globals.SLOTS - 1;

    // ---- control
    /** Not decoded. */
    static final int DECODE = 0;
    /** Past the last slot of the page; also the end of a sequence. */
    static final int NEXT_PAGE = 1;
    /** An instruction that goes on in the next page: put together at each execution. */
    static final int SPAN = 2;
    /** Translated code starts here: back to the loop. */
    static final int REGION = 3;
    /** The instruction needs several micro-operations; they are at 8 times the immediate, unsigned. */
    static final int SEQUENCE = 4;

    static final int TRAP = 5;
    static final int LEAVE = 6;
    static final int NOP = 7;
    static final int LI = 8;
    static final int MOV = 9;
    /** Address of the instruction plus immediate. */
    static final int PC = 10;
    /** Branches within the page, in the order of {@link Op#EQ} to {@link Op#GEU}: the immediate counts bytes of words. */
    static final int BRANCH_IN = 11;
    /** Branches out of the page: the immediate counts bytes of code. */
    static final int BRANCH_OUT = 17;

    static final int JUMP_IN = 23;
    static final int JUMP_OUT = 24;
    /** Jump that leaves the next instruction's address in d. */
    static final int LINK_IN = 25;

    static final int LINK_OUT = 26;
    /** To a + immediate. */
    static final int INDIRECT = 27;

    static final int INDIRECT_LINK = 28;
    /** To a + immediate with bit 0 cleared. */
    static final int INDIRECT_EVEN = 29;

    static final int INDIRECT_EVEN_LINK = 30;

    // ---- hot integer operations; the W ones take the low 32 bits and give a sign-extended result
    static final int ADDI = 31;
    static final int ANDI = 32;
    static final int ORI = 33;
    static final int XORI = 34;
    static final int SHLI = 35;
    static final int SHRI = 36;
    static final int SARI = 37;
    static final int ADD = 38;
    static final int SUB = 39;
    static final int AND = 40;
    static final int OR = 41;
    static final int XOR = 42;
    static final int SHL = 43;
    static final int SHR = 44;
    static final int SAR = 45;
    static final int MUL = 46;
    static final int ADDIW = 47;
    static final int SHLIW = 48;
    static final int SHRIW = 49;
    static final int SARIW = 50;
    static final int ADDW = 51;
    static final int SUBW = 52;
    static final int SHLW = 53;
    static final int SHRW = 54;
    static final int SARW = 55;
    static final int MULW = 56;
    static final int LTS = 57;
    static final int LTU = 58;
    static final int LTSI = 59;
    static final int LTUI = 60;
    static final int SEXTW = 61;
    static final int ZEXTW = 62;
    /** (a << immediate) + b. */
    static final int SHADD = 63;

    // ---- rare
    static final int FIRST_RARE = 64;
    /** Two-operand operations in the order of {@link Op#ADD} to {@link Op#MAXU}. */
    static final int BINARY = 64;

    static final int BINARYW = BINARY + 21;
    /** One-operand operations in the order of {@link Op#NEG} to {@link Op#ZEXT16}. */
    static final int UNARY = BINARYW + 21;

    static final int UNARYW = UNARY + 11;
    /** Comparisons as values, in the order of {@link Op#EQ} to {@link Op#GEU}. */
    static final int COMPARE = UNARYW + 11;

    static final int SELECT = COMPARE + 6;
    static final int ANDN = SELECT + 1;
    static final int ORN = SELECT + 2;
    static final int XORN = SELECT + 3;
    static final int ROTRI = SELECT + 4;
    static final int ROTRIW = SELECT + 5;
    /** Memory accesses that the main loop does not know: flags of {@link #flags} in b, displacement in 28 bits. */
    static final int LOADX = SELECT + 6;

    static final int STOREX = SELECT + 7;
    /** Atomics: address a, operands b and (immediate bits 0..7) c, flags in immediate bits 8..15, kind in bits 16..19. */
    static final int RMW = SELECT + 8;

    static final int CAS = SELECT + 9;
    static final int LOAD_EXCLUSIVE = SELECT + 10;
    static final int STORE_EXCLUSIVE = SELECT + 11;
    static final int FENCE = SELECT + 12;
    /** Helper number in immediate bits 8 and up, c in bits 0..7. */
    static final int CALL = SELECT + 13;

    // ---- only in sequences
    static final int FIRST_SEQUENCE_ONLY = SELECT + 14;
    /** The constant is the next word. */
    static final int LI64 = SELECT + 14;
    /** With the value in a; the code is the immediate. */
    static final int TRAP_VALUE = SELECT + 15;
    /** As TRAP_VALUE where b is not 0. */
    static final int TRAP_IF = SELECT + 16;
    /** A call after which the processor goes through the execution loop. */
    static final int CALL_AND_LEAVE = SELECT + 17;

    static final int LAST_SEQUENCE_ONLY = CALL_AND_LEAVE;

    // ---- floating point: F32 at the even number, F64 at the odd one; rounding in immediate bits 8..10, c in bits 0..7
    static final int FIRST_FLOAT = 160;
    static final int FADD = 160;
    static final int FSUB = 162;
    static final int FMUL = 164;
    static final int FDIV = 166;
    static final int FSQRT = 168;
    static final int FMA = 170;
    static final int FNEG = 172;
    static final int FABS = 174;
    static final int FEQ = 176;
    static final int FLT = 178;
    static final int FLE = 180;
    /** To the type that the number says, from the other one. */
    static final int FCVT = 182;
    /** From integers: immediate bit 11 for I64, bit 12 for signed. To integers the same. */
    static final int FROM_INT = 184;

    static final int TO_INT = 186;
    /** F32 with its box checked; as BITCAST to I32, sign-extended; BITCAST from I32. */
    static final int UNBOX = 188;

    static final int FLOAT_TO_BITS = 189;
    static final int FLOAT_FROM_BITS = 190;

    // ---- memory, in the main loop: little-endian, any alignment, addresses of the architecture's own type
    static final int LOAD = 240;
    static final int STORE = 248;
    /** Kinds of load; S64 for both signs. Stores have sizeLog2. */
    static final int KIND_S8 = 0;

    static final int KIND_S16 = 1;
    static final int KIND_S32 = 2;
    static final int KIND_64 = 3;
    static final int KIND_U8 = 4;
    static final int KIND_U16 = 5;
    static final int KIND_U32 = 6;

    // ---- flags of an access
    static final int SIZE_LOG2 = 3;
    static final int SIGNED = 4;
    static final int BIG_ENDIAN = 8;
    static final int ALIGNED = 16;
    /** The address is taken modulo 2^32. */
    static final int ADDRESS_32 = 32;

    private static final int OP_SHIFT = 52;
    private static final int GRANULES_SHIFT = 60;
    /** The bits of slots and immediate. */
    private static final long OPERANDS = (1L << OP_SHIFT) - 1;

    static int op(long word) {
        return (int) (word >>> OP_SHIFT) & 255;
    }

    /** Op and length: op + 256 n. */
    static int form(long word) {
        return (int) (word >>> OP_SHIFT);
    }

    static int d(long word) {
        return (int) word & 255;
    }

    static int a(long word) {
        return (int) word >>> 8 & 255;
    }

    static int b(long word) {
        return (int) word >>> 16 & 255;
    }

    /** The third source slot of the few that have one: the low bits of the immediate. */
    static int c(long word) {
        return (int) word >>> 24;
    }

    static long imm28(long word) {
        return word << 12 >> 36;
    }

    static long imm36(long word) {
        return word << 12 >> 28;
    }

    static long imm44(long word) {
        return word << 12 >> 20;
    }

    /** Of a memory operation. */
    static long displacement(long word) {
        return word << 12 >> 31;
    }

    /** Host address of a {@link #SEQUENCE}'s micro-operations. */
    static long sequence(long word) {
        return word << 12 >>> 20 << 3;
    }

    static int granules(long word) {
        return (int) (word >>> GRANULES_SHIFT);
    }

    static long withGranules(long word, int granules) {
        return word << 4 >>> 4 | (long) granules << GRANULES_SHIFT;
    }

    /** The same operands for another operation of the same length. */
    static long withOp(long word, int op) {
        return word & ~(255L << OP_SHIFT) | (long) op << OP_SHIFT;
    }

    /** The same slots with another immediate of 28 bits. */
    static long withImm28(long word, long imm28) {
        return word & ~(OPERANDS >>> 24 << 24) | imm28 << 24 & OPERANDS;
    }

    /** The same slots d and a with another immediate of 36 bits. */
    static long withImm36(long word, long imm36) {
        return word & ~(OPERANDS >>> 16 << 16) | imm36 << 16 & OPERANDS;
    }

    /** Without operands. */
    static long word(int op) {
        return (long) op << OP_SHIFT;
    }

    /** With an immediate of 28 bits. */
    static long word(int op, int d, int a, int b, long imm28) {
        return (long) op << OP_SHIFT | d | (long) a << 8 | (long) b << 16 | imm28 << 24 & OPERANDS;
    }

    /** With an immediate of 36 bits. */
    static long word(int op, int d, int a, long imm36) {
        return (long) op << OP_SHIFT | d | (long) a << 8 | imm36 << 16 & OPERANDS;
    }

    /** With an immediate of 44 bits. */
    static long word(int op, int d, long imm44) {
        return (long) op << OP_SHIFT | d | imm44 << 8 & OPERANDS;
    }

    /** A {@link #LOAD} or {@link #STORE} of {@code size} bytes. */
    static long memory(int op, int d, int a, int size, long displacement) {
        return (long) op << OP_SHIFT | d | (long) a << 8 | (long) (size - 1) << 16 | displacement << 19 & OPERANDS;
    }

    static boolean fits(long value, int bits) {
        return value << 64 - bits >> 64 - bits == value;
    }

    /** Whether the word is a jump whose target depends on where it stands, as lowering leaves it. */
    static boolean isRelativeOut(int op) {
        return op >= BRANCH_OUT && op < BRANCH_OUT + 6 || op == JUMP_OUT || op == LINK_OUT;
    }

    /** Whether control never goes on to the next word in the page, or may leave it: where decoding ahead stops. */
    static boolean endsBlock(int op) {
        return op >= BRANCH_IN && op <= INDIRECT_EVEN_LINK || op == TRAP || op == LEAVE;
    }
}
