package dev.rhea.arch.riscv.system;

/**
 * Zkr: {@code seed}, and {@code mseccfg}, which says who below M mode may read it. Unprivileged manual, section "Entropy Source";
 * privileged manual, section "Machine Security Configuration Register".
 */
final class EntropyCsrs {
    /** U mode may have it. */
    static final long USEED = 1 << 8;

    /** S mode may have it. */
    static final long SSEED = 1 << 9;

    private EntropyCsrs() {}

    /** @param supervisor whether there is S mode */
    static void addTo(CsrTable table, boolean supervisor) {
        long bits = supervisor ? SSEED | USEED : USEED;
        table.addWide(0x747, 0x757, "mseccfg", cpu -> cpu.mseccfg, (cpu, v) -> cpu.mseccfg = v & bits, Csr.Guard.NONE);
        table.add(0x015, new Csr("seed", SystemCpu::seed, Csr.Write.IGNORE, EntropyCsrs::mayRead, false));
    }

    private static boolean mayRead(SystemCpu cpu) {
        return switch (cpu.privilege) {
            case SystemCpu.USER -> (cpu.mseccfg & USEED) != 0;
            case SystemCpu.SUPERVISOR -> (cpu.mseccfg & SSEED) != 0;
            default -> true;
        };
    }
}
