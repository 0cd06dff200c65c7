package dev.rhea.arch.riscv.system;

import java.util.List;
import java.util.OptionalLong;

/** A hart's registers by name: {@code x10} or {@code a0}, {@code f0} or {@code ft0}, {@code mstatus}. */
final class RegisterNames {
    /** What the psABI calls x0 to x31. */
    static final List<String> INTEGERS = List.of(
            "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", "a6",
            "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6");

    /** What the psABI calls f0 to f31. */
    static final List<String> FLOATS = List.of(
            "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4",
            "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9",
            "ft10", "ft11");

    /** Where f0 is among the registers of the processor. */
    static final int FIRST_FLOAT = 32;

    private RegisterNames() {}

    /** x0 to x31, zero-extended. */
    static long integer(SystemCpu cpu, int number) {
        return number == 0 ? 0 : cpu.r[number] & cpu.registerMask();
    }

    /** The register of that name; empty where there is none. While the hart stands. */
    static OptionalLong find(SystemCpu cpu, String name) {
        if (name.equals("pc")) {
            return OptionalLong.of(cpu.pc);
        }
        int integer = number(INTEGERS, "x", name);
        if (integer >= 0) {
            return OptionalLong.of(integer(cpu, integer));
        }
        int number = number(FLOATS, "f", name);
        if (number >= 0 && cpu.hasFloat) {
            return OptionalLong.of(cpu.r[FIRST_FLOAT + number]);
        }
        return switch (name) {
            case "fp" -> OptionalLong.of(integer(cpu, 8));
            case "priv" -> OptionalLong.of(cpu.privilege);
            case "fcsr" -> OptionalLong.of(cpu.fcsr());
            case "frm" -> OptionalLong.of(cpu.frm());
            case "fflags" -> OptionalLong.of(cpu.fcsr() & 31);
            default ->
                cpu.csrs.number(name) < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(cpu.csrs.show(cpu, name) & cpu.registerMask());
        };
    }

    private static int number(List<String> names, String letter, String name) {
        for (int i = 0; i < names.size(); i++) {
            if (name.equals(names.get(i)) || name.equals(letter + i)) {
                return i;
            }
        }
        return -1;
    }
}
