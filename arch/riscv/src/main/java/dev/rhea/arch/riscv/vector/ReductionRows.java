package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.RiscvCpu;

/** Integer reductions: manual, section "Vector Reduction Operations". */
final class ReductionRows {
    private ReductionRows() {}

    static void addTo(Forms f) {
        reduction(f, "000000", "010", "vredsum", false, false, (v, d, b, a) -> a + b);
        reduction(f, "000001", "010", "vredand", false, false, (v, d, b, a) -> a & b);
        reduction(f, "000010", "010", "vredor", false, false, (v, d, b, a) -> a | b);
        reduction(f, "000011", "010", "vredxor", false, false, (v, d, b, a) -> a ^ b);
        reduction(f, "000100", "010", "vredminu", false, false, (v, d, b, a) -> Long.compareUnsigned(a, b) < 0 ? a : b);
        reduction(f, "000101", "010", "vredmin", true, false, (v, d, b, a) -> Math.min(a, b));
        reduction(f, "000110", "010", "vredmaxu", false, false, (v, d, b, a) -> Long.compareUnsigned(a, b) > 0 ? a : b);
        reduction(f, "000111", "010", "vredmax", true, false, (v, d, b, a) -> Math.max(a, b));
        reduction(f, "110000", "000", "vwredsumu", false, true, (v, d, b, a) -> a + b);
        reduction(f, "110001", "000", "vwredsum", true, true, (v, d, b, a) -> a + b);
    }

    private static void reduction(
            Forms f, String funct6, String funct3, String name, boolean signed, boolean widen, Element op) {
        f.row(
                funct6 + " vm:1 vs2:5 vs1:5 " + funct3 + " vd:5 1010111",
                name + ".vs {vd:v}, {vs2:v}, {vs1:v}{vm}",
                Forms.helper(name + ".vs", (cpu, bits, x) -> run(cpu, bits, signed, widen, op)),
                Forms.NONE);
    }

    /**
     * {@code vd[0] = vs1[0] op vs2[0] op vs2[1] ...}, in order.
     *
     * @param widen vd and vs1 are twice as wide as SEW
     */
    static void run(RiscvCpu cpu, long bits, boolean signed, boolean widen, Element op) {
        VectorState v = cpu.vector();
        int vs2 = VectorState.vs2(bits);
        int vs1 = VectorState.vs1(bits);
        int wide = widen ? v.sew + 1 : v.sew;
        require(
                !v.vill
                        && v.vstart == 0
                        && VectorState.aligned(vs2, v.lmul)
                        && wide <= 3
                        && VectorState.besideMask(bits, vs2)
                        && VectorState.besideMask(bits, vs1)
                        && VectorState.together(vs2, v.lmul, v.sew, vs1, 0, wide),
                cpu,
                bits);
        if (v.vl == 0) {
            return;
        }
        boolean masked = VectorState.masked(bits);
        long sum = VectorState.extend(v.get(vs1, 0, wide), wide, signed);
        for (int i = 0; i < v.vl; i++) {
            if (!masked || v.bit(0, i)) {
                sum = VectorState.extend(
                        op.of(v, 0, signed ? v.getSigned(vs2, i, v.sew) : v.get(vs2, i, v.sew), sum), wide, signed);
            }
        }
        v.put(VectorState.vd(bits), 0, wide, sum);
    }
}
