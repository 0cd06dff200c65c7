package dev.rhea.arch.riscv;

/** Exception codes of {@code mcause}: privileged manual, table "Machine cause register values after trap". */
public final class Traps {
    private Traps() {}

    public static final int INSTRUCTION_MISALIGNED = 0;
    public static final int ILLEGAL_INSTRUCTION = 2;
    public static final int BREAKPOINT = 3;
    public static final int LOAD_MISALIGNED = 4;
    public static final int STORE_MISALIGNED = 6;
    public static final int STORE_ACCESS_FAULT = 7;
    public static final int ECALL_U = 8;
}
