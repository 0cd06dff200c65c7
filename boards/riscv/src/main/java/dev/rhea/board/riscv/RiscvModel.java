package dev.rhea.board.riscv;

import dev.rhea.board.fdt.Node;

/** What a board's device tree says of its CPU model. */
interface RiscvModel {
    /** Adds {@code riscv,isa}, {@code mmu-type} and what else belongs to a {@code cpu} node. */
    void describe(Node cpu);
}
