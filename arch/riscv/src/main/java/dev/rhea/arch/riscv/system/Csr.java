package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.ir.Node;
import org.jspecify.annotations.Nullable;

/**
 * A control and status register.
 *
 * @param name as the manual writes it
 * @param changesCourse whether a write may change privilege, mapping, units or pending interrupts: the block ends then
 * @param inline the usual accesses as operations, or null where all of them are left to {@link #read} and {@link #write}
 */
record Csr(
        String name,
        Read read,
        Write write,
        Guard guard,
        boolean changesCourse,
        @Nullable Inline inline) {
    Csr(String name, Read read, Write write, Guard guard, boolean changesCourse) {
        this(name, read, write, guard, changesCourse, null);
    }

    /** The same with its usual accesses as operations. */
    Csr with(Inline operations) {
        return new Csr(name, read, write, guard, changesCourse, operations);
    }

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

    /** What an instruction does to a register with its operand. */
    enum Change {
        /** csrrw */
        ASSIGN,
        /** csrrs */
        SET,
        /** csrrc */
        CLEAR;

        /** Emits what becomes of a value. */
        Node of(RiscvBuilder t, Node old, Node operand) {
            return switch (this) {
                case ASSIGN -> operand;
                case SET -> t.or(old, operand);
                case CLEAR -> t.and(old, t.not(operand));
            };
        }
    }

    /**
     * Accesses of a register of S mode as operations on {@link PrivilegedSlots}, in code that only S and M mode run. They do what {@link Read} and {@link
     * Write} would, or {@link dev.rhea.engine.ir.Builder#giveUpIf give up} before they did anything.
     */
    interface Inline {
        /** Emits the value, XLEN bits zero-extended, as an I64. */
        Node read(RiscvBuilder t);

        /** Emits a write. @param operand XLEN bits zero-extended, as an I64 */
        void write(RiscvBuilder t, Change change, Node operand);
    }
}
