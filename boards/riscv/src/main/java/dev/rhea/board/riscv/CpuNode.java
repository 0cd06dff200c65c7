package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Riscv;
import dev.rhea.board.fdt.Node;
import java.util.ArrayList;
import java.util.List;

/** A CPU model in the words of Linux's binding "riscv/extensions.yaml". */
final class CpuNode implements RiscvModel {
    private final Riscv isa;

    CpuNode(Riscv isa) {
        this.isa = isa;
    }

    @Override
    public void describe(Node cpu) {
        List<String> names = new ArrayList<>();
        StringBuilder letters = new StringBuilder("i");
        names.add("i");
        List<String> longer = new ArrayList<>();
        for (Extension extension : isa.extensions()) {
            String name = extension.spelling();
            names.add(name);
            if (name.length() == 1) {
                letters.append(name);
            } else {
                longer.add(name);
            }
        }
        for (String name : List.of("sstc", "svadu", "svinval", "svnapot", "svpbmt")) {
            names.add(name);
            longer.add(name);
        }
        cpu.text("riscv,isa", "rv" + isa.xlen() + letters + "_" + String.join("_", longer))
                .text("riscv,isa-base", "rv" + isa.xlen() + "i")
                .text("riscv,isa-extensions", names.toArray(String[]::new))
                .text("mmu-type", isa.xlen() == 64 ? "riscv,sv57" : "riscv,sv32");
        if (isa.extensions().has(Extension.ZICBOM)) {
            cpu.cells("riscv,cbom-block-size", 64);
        }
        if (isa.extensions().has(Extension.ZICBOZ)) {
            cpu.cells("riscv,cboz-block-size", 64);
        }
    }
}
