package dev.rhea.arch.riscv.system;

/** Bits of {@code menvcfg} and {@code senvcfg}: section "Machine Environment Configuration". */
final class EnvironmentBits {
    static final long FIOM = 1;
    static final long CBIE = 3 << 4;
    static final long CBCFE = 1 << 6;
    static final long CBZE = 1 << 7;
    static final long ADUE = 1L << 61;
    static final long PBMTE = 1L << 62;
    static final long STCE = 1L << 63;

    private EnvironmentBits() {}
}
