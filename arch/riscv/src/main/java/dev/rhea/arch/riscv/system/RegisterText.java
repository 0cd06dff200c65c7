package dev.rhea.arch.riscv.system;

import java.util.Locale;

/** A hart's registers as {@code info registers} shows them. */
final class RegisterText {
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
            String format = cpu.xlen == 64 ? " %-8s %016x" : " %-8s %08x";
            out.append(String.format(
                    Locale.ROOT, format, "x" + i + "/" + RegisterNames.INTEGERS.get(i), RegisterNames.integer(cpu, i)));
            endColumn(out, i);
        }
        if (cpu.hasFloat) {
            for (int i = 0; i < 32; i++) {
                String name = "f" + i + "/" + RegisterNames.FLOATS.get(i);
                out.append(String.format(Locale.ROOT, " %-8s %016x", name, cpu.r[RegisterNames.FIRST_FLOAT + i]));
                endColumn(out, i);
            }
        }
        return out.toString();
    }

    private static void endColumn(StringBuilder out, int column) {
        if (column % PER_LINE == PER_LINE - 1) {
            out.append('\n');
        }
    }

    private void value(StringBuilder out, String name, long value) {
        out.append(String.format(
                Locale.ROOT, cpu.xlen == 64 ? " %-8s %016x%n" : " %-8s %08x%n", name, value & cpu.registerMask()));
    }
}
