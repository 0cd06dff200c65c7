package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.engine.decode.AssemblyText;

/**
 * What an instruction of Zcmp saves and how much of the stack it takes: unprivileged manual, section "PUSH/POP functional
 * overview". Six bits of the instruction tell both: a list of registers, and how many blocks of 16 bytes beyond those that it
 * needs.
 *
 * @param list 4 for ra alone, 5 to 14 for s0 to s9 with all before them, 15 for s11
 * @param more further blocks, 0 to 3
 * @param xlen 32 or 64
 */
record StackFrame(int list, int more, int xlen) {
    private static final int FIRST = 4;
    private static final int LAST = 15;
    private static final int BLOCK = 16;
    private static final int MOST_MORE = 3;
    private static final int RA = 1;

    /** Whether the six bits are one: the first lists are reserved. */
    static boolean exists(int bits) {
        return bits >> 2 >= FIRST;
    }

    static StackFrame of(int bits, int xlen) {
        return new StackFrame(bits >> 2, bits & 3, xlen);
    }

    /** The six bits. */
    int bits() {
        return list << 2 | more;
    }

    /** Bytes of a register. */
    int registerBytes() {
        return xlen / 8;
    }

    /** How many of s0 to s11: there is no list that ends with s10. */
    private int savedCount() {
        return list == LAST ? 12 : list - FIRST;
    }

    /** The x registers in the order of their places from the frame's end downwards: ra is the last. */
    int[] registers() {
        int count = savedCount();
        int[] registers = new int[count + 1];
        for (int n = 0; n < count; n++) {
            registers[n] = saved(count - 1 - n);
        }
        registers[count] = RA;
        return registers;
    }

    /** The bytes by which the stack grows. */
    int bytes() {
        int needed = (savedCount() + 1) * registerBytes();
        return (needed + BLOCK - 1) / BLOCK * BLOCK + more * BLOCK;
    }

    /** The number of the x register that is s{n}. @param n 0 to 11 */
    static int saved(int n) {
        return n < 2 ? 8 + n : 16 + n;
    }

    /** {@code {ra, s0-s3}, -48}. @param sign -1 where the stack grows, else 1 */
    String text(int sign) {
        int count = savedCount();
        String saved = switch (count) {
            case 0 -> "";
            case 1 -> ", s0";
            default -> ", s0-s" + (count - 1);
        };
        return "{ra" + saved + "}, " + sign * bytes();
    }

    /** Reads what {@link #text} writes. */
    static StackFrame parse(AssemblyText text, int sign, int xlen) throws AssemblyException {
        StackFrame least = new StackFrame(list(text), 0, xlen);
        if (!text.accept(",")) {
            throw text.error("',' is missing");
        }
        long beyond = text.constant() * sign - least.bytes();
        if (beyond < 0 || beyond > MOST_MORE * BLOCK || beyond % BLOCK != 0) {
            throw text.error("the stack grows by " + least.bytes() + " bytes, or by 16, 32 or 48 more");
        }
        return new StackFrame(least.list, (int) beyond / BLOCK, xlen);
    }

    private static int list(AssemblyText text) throws AssemblyException {
        if (!text.accept("{") || !text.accept("ra")) {
            throw text.error("a list of registers like '{ra, s0-s1}' is missing");
        }
        int list = FIRST;
        if (text.accept(",")) {
            list = text.accept("s0") ? text.accept("-") ? last(text) : FIRST + 1 : -1;
        }
        if (list < 0 || !text.accept("}")) {
            throw text.error("a list of registers goes from ra, and s0, to s9, or to s11");
        }
        return list;
    }

    /** The list that ends with the register that comes next; -1 where there is none. */
    private static int last(AssemblyText text) {
        if (text.accept("s11")) {
            return LAST;
        }
        for (int n = 9; n > 0; n--) {
            if (text.accept("s" + n)) {
                return FIRST + 1 + n;
            }
        }
        return -1;
    }
}
