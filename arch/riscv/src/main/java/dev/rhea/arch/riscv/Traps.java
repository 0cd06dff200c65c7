package dev.rhea.arch.riscv;

/** Exception codes of {@code mcause}: privileged manual, table "Machine cause register values after trap". */
public final class Traps {
    private Traps() {}

    public static final int INSTRUCTION_MISALIGNED = 0;
    public static final int INSTRUCTION_ACCESS_FAULT = 1;
    public static final int ILLEGAL_INSTRUCTION = 2;
    public static final int BREAKPOINT = 3;
    public static final int LOAD_MISALIGNED = 4;
    public static final int LOAD_ACCESS_FAULT = 5;
    public static final int STORE_MISALIGNED = 6;
    public static final int STORE_ACCESS_FAULT = 7;
    public static final int ECALL_U = 8;
    public static final int ECALL_S = 9;
    public static final int ECALL_M = 11;
    public static final int INSTRUCTION_PAGE_FAULT = 12;
    public static final int LOAD_PAGE_FAULT = 13;
    public static final int STORE_PAGE_FAULT = 15;

    // Not in the manual: how instructions that change the privilege get to the processor's loop.

    /** {@code mret} */
    public static final int MRET = 64;
    /** {@code sret} */
    public static final int SRET = 65;
    /** {@code wfi} */
    public static final int WFI = 66;
}
