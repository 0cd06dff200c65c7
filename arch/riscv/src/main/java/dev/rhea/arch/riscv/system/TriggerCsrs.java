package dev.rhea.arch.riscv.system;

/** Debug triggers: specification "RISC-V Debug", chapter "Sdtrig"; what they do is {@link SystemCpu#triggers}. */
final class TriggerCsrs {
    private TriggerCsrs() {}

    static void addTo(CsrTable table) {
        table.add(0x7a0, "tselect", cpu -> cpu.triggers.tselect(), (cpu, v) -> cpu.triggers.tselect(v));
        table.add(0x7a1, "tdata1", cpu -> cpu.triggers.tdata1(), (cpu, v) -> cpu.triggers.tdata1(v));
        table.add(0x7a2, "tdata2", cpu -> cpu.triggers.tdata2(), (cpu, v) -> cpu.triggers.tdata2(v));
        table.add(0x7a3, "tdata3", cpu -> cpu.triggers.tdata3(), (cpu, v) -> cpu.triggers.tdata3(v));
        table.add(0x7a4, "tinfo", cpu -> cpu.triggers.tinfo(), Csr.Write.IGNORE);
        table.add(0x7a8, "mcontext", cpu -> cpu.triggers.mcontext(), (cpu, v) -> cpu.triggers.mcontext(v));
    }
}
