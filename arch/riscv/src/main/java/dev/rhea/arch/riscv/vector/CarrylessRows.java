package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.BitFunctions;

/** Zvbc: manual, chapter "Cryptography Extensions: Vector", section "Zvbc - Vector Carryless Multiplication". */
final class CarrylessRows {
    private CarrylessRows() {}

    static void addTo(Forms f) {
        add(f, "001100", "vclmul", (v, d, b, a) -> BitFunctions.clmul(b, a));
        add(f, "001101", "vclmulh", (v, d, b, a) -> BitFunctions.clmulh(b, a));
    }

    private static void add(Forms f, String funct6, String name, Element op) {
        f.row(
                funct6 + " vm:1 vs2:5 vs1:5 010 vd:5 1010111",
                name + ".vv {vd:v}, {vs2:v}, {vs1:v}{vm}",
                Forms.helper(name + ".vv", (cpu, bits, x) -> {
                    require(isDoubleword(cpu.vector()), cpu, bits);
                    Elementwise.vector(cpu, bits, Shape.UNSIGNED, op);
                }),
                Forms.NONE);
        f.row(
                funct6 + " vm:1 vs2:5 rs1:5 110 vd:5 1010111",
                name + ".vx {vd:v}, {vs2:v}, {rs1}{vm}",
                Forms.helper(name + ".vx", (cpu, bits, x) -> {
                    require(isDoubleword(cpu.vector()), cpu, bits);
                    Elementwise.scalar(cpu, bits, x, Shape.UNSIGNED, op);
                }),
                Forms.X);
    }

    /** Other widths are reserved. */
    private static boolean isDoubleword(VectorState v) {
        return v.sew == ElementGroups.DOUBLEWORD;
    }
}
