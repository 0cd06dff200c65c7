package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.system.IsaText;
import dev.rhea.arch.riscv.system.SystemOptions;
import dev.rhea.board.fdt.Node;
import java.util.Objects;

/** A CPU model in the words of Linux's binding "riscv/extensions.yaml". */
final class CpuNode {
    private final Riscv isa;

    CpuNode(Riscv isa) {
        this.isa = isa;
    }

    /** Adds {@code riscv,isa}, {@code mmu-type} and what else belongs to a {@code cpu} node. */
    void describe(Node cpu) {
        IsaText text = new IsaText(isa);
        cpu.text("riscv,isa", text.text())
                .text("riscv,isa-base", text.base())
                .text("riscv,isa-extensions", text.extensions().toArray(String[]::new));
        if (Objects.requireNonNull(isa.system()).maxMode() != SystemOptions.BARE) {
            cpu.text("mmu-type", text.mmuType());
        }
        if (isa.extensions().has(Extension.ZICBOM)) {
            cpu.cells("riscv,cbom-block-size", isa.blocks().management());
        }
        if (isa.extensions().has(Extension.ZICBOP)) {
            cpu.cells("riscv,cbop-block-size", isa.blocks().prefetch());
        }
        if (isa.extensions().has(Extension.ZICBOZ)) {
            cpu.cells("riscv,cboz-block-size", isa.blocks().zero());
        }
    }
}
