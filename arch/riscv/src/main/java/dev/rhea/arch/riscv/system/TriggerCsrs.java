package dev.rhea.arch.riscv.system;

/** Debug triggers: specification "RISC-V Debug Support", chapter "Sdtrig". None are there: the only one that can be selected has type 0. */
final class TriggerCsrs {
    private TriggerCsrs() {}

    static void addTo(CsrTable table) {
        table.add(0x7a0, "tselect", Csr.Read.ZERO, Csr.Write.IGNORE);
        table.add(0x7a1, "tdata1", Csr.Read.ZERO, Csr.Write.IGNORE);
        table.add(0x7a2, "tdata2", Csr.Read.ZERO, Csr.Write.IGNORE);
        table.add(0x7a3, "tdata3", Csr.Read.ZERO, Csr.Write.IGNORE);
        table.add(0x7a4, "tinfo", cpu -> 1, Csr.Write.IGNORE);
    }
}
