package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extensions;

/** What S mode has for itself: chapter "Supervisor-Level ISA". Only for models that have that mode. */
final class SupervisorCsrs {
    private final Extensions extensions;
    private final SystemOptions options;

    SupervisorCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    void addTo(CsrTable table) {
        long instruction = TrapCsrs.instructionMask(extensions);
        table.add(0x105, "stvec", cpu -> cpu.stvec, (cpu, v) -> cpu.stvec = TrapCsrs.vector(cpu.stvec, v));
        table.add(0x140, new StoredCsr(PrivilegedSlots.SSCRATCH, table.mask).named("sscratch"));
        table.add(0x141, new StoredCsr(PrivilegedSlots.SEPC, table.mask & instruction).named("sepc"));
        table.add(0x142, new StoredCsr(PrivilegedSlots.SCAUSE, table.mask).named("scause"));
        table.add(0x143, new StoredCsr(PrivilegedSlots.STVAL, table.mask).named("stval"));
        int xlen = table.xlen;
        Csr.Guard translation = cpu -> cpu.privilege == SystemCpu.MACHINE || (cpu.mstatus() & Status.TVM) == 0;
        table.add(0x180, new Csr("satp", cpu -> cpu.satp, (cpu, v) -> setSatp(cpu, v, xlen), translation, true));
        if (options.sstc()) {
            Csr.Guard timer = cpu -> cpu.privilege == SystemCpu.MACHINE
                    || (cpu.mcounteren & 2) != 0 && (cpu.menvcfg & EnvironmentBits.STCE) != 0;
            table.addWide(0x14d, 0x15d, "stimecmp", cpu -> cpu.stimecmp, SupervisorCsrs::setTimer, timer);
        }
    }

    private static void setTimer(SystemCpu cpu, long value) {
        cpu.stimecmp = value;
        cpu.surroundings.compareChanged();
    }

    private void setSatp(SystemCpu cpu, long value, int xlen) {
        int mode = (int) (xlen == 64 ? value >>> 60 : value >>> 31);
        boolean known = xlen == 32
                ? mode <= options.maxMode()
                : mode == SystemOptions.BARE || mode >= SystemOptions.SV39 && mode <= options.maxMode();
        if (known) {
            cpu.satp = value;
        }
    }
}
