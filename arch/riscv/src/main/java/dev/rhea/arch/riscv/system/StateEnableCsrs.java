package dev.rhea.arch.riscv.system;

/**
 * What a level lets the levels below it know of: chapter "Smstateen/Ssstateen Extensions". Of all that the registers can guard
 * Rhea has {@code senvcfg} and the registers themselves, so that those of S mode have no bit to set.
 */
final class StateEnableCsrs {
    /** Registers of each level. */
    static final int COUNT = 4;

    /** Bit SE: {@code sstateen} of the same number. */
    static final long SE = 1L << 63;

    /** Bit ENVCFG of {@code mstateen0}: {@code senvcfg}. */
    static final long ENVCFG = 1L << 62;

    private StateEnableCsrs() {}

    /** @param supervisor whether there is S mode */
    static void addTo(CsrTable table, boolean supervisor) {
        for (int i = 0; i < COUNT; i++) {
            int number = i;
            table.addWide(
                    0x30c + i,
                    0x31c + i,
                    "mstateen" + i,
                    cpu -> cpu.mstateen[number],
                    (cpu, v) -> cpu.mstateen[number] = v & bits(number),
                    Csr.Guard.NONE);
            if (supervisor) {
                Csr.Guard enabled = cpu -> cpu.privilege == SystemCpu.MACHINE || (cpu.mstateen[number] & SE) != 0;
                table.add(0x10c + i, new Csr("sstateen" + i, Csr.Read.ZERO, Csr.Write.IGNORE, enabled, false));
            }
        }
    }

    /** The bits that can be set. */
    static long bits(int number) {
        return number == 0 ? SE | ENVCFG : SE;
    }
}
