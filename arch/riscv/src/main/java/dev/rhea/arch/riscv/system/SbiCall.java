package dev.rhea.arch.riscv.system;

/**
 * A call from S mode: chapter "Binary Encoding".
 *
 * @param hart made it; what is done about it is done on its thread
 * @param function of the extension
 */
record SbiCall(Hart hart, int function) {
    private static final int A0 = 10;

    /** The caller. */
    SystemCpu cpu() {
        return hart.cpu();
    }

    /** What it passes in {@code a0} to {@code a5}, zero-extended from XLEN bits. */
    long argument(int number) {
        return cpu().r[A0 + number] & cpu().registerMask();
    }

    /** An argument of 32 bits. */
    long argument32(int number) {
        return cpu().r[A0 + number] & 0xffffffffL;
    }

    /** An argument of 64 bits, which RV32 passes in two registers. */
    long argument64(int number) {
        return cpu().xlen == 64 ? argument(number) : argument32(number) | cpu().r[A0 + number + 1] << 32;
    }
}
