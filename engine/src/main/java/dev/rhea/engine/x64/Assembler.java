package dev.rhea.engine.x64;

/**
 * The x86-64 instructions that translated code is made of. Position-independent: jumps are relative, and leave only through
 * registers and memory. Registers are numbers, 0 to 15; {@code wide} tells 64-bit operations from 32-bit ones, which clear
 * the upper half.
 *
 * <p>All jumps have 32-bit displacements: the code is made in one pass, and size matters less than time.
 */
public final class Assembler extends MachineCode {
    public static final int RAX = 0;
    public static final int RCX = 1;
    public static final int RDX = 2;
    public static final int RBX = 3;
    public static final int RSP = 4;
    public static final int RBP = 5;
    public static final int RSI = 6;
    public static final int RDI = 7;
    public static final int R8 = 8;
    public static final int R9 = 9;
    public static final int R10 = 10;
    public static final int R11 = 11;
    public static final int R12 = 12;
    public static final int R13 = 13;
    public static final int R14 = 14;
    public static final int R15 = 15;

    // Operations of the first group: /digit of 81, and opcode / 8.
    public static final int ADD = 0;
    public static final int OR = 1;
    public static final int AND = 4;
    public static final int SUB = 5;
    public static final int XOR = 6;
    public static final int CMP = 7;

    // Shifts: /digit of C1 and D3.
    public static final int ROL = 0;
    public static final int ROR = 1;
    public static final int SHL = 4;
    public static final int SHR = 5;
    public static final int SAR = 7;

    // One operand: /digit of F7.
    public static final int NOT = 2;
    public static final int NEG = 3;
    public static final int MUL = 4;
    public static final int IMUL = 5;
    public static final int DIV = 6;
    public static final int IDIV = 7;

    // Conditions: low bits of Jcc, SETcc, CMOVcc; the lowest bit inverts.
    public static final int BELOW = 2;
    public static final int NOT_BELOW = 3;
    public static final int EQUAL = 4;
    public static final int NOT_EQUAL = 5;
    public static final int NOT_ABOVE = 6;
    public static final int ABOVE = 7;
    public static final int SIGN = 8;
    public static final int NOT_SIGN = 9;
    public static final int PARITY = 10;
    public static final int NOT_PARITY = 11;
    public static final int LESS = 12;
    public static final int NOT_LESS = 13;

    // ---- moves

    public void mov(int d, int s, boolean wide) {
        register(wide, 0x8b, d, s);
    }

    /** The shortest way to a constant; the flags stay. */
    public void movImm(int d, long value) {
        if (value == (value & 0xffffffffL)) {
            rex(false, 0, 0, d, false);
            put(0xb8 | d & 7);
            imm32((int) value);
        } else if (value == (int) value) {
            rex(true, 0, 0, d, false);
            put(0xc7);
            put(0xc0 | d & 7);
            imm32((int) value);
        } else {
            rex(true, 0, 0, d, false);
            put(0xb8 | d & 7);
            imm32((int) value);
            imm32((int) (value >>> 32));
        }
    }

    /** Loads 1 &lt;&lt; log2 bytes, extended to 32 or, {@code wide}, 64 bits. */
    public void load(int d, Mem m, int log2, boolean signed, boolean wide) {
        switch (log2) {
            case 0 -> memory2(wide, signed ? 0xbe : 0xb6, d, m);
            case 1 -> memory2(wide, signed ? 0xbf : 0xb7, d, m);
            case 2 -> {
                if (signed && wide) {
                    memory(true, 0x63, d, m);
                } else {
                    memory(false, 0x8b, d, m);
                }
            }
            default -> memory(true, 0x8b, d, m);
        }
    }

    /** Stores the low 1 &lt;&lt; log2 bytes. */
    public void store(int s, Mem m, int log2) {
        switch (log2) {
            case 0 -> {
                rex(false, s, Math.max(m.index(), 0), m.base(), s >= RSP);
                put(0x88);
                modrm(s, m);
            }
            case 1 -> {
                put(0x66);
                memory(false, 0x89, s, m);
            }
            case 2 -> memory(false, 0x89, s, m);
            default -> memory(true, 0x89, s, m);
        }
    }

