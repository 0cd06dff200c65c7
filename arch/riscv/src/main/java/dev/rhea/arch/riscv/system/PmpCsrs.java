package dev.rhea.arch.riscv.system;

/** {@code pmpcfg} and {@code pmpaddr}: section "Physical Memory Protection CSRs". Only for models that have entries. */
final class PmpCsrs {
    private static final int CONFIGURATIONS = 16;
    private static final int ENTRIES = 64;

    private PmpCsrs() {}

    static void addTo(CsrTable table) {
        int each = table.xlen / Byte.SIZE;
        for (int i = 0; i < CONFIGURATIONS; i += each / 4) {
            int first = i * 4;
            table.addCourse(
                    0x3a0 + i,
                    "pmpcfg" + i,
                    cpu -> configurations(cpu, first, each),
                    (cpu, v) -> setConfigurations(cpu, first, each, v));
        }
        for (int i = 0; i < ENTRIES; i++) {
            int entry = i;
            table.addCourse(0x3b0 + i, "pmpaddr" + i, cpu -> cpu.pmp.address(entry), (cpu, v) -> {
                cpu.pmp.address(entry, v);
                cpu.translations.forgetAll();
            });
        }
    }

    private static long configurations(SystemCpu cpu, int first, int count) {
        long value = 0;
        for (int k = 0; k < count; k++) {
            value |= (long) cpu.pmp.config(first + k) << 8 * k;
        }
        return value;
    }

    private static void setConfigurations(SystemCpu cpu, int first, int count, long value) {
        for (int k = 0; k < count; k++) {
            cpu.pmp.config(first + k, (int) (value >>> 8 * k) & 255);
        }
        cpu.translations.forgetAll();
    }
}
