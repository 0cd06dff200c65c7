package dev.rhea.arch.riscv.system;

/** Bits of {@code mip} and {@code mie}: section "Machine Interrupt Registers". */
public enum Interrupt {
    SSI(1),
    MSI(3),
    STI(5),
    MTI(7),
    SEI(9),
    MEI(11);

    /** Its exception code, and the number of its bit. */
    public final int code;

    Interrupt(int code) {
        this.code = code;
    }

    /** Its bit. */
    public int bit() {
        return 1 << code;
    }

    static final int SUPERVISOR = SSI.bit() | STI.bit() | SEI.bit();
    static final int ALL = SUPERVISOR | MSI.bit() | MTI.bit() | MEI.bit();

    /** Codes by falling priority. */
    private static final int[] ORDER = {11, 3, 7, 9, 1, 5};

    /** The code of the most important of some pending interrupts. */
    static int first(long pending) {
        for (int code : ORDER) {
            if ((pending >>> code & 1) != 0) {
                return code;
            }
        }
        return Long.numberOfTrailingZeros(pending);
    }
}
