package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.arch.riscv.Extensions;
import dev.rhea.arch.riscv.PrivilegedVersion;

/** What M mode has for itself: chapter "Machine-Level ISA". */
final class MachineCsrs {
    private static final long EXCEPTIONS = 0xb3ff;

    private final Extensions extensions;
    private final SystemOptions options;

    MachineCsrs(Extensions extensions, SystemOptions options) {
        this.extensions = extensions;
        this.options = options;
    }

    void addTo(CsrTable table) {
        table.add(0xf11, "mvendorid", cpu -> options.vendor(), Csr.Write.IGNORE);
        table.add(0xf12, "marchid", cpu -> options.architecture(), Csr.Write.IGNORE);
        table.add(0xf13, "mimpid", cpu -> options.implementation(), Csr.Write.IGNORE);
        table.add(0xf14, "mhartid", cpu -> cpu.hartId, Csr.Write.IGNORE);
        if (options.version().includes(PrivilegedVersion.V1_12_0)) {
            table.add(0xf15, "mconfigptr", Csr.Read.ZERO, Csr.Write.IGNORE);
        }
        long misa = misa(table.xlen);
        table.add(0x301, "misa", cpu -> misa, Csr.Write.IGNORE);
        if (options.supervisor()) {
            table.add(0x302, "medeleg", cpu -> cpu.medeleg, (cpu, v) -> cpu.medeleg = v & EXCEPTIONS);
        }
        long instruction = TrapCsrs.instructionMask(extensions);
        table.add(0x305, "mtvec", cpu -> cpu.mtvec, (cpu, v) -> cpu.mtvec = TrapCsrs.vector(cpu.mtvec, v));
        table.add(0x340, "mscratch", cpu -> cpu.mscratch, (cpu, v) -> cpu.mscratch = v);
        table.add(0x341, "mepc", cpu -> cpu.mepc, (cpu, v) -> cpu.mepc = v & instruction);
        table.add(0x342, "mcause", cpu -> cpu.mcause, (cpu, v) -> cpu.mcause = v);
        table.add(0x343, "mtval", cpu -> cpu.mtval, (cpu, v) -> cpu.mtval = v);
    }

    private long misa(int xlen) {
        long letters = 1 << 'I' - 'A' | 1 << 'U' - 'A' | (options.supervisor() ? 1 << 'S' - 'A' : 0);
        for (Extension extension : extensions) {
            if (extension.name().length() == 1) {
                letters |= 1L << extension.name().charAt(0) - 'A';
            }
        }
        return letters | (xlen == 64 ? 2L << 62 : 1L << 30);
    }
}
