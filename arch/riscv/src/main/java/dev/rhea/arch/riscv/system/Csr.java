package dev.rhea.arch.riscv.system;

/**
 * A control and status register.
 *
 * @param name as the manual writes it
 * @param changesCourse whether a write may change privilege, mapping, units or pending interrupts: the block ends then
 */
record Csr(String name, Read read, Write write, Guard guard, boolean changesCourse) {
    /** Gives a register's value, XLEN bits zero-extended. */
    @FunctionalInterface
    interface Read {
        Read ZERO = cpu -> 0;

        long get(SystemCpu cpu);
    }

    /** Takes a value over as far as the register takes values. */
    @FunctionalInterface
    interface Write {
        Write IGNORE = (cpu, value) -> {};

        void set(SystemCpu cpu, long value);
    }

    /** Whether the register may be accessed, beyond what its number says. */
    @FunctionalInterface
    interface Guard {
        Guard NONE = cpu -> true;

        boolean allows(SystemCpu cpu);
    }
}
