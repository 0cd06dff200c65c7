package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.RiscvCpu;

/** Zvksh: manual, chapter "Cryptography Extensions: Vector", section "Zvksh - ShangMi Suite: SM3 Secure Hash". */
final class Sm3Rows {
    private Sm3Rows() {}

    /** Elements of 32 bits in an element group. */
    private static final int GROUP = 8;

    /** GB/T 32905: the constants of rounds 0 to 15 and of those after them. */
    private static final int EARLY = 0x79cc4519;

    private static final int LATE = 0x7a879d8a;
    private static final int FIRST_LATE = 16;

    static void addTo(Forms f) {
        f.row(
                "100000 1 vs2:5 vs1:5 010 vd:5 1110111",
                "vsm3me.vv {vd:v}, {vs2:v}, {vs1:v}",
                Forms.helper("vsm3me.vv", (cpu, bits, x) -> expandMessage(cpu, bits)),
                Forms.NONE);
        f.row(
                "101011 1 vs2:5 imm:5 010 vd:5 1110111",
                "vsm3c.vi {vd:v}, {vs2:v}, {imm}",
                Forms.helper("vsm3c.vi", Sm3Rows::compress),
                Forms.IMMEDIATE);
    }

    private static boolean legal(VectorState v, long bits) {
        return ElementGroups.legalWords(v, bits, GROUP) && ElementGroups.apart(v, bits, VectorState.vs2(bits));
    }

    /** Words 16 to 23 of the message from 0 to 7 in vs1 and 8 to 15 in vs2. */
    private static void expandMessage(RiscvCpu cpu, long bits) {
        VectorState v = cpu.vector();
        int vs1 = VectorState.vs1(bits);
        int vs2 = VectorState.vs2(bits);
        require(legal(v, bits) && aligned(vs1, v.lmul), cpu, bits);
        var w = new int[3 * GROUP];
        for (int at = v.vstart; at < v.vl; at += GROUP) {
            for (int i = 0; i < GROUP; i++) {
                w[i] = bigEndian(v, vs1, at + i);
                w[GROUP + i] = bigEndian(v, vs2, at + i);
            }
            for (int j = 2 * GROUP; j < w.length; j++) {
                int mixed = w[j - 16] ^ w[j - 9] ^ Integer.rotateLeft(w[j - 3], 15);
                w[j] = mixed
                        ^ Integer.rotateLeft(mixed, 15)
                        ^ Integer.rotateLeft(mixed, 23)
                        ^ Integer.rotateLeft(w[j - 13], 7)
                        ^ w[j - 6];
                v.put(VectorState.vd(bits), at + j - 2 * GROUP, ElementGroups.WORD, Integer.reverseBytes(w[j]));
            }
        }
        v.vstart = 0;
    }

    /** The rounds {@code 2 * half} and the next: their words are 0 and 1 of vs2, and 4 and 5 are mixed in. */
    private static void compress(RiscvCpu cpu, long bits, long half) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs2 = VectorState.vs2(bits);
        require(legal(v, bits), cpu, bits);
        var s = new int[GROUP];
        for (int at = v.vstart; at < v.vl; at += GROUP) {
            for (int i = 0; i < GROUP; i++) {
                s[i] = bigEndian(v, vd, at + i);
            }
            for (int i = 0; i < 2; i++) {
                int word = bigEndian(v, vs2, at + i);
                round(s, 2 * (int) half + i, word, word ^ bigEndian(v, vs2, at + i + 4));
            }
            for (int i = 0; i < GROUP; i++) {
                v.put(vd, at + i, ElementGroups.WORD, Integer.reverseBytes(s[i]));
            }
        }
        v.vstart = 0;
    }

    /** GB/T 32905, section "Compression function". @param s the registers A to H */
    private static void round(int[] s, int j, int word, int mixedWord) {
        boolean early = j < FIRST_LATE;
        int a12 = Integer.rotateLeft(s[0], 12);
        int ss1 = Integer.rotateLeft(a12 + s[4] + Integer.rotateLeft(early ? EARLY : LATE, j), 7);
        int ss2 = ss1 ^ a12;
        int ff = early ? s[0] ^ s[1] ^ s[2] : s[0] & s[1] | s[0] & s[2] | s[1] & s[2];
        int gg = early ? s[4] ^ s[5] ^ s[6] : s[4] & s[5] | ~s[4] & s[6];
        int tt1 = ff + s[3] + ss2 + mixedWord;
        int tt2 = gg + s[7] + ss1 + word;
        s[3] = s[2];
        s[2] = Integer.rotateLeft(s[1], 9);
        s[1] = s[0];
        s[0] = tt1;
        s[7] = s[6];
        s[6] = Integer.rotateLeft(s[5], 19);
        s[5] = s[4];
        s[4] = tt2 ^ Integer.rotateLeft(tt2, 9) ^ Integer.rotateLeft(tt2, 17);
    }

    private static int bigEndian(VectorState v, int register, int i) {
        return Integer.reverseBytes((int) v.get(register, i, ElementGroups.WORD));
    }
}
