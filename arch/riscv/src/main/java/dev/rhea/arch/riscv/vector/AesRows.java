package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.ElementGroups.DOUBLEWORD;
import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.Aes;
import dev.rhea.arch.riscv.RiscvCpu;

/** Zvkned: manual, chapter "Cryptography Extensions: Vector", section "Zvkned - NIST Suite: Vector AES Block Cipher". */
final class AesRows {
    private AesRows() {}

    /** Elements of 32 bits in a block. */
    private static final int BLOCK = 4;

    /** What a round does to one half of a state, of two columns, which takes bytes from the other half too. */
    @FunctionalInterface
    private interface Round {
        long of(long half, long other, long key);
    }

    static void addTo(Forms f) {
        both(f, "00010", "vaesem", (x, y, key) -> Aes.mixColumns(Aes.shiftRowsAndSubBytes(x, y)) ^ key);
        both(f, "00011", "vaesef", (x, y, key) -> Aes.shiftRowsAndSubBytes(x, y) ^ key);
        both(f, "00000", "vaesdm", (x, y, key) -> Aes.inverseMixColumns(Aes.inverseShiftRowsAndSubBytes(x, y) ^ key));
        both(f, "00001", "vaesdf", (x, y, key) -> Aes.inverseShiftRowsAndSubBytes(x, y) ^ key);
        round(f, "101001", "00111", "vaesz.vs", true, (x, y, key) -> x ^ key);
        f.row(
                "100010 1 vs2:5 imm:5 010 vd:5 1110111",
                "vaeskf1.vi {vd:v}, {vs2:v}, {imm}",
                Forms.helper("vaeskf1.vi", AesRows::expandKey128),
                Forms.IMMEDIATE);
        f.row(
                "101010 1 vs2:5 imm:5 010 vd:5 1110111",
                "vaeskf2.vi {vd:v}, {vs2:v}, {imm}",
                Forms.helper("vaeskf2.vi", AesRows::expandKey256),
                Forms.IMMEDIATE);
    }

    private static void both(Forms f, String selector, String name, Round round) {
        round(f, "101000", selector, name + ".vv", false, round);
        round(f, "101001", selector, name + ".vs", true, round);
    }

    private static void round(Forms f, String funct6, String selector, String mnemonic, boolean scalar, Round round) {
        f.row(
                funct6 + " 1 vs2:5 " + selector + " 010 vd:5 1110111",
                mnemonic + " {vd:v}, {vs2:v}",
                Forms.helper(mnemonic, (cpu, bits, x) -> rounds(cpu, bits, scalar, round)),
                Forms.NONE);
    }

    /** One round of every block. @param scalar every block uses the round key in vs2's first one */
    private static void rounds(RiscvCpu cpu, long bits, boolean scalar, Round round) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs2 = VectorState.vs2(bits);
        require(ElementGroups.legalWords(v, bits, BLOCK) && ElementGroups.legalKey(v, bits, scalar), cpu, bits);
        for (int at = v.vstart / 2; at < v.vl / 2; at += BLOCK / 2) {
            int key = scalar ? 0 : at;
            long low = v.get(vd, at, DOUBLEWORD);
            long high = v.get(vd, at + 1, DOUBLEWORD);
            long newLow = round.of(low, high, v.get(vs2, key, DOUBLEWORD));
            long newHigh = round.of(high, low, v.get(vs2, key + 1, DOUBLEWORD));
            v.put(vd, at, DOUBLEWORD, newLow);
            v.put(vd, at + 1, DOUBLEWORD, newHigh);
        }
        v.vstart = 0;
    }

    /** The rounds are 1 to 10; others are taken to these by the fourth bit. */
    private static void expandKey128(RiscvCpu cpu, long bits, long immediate) {
        int number = (int) immediate & 15;
        int round = number == 0 || number > 10 ? number ^ 8 : number;
        expandKey(cpu, bits, VectorState.vs2(bits), true, Aes.rcon(round - 1));
    }

    /** The rounds are 2 to 14, of which the odd ones neither rotate nor add a constant. */
    private static void expandKey256(RiscvCpu cpu, long bits, long immediate) {
        int number = (int) immediate & 15;
        int round = number < 2 || number > 14 ? number ^ 8 : number;
        boolean even = (round & 1) == 0;
        expandKey(cpu, bits, VectorState.vd(bits), even, even ? Aes.rcon(round / 2 - 1) : 0);
    }

    /** The next round key from the last word of the one in vs2 and from all words of the one before it. */
    private static void expandKey(RiscvCpu cpu, long bits, int before, boolean rotated, int constant) {
        VectorState v = cpu.vector();
        int vs2 = VectorState.vs2(bits);
        require(ElementGroups.legalWords(v, bits, BLOCK) && aligned(vs2, v.lmul), cpu, bits);
        var key = new int[BLOCK];
        for (int at = v.vstart; at < v.vl; at += BLOCK) {
            int last = (int) v.get(vs2, at + BLOCK - 1, ElementGroups.WORD);
            int word = Aes.subWord(rotated ? Integer.rotateRight(last, 8) : last) ^ constant;
            ElementGroups.load(v, before, at, key, BLOCK);
            for (int i = 0; i < BLOCK; i++) {
                word ^= key[i];
                key[i] = word;
            }
            ElementGroups.store(v, VectorState.vd(bits), at, key, 0, BLOCK);
        }
        v.vstart = 0;
    }
}