    /** Stores a constant of 4 or, sign-extended, 8 bytes. */
    public void storeImm(Mem m, int value, boolean wide) {
        memory(wide, 0xc7, 0, m);
        imm32(value);
    }

    public void lea(int d, Mem m, boolean wide) {
        memory(wide, 0x8d, d, m);
    }

    /** Sign-extends 32 bits. */
    public void movsxd(int d, int s) {
        register(true, 0x63, d, s);
    }

    /** Extends the low 8 (log2 0) or 16 (log2 1) bits of a register. */
    public void extend(int d, int s, int log2, boolean signed, boolean wide) {
        rex(wide, d, 0, s, log2 == 0 && s >= RSP);
        put(0x0f);
        put((signed ? 0xbe : 0xb6) | log2);
        put(0xc0 | (d & 7) << 3 | s & 7);
    }

    /** The second byte, bits 8 to 15, zero-extended; both registers are among RAX to RBX. */
    public void secondByte(int d, int s) {
        put(0x0f);
        put(0xb6);
        put(0xc0 | d << 3 | s + 4);
    }

    public void push(int s) {
        rex(false, 0, 0, s, false);
        put(0x50 | s & 7);
    }

    public void pop(int d) {
        rex(false, 0, 0, d, false);
        put(0x58 | d & 7);
    }

    // ---- arithmetic

    /** {@code d = d op s}; {@link #CMP} and {@link #test} only set flags. */
    public void alu(int op, int d, int s, boolean wide) {
        register(wide, op << 3 | 3, d, s);
    }

    public void alu(int op, int d, Mem s, boolean wide) {
        memory(wide, op << 3 | 3, d, s);
    }

    public void alu(int op, Mem d, int s, boolean wide) {
        memory(wide, op << 3 | 1, s, d);
    }

    public void aluImm(int op, int d, int imm, boolean wide) {
        rex(wide, 0, 0, d, false);
        if (imm == (byte) imm) {
            put(0x83);
            put(0xc0 | op << 3 | d & 7);
            put(imm);
        } else {
            put(0x81);
            put(0xc0 | op << 3 | d & 7);
            imm32(imm);
        }
    }

    public void aluImm(int op, Mem d, int imm, boolean wide) {
        if (imm == (byte) imm) {
            memory(wide, 0x83, op, d);
            put(imm);
        } else {
            memory(wide, 0x81, op, d);
            imm32(imm);
        }
    }

    public void test(int a, int b, boolean wide) {
        register(wide, 0x85, b, a);
    }

    public void imul(int d, int s, boolean wide) {
        register2(wide, 0, 0xaf, d, s);
    }

    public void imul(int d, Mem s, boolean wide) {
        memory2(wide, 0xaf, d, s);
    }

    /** {@link #NOT}, {@link #NEG}; and {@link #MUL} to {@link #IDIV} on RDX:RAX. */
    public void unary(int op, int d, boolean wide) {
        rex(wide, 0, 0, d, false);
        put(0xf7);
        put(0xc0 | op << 3 | d & 7);
    }

    /** Sign of RAX to RDX. */
    public void signToRdx(boolean wide) {
        rex(wide, 0, 0, 0, false);
        put(0x99);
    }

    public void shift(int op, int d, int amount, boolean wide) {
        rex(wide, 0, 0, d, false);
        put(0xc1);
        put(0xc0 | op << 3 | d & 7);
        put(amount);
    }

    /** By CL, modulo the width. */
    public void shiftCl(int op, int d, boolean wide) {
        rex(wide, 0, 0, d, false);
        put(0xd3);
        put(0xc0 | op << 3 | d & 7);
    }

    public void bswap(int d, boolean wide) {
        rex(wide, 0, 0, d, false);
        put(0x0f);
        put(0xc8 | d & 7);
    }

    /** Needs POPCNT, LZCNT or BMI1 of the processor: {@code opcode} B8 counts ones, BD leading, BC trailing zeros. */
    public void count(int opcode, int d, int s, boolean wide) {
        put(0xf3);
        register2(wide, 0, opcode, d, s);
    }

    public void setcc(int condition, int d) {
        rex(false, 0, 0, d, d >= RSP);
        put(0x0f);
        put(0x90 | condition);
        put(0xc0 | d & 7);
    }

    public void cmov(int condition, int d, int s, boolean wide) {
        register2(wide, 0, 0x40 | condition, d, s);
    }

