package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.ElementGroups.DOUBLEWORD;
import static dev.rhea.arch.riscv.vector.VectorState.aligned;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.BitFunctions;
import dev.rhea.arch.riscv.RiscvCpu;

/** Zvkg: manual, chapter "Cryptography Extensions: Vector", section "Zvkg - Vector GCM/GMAC". */
final class GhashRows {
    private GhashRows() {}

    /** Elements of 32 bits in a block. */
    private static final int BLOCK = 4;

    /** What x^128 is modulo x^128 + x^7 + x^2 + x + 1. */
    private static final long REDUCED = 0x87;

    static void addTo(Forms f) {
        f.row(
                "101000 1 vs2:5 10001 010 vd:5 1110111",
                "vgmul.vv {vd:v}, {vs2:v}",
                Forms.helper("vgmul.vv", (cpu, bits, x) -> multiply(cpu, bits, false)),
                Forms.NONE);
        f.row(
                "101100 1 vs2:5 vs1:5 010 vd:5 1110111",
                "vghsh.vv {vd:v}, {vs2:v}, {vs1:v}",
                Forms.helper("vghsh.vv", (cpu, bits, x) -> multiply(cpu, bits, true)),
                Forms.NONE);
    }

    /** {@code vd = (vd + vs1) * vs2} in the field. @param added whether there is a vs1 */
    private static void multiply(RiscvCpu cpu, long bits, boolean added) {
        VectorState v = cpu.vector();
        int vd = VectorState.vd(bits);
        int vs1 = VectorState.vs1(bits);
        int vs2 = VectorState.vs2(bits);
        require(
                ElementGroups.legalWords(v, bits, BLOCK) && aligned(vs2, v.lmul) && (!added || aligned(vs1, v.lmul)),
                cpu,
                bits);
        for (int at = v.vstart / 2; at < v.vl / 2; at += BLOCK / 2) {
            long low = v.get(vd, at, DOUBLEWORD) ^ (added ? v.get(vs1, at, DOUBLEWORD) : 0);
            long high = v.get(vd, at + 1, DOUBLEWORD) ^ (added ? v.get(vs1, at + 1, DOUBLEWORD) : 0);
            multiply(v, vd, at, coefficients(low), coefficients(high), vs2);
        }
        v.vstart = 0;
    }

    /** Puts the product of a polynomial and vs2's block to vd's block. @param at the blocks' first doubleword */
    private static void multiply(VectorState v, int vd, int at, long low, long high, int vs2) {
        long keyLow = coefficients(v.get(vs2, at, DOUBLEWORD));
        long keyHigh = coefficients(v.get(vs2, at + 1, DOUBLEWORD));
        // the product's coefficients from 0, 64, 128, 192
        long p0 = BitFunctions.clmul(low, keyLow);
        long p1 =
                BitFunctions.clmulh(low, keyLow) ^ BitFunctions.clmul(low, keyHigh) ^ BitFunctions.clmul(high, keyLow);
        long p2 = BitFunctions.clmulh(low, keyHigh)
                ^ BitFunctions.clmulh(high, keyLow)
                ^ BitFunctions.clmul(high, keyHigh);
        long p3 = BitFunctions.clmulh(high, keyHigh);
        // those from 128 on, reduced, reach 128 again by less than seven
        long again = BitFunctions.clmulh(p3, REDUCED);
        p0 ^= BitFunctions.clmul(p2, REDUCED) ^ BitFunctions.clmul(again, REDUCED);
        p1 ^= BitFunctions.clmulh(p2, REDUCED) ^ BitFunctions.clmul(p3, REDUCED);
        v.put(vd, at, DOUBLEWORD, coefficients(p0));
        v.put(vd, at + 1, DOUBLEWORD, coefficients(p1));
    }

    /** In a byte the lowest coefficient is the highest bit: reverses the bits of each. */
    private static long coefficients(long bytes) {
        return Long.reverseBytes(Long.reverse(bytes));
    }
}
