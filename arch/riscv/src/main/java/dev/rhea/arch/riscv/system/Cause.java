package dev.rhea.arch.riscv.system;

/** Exceptions and interrupts: privileged manual, "Machine Cause Register (mcause)"; and what only Rhea's loop sees. */
final class Cause {
    static final int INSTRUCTION_ACCESS = 1;
    static final int ILLEGAL_INSTRUCTION = 2;
    static final int LOAD_ACCESS = 5;
    static final int STORE_ACCESS = 7;
    static final int ECALL_U = 8;
    static final int ECALL_S = 9;
    static final int INSTRUCTION_PAGE = 12;
    static final int LOAD_PAGE = 13;
    static final int STORE_PAGE = 15;

    /** Interrupts, as bit numbers of {@code mip}. */
    static final int SSI = 1;

    static final int MSI = 3;
    static final int STI = 5;
    static final int MTI = 7;
    static final int SEI = 9;
    static final int MEI = 11;

    /** Instructions that the hart's loop does: no causes of the manual's. */
    static final int MRET = 64;

    static final int SRET = 65;
    static final int WFI = 66;

    private Cause() {}
}
