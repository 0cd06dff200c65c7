package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.arch.riscv.Sm4;

/** Zvksed: manual, chapter "Cryptography Extensions: Vector", section "Zvksed - ShangMi Suite: SM4 Block Cipher". */
final class Sm4Rows {
    private Sm4Rows() {}

    /** Elements of 32 bits in a block. */
    private static final int BLOCK = 4;

    static void addTo(Forms f) {
        f.row(
                "100001 1 vs2:5 imm:5 010 vd:5 1110111",
                "vsm4k.vi {vd:v}, {vs2:v}, {imm}",
                Forms.helper("vsm4k.vi", Sm4Rows::expandKey),
                Forms.IMMEDIATE);
        f.row(
                "101000 1 vs2:5 10000 010 vd:5 1110111",
                "vsm4r.vv {vd:v}, {vs2:v}",
                Forms.helper("vsm4r.vv", (cpu, bits, x) -> rounds(cpu, bits, false)),
                Forms.NONE);
        f.row(
                "101001 1 vs2:5 10000 010 vd:5 1110111",
                "vsm4r.vs {vd:v}, {vs2:v}",
                Forms.helper("vsm4r.vs", (cpu, bits, x) -> rounds(cpu, bits, true)),
                Forms.NONE);
    }

    private static void expandKey(RiscvCpu cpu, long bits, long round) {
        VectorState v = cpu.vector();
        int vs2 = VectorState.vs2(bits);
        require(ElementGroups.legalWords(v, bits, BLOCK) && aligned(vs2, v.lmul), cpu, bits);
        var k = new int[2 * BLOCK];
        for (int at = v.vstart; at < v.vl; at += BLOCK) {
            ElementGroups.load(v, vs2, at, k, BLOCK);
            for (int i = 0; i < BLOCK; i++) {
                int mixed = substitute(k[i + 1] ^ k[i + 2] ^ k[i + 3] ^ constant(BLOCK * ((int) round & 7) + i));
                k[i + 4] = k[i] ^ Sm4.keyLinear(mixed);
            }
            ElementGroups.store(v, VectorState.vd(bits), at, k, BLOCK, BLOCK);
        }
        v.vstart = 0;
    }

    /** Four rounds. @param scalar every block uses the round keys in vs2's first one */
    private static void rounds(RiscvCpu cpu, long bits, boolean scalar) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs2 = VectorState.vs2(bits);
        require(ElementGroups.legalWords(v, bits, BLOCK) && ElementGroups.legalKey(v, bits, scalar), cpu, bits);
        var x = new int[2 * BLOCK];
        for (int at = v.vstart; at < v.vl; at += BLOCK) {
            ElementGroups.load(v, vd, at, x, BLOCK);
            for (int i = 0; i < BLOCK; i++) {
                int key = (int) v.get(vs2, (scalar ? 0 : at) + i, ElementGroups.WORD);
                x[i + 4] = x[i] ^ Sm4.linear(substitute(x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ key));
            }
            ElementGroups.store(v, vd, at, x, BLOCK, BLOCK);
        }
        v.vstart = 0;
    }

    private static int substitute(int x) {
        return Sm4.sbox(x >>> 24) << 24 | Sm4.sbox(x >>> 16) << 16 | Sm4.sbox(x >>> 8) << 8 | Sm4.sbox(x);
    }

    /** CK of the key schedule: byte j of word i is 7 * (4i + j). */
    private static int constant(int i) {
        int word = 0;
        for (int j = 0; j < 4; j++) {
            word = word << 8 | 7 * (4 * i + j) & 0xff;
        }
        return word;
    }
}
