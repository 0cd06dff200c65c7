package dev.rhea.arch.riscv.system;

/**
 * What a level lets the levels below it know of: chapter "Smstateen/Ssstateen Extensions". Of all that the registers can guard
 * Rhea has {@code senvcfg}, the registers themselves, and {@code jvt} with Zcmt, which alone is there for U mode.
 */
final class StateEnableCsrs {
    /** Registers of each level. */
    static final int COUNT = 4;

    /** Bit SE: {@code sstateen} of the same number. */
    static final long SE = 1L << 63;

    /** Bit ENVCFG of {@code mstateen0}: {@code senvcfg}. */
    static final long ENVCFG = 1L << 62;

    /** Bit JVT of {@code mstateen0} and {@code sstateen0}: {@code jvt}, and the instructions that use it. */
    static final long JVT = 1L << 2;

    private StateEnableCsrs() {}

    static void addTo(CsrTable table, SystemOptions options) {
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            table.addWide(
                    0x30c + i,
                    0x31c + i,
                    "mstateen" + i,
                    cpu -> cpu.mstateen[number],
                    (cpu, v) -> cpu.mstateen[number] = v & bits(options, number),
                    Csr.Guard.NONE);
            if (options.supervisor()) {
                Csr.Guard enabled = cpu -> cpu.privilege == SystemCpu.MACHINE || (cpu.mstateen[number] & SE) != 0;
                table.add(0x10c + i, number == 0 && options.zcmt() ? ofUser(enabled) : nothing(i, enabled));
            }
        }
    }

    /** What has no bit to set. */
    private static Csr nothing(int number, Csr.Guard guard) {
        return new Csr("sstateen" + number, Csr.Read.ZERO, Csr.Write.IGNORE, guard, false);
    }

    /** {@code sstateen0}: what {@code mstateen0} hides from S mode reads as zero here, and keeps its value. */
    private static Csr ofUser(Csr.Guard guard) {
        return new Csr(
                "sstateen0",
                cpu -> cpu.sstateen0 & cpu.mstateen[0],
                (cpu, v) -> {
                    long seen = JVT & cpu.mstateen[0];
                    cpu.sstateen0 = cpu.sstateen0 & ~seen | v & seen;
                },
                guard,
                false);
    }

    /** The bits of {@code mstateen} that can be set. */
    static long bits(SystemOptions options, int number) {
        return number != 0 ? SE : SE | ENVCFG | (options.zcmt() ? JVT : 0);
    }

    /** Whether the hart may use {@code jvt} in its mode. */
    static boolean showsJumpTable(SystemCpu cpu) {
        if (!cpu.options.smstateen() || cpu.privilege == SystemCpu.MACHINE) {
            return true;
        }
        boolean supervisor = cpu.privilege == SystemCpu.SUPERVISOR || !cpu.options.supervisor();
        return (cpu.mstateen[0] & JVT) != 0 && (supervisor || (cpu.sstateen0 & JVT) != 0);
    }
}