    // ---- atomics

    /** {@code lock xadd}: adds, and gives the old value in the register. */
    public void lockXadd(Mem m, int s, boolean wide) {
        put(0xf0);
        memory2(wide, 0xc1, s, m);
    }

    /** Exchanges; atomic without a prefix. */
    public void xchg(Mem m, int s, boolean wide) {
        memory(wide, 0x87, s, m);
    }

    /** {@code lock cmpxchg}: if memory is RAX, stores s and sets ZF, otherwise loads RAX. */
    public void lockCmpxchg(Mem m, int s, boolean wide) {
        put(0xf0);
        memory2(wide, 0xb1, s, m);
    }

    /** {@code lock or} of 0 to the top of the stack: the order of {@code mfence} for half its time. Changes the flags. */
    public void fullFence() {
        put(0xf0);
        put(0x83);
        put(0x0c);
        put(0x24);
        put(0);
    }

    // ---- jumps out of this code

    /** To the address in a register. */
    public void jmpRegister(int s) {
        rex(false, 0, 0, s, false);
        put(0xff);
        put(0xe0 | s & 7);
    }

    /** To the address in memory. */
    public void jmpMemory(Mem m) {
        memory(false, 0xff, 4, m);
    }

    public void ret() {
        put(0xc3);
    }

    // ---- floating point: XMM registers; {@code wide} is binary64, otherwise binary32

    /** Scalar arithmetic: opcode 58 add, 59 mul, 5C sub, 5E div, 51 sqrt. */
    public void scalar(int opcode, int d, int s, boolean wide) {
        put(wide ? 0xf2 : 0xf3);
        register2(false, 0, opcode, d, s);
    }

    /** Copies a whole register. */
    public void movaps(int d, int s) {
        register2(false, 0, 0x28, d, s);
    }

    public void loadScalar(int d, Mem m, boolean wide) {
        put(wide ? 0xf2 : 0xf3);
        memory2(false, 0x10, d, m);
    }

    public void storeScalar(int s, Mem m, boolean wide) {
        put(wide ? 0xf2 : 0xf3);
        memory2(false, 0x11, s, m);
    }

    /** Bits from a general register. */
    public void movToXmm(int d, int s, boolean wide) {
        put(0x66);
        register2(wide, 0, 0x6e, d, s);
    }

    /** Bits to a general register. */
    public void movFromXmm(int d, int s, boolean wide) {
        put(0x66);
        register2(wide, 0, 0x7e, s, d);
    }

    /** Compares, quiet: CF and ZF as unsigned integers would, PF if unordered. */
    public void ucomis(int a, int b, boolean wide) {
        if (wide) {
            put(0x66);
        }
        register2(false, 0, 0x2e, a, b);
    }

    /** binary64 to binary32 ({@code wide}) or back. */
    public void convertFloat(int d, int s, boolean wide) {
        put(wide ? 0xf2 : 0xf3);
        register2(false, 0, 0x5a, d, s);
    }

    /** From a signed integer of 64 ({@code from64}) or 32 bits. */
    public void convertFromInt(int d, int s, boolean from64, boolean wide) {
        put(wide ? 0xf2 : 0xf3);
        register2(from64, 0, 0x2a, d, s);
    }

    /** To a signed integer, toward zero; what does not fit gives the smallest one. */
    public void convertToInt(int d, int s, boolean to64, boolean wide) {
        put(wide ? 0xf2 : 0xf3);
        register2(to64, 0, 0x2c, d, s);
    }

    /** {@code d = a * b + d}, rounded once. Needs FMA3. */
    public void fma231(int d, int a, int b, boolean wide) {
        put(0xc4);
        put((d < 8 ? 0x80 : 0) | 0x40 | (b < 8 ? 0x20 : 0) | 2);
        put((wide ? 0x80 : 0) | (~a & 15) << 3 | 1);
        put(0xb9);
        put(0xc0 | (d & 7) << 3 | b & 7);
    }

    public void xorps(int d, int s) {
        register2(false, 0, 0x57, d, s);
    }

    public void ldmxcsr(Mem m) {
        memory2(false, 0xae, 2, m);
    }

    public void stmxcsr(Mem m) {
        memory2(false, 0xae, 3, m);
    }
}
