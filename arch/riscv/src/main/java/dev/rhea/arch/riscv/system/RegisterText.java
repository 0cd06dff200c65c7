package dev.rhea.arch.riscv.system;

import java.util.Locale;

/** A hart's registers as {@code info registers} shows them. */
final class RegisterText {
    private static final String[] X = {
        "x0/zero", "x1/ra", "x2/sp", "x3/gp", "x4/tp", "x5/t0", "x6/t1", "x7/t2", "x8/s0", "x9/s1", "x10/a0", "x11/a1",
        "x12/a2", "x13/a3", "x14/a4", "x15/a5", "x16/a6", "x17/a7", "x18/s2", "x19/s3", "x20/s4", "x21/s5", "x22/s6",
        "x23/s7", "x24/s8", "x25/s9", "x26/s10", "x27/s11", "x28/t3", "x29/t4", "x30/t5", "x31/t6",
    };
    private static final String[] CSRS = {
        "mhartid",
        "mstatus",
        "mstatush",
        "mip",
        "mie",
        "mideleg",
        "medeleg",
        "mtvec",
        "stvec",
        "mepc",
        "sepc",
        "mcause",
        "scause",
        "mtval",
        "stval",
        "mscratch",
        "sscratch",
        "satp",
    };
    private static final int PER_LINE = 4;

    private final SystemCpu cpu;

    RegisterText(SystemCpu cpu) {
        this.cpu = cpu;
    }

    @Override
    public String toString() {
        var out = new StringBuilder();
        out.append(" V      =   0\n");
        value(out, "pc", cpu.pc);
        for (String name : CSRS) {
            if (cpu.csrs.number(name) >= 0) {
                value(out, name, cpu.csrs.show(cpu, name));
            }
        }
        for (int i = 0; i < 32; i++) {
            out.append(String.format(
                    Locale.ROOT,
                    cpu.xlen == 64 ? " %-8s %016x" : " %-8s %08x",
                    X[i],
                    (i == 0 ? 0 : cpu.r[i]) & cpu.registerMask()));
            if (i % PER_LINE == PER_LINE - 1) {
                out.append('\n');
            }
        }
        return out.toString();
    }

    private void value(StringBuilder out, String name, long value) {
        out.append(String.format(
                Locale.ROOT, cpu.xlen == 64 ? " %-8s %016x%n" : " %-8s %08x%n", name, value & cpu.registerMask()));
    }
}
