package dev.rhea.arch.riscv.system;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The registers that a model has, by number and by name. Groups of them declare theirs with the {@code add} methods. */
final class CsrTable {
    private static final int NUMBERS = 0x1000;

    /** 32 or 64. */
    final int xlen;

    /** All ones in a register's width. */
    final long mask;

    private final @Nullable Csr[] byNumber = new @Nullable Csr[NUMBERS];
    private final Map<String, Integer> numbers = new HashMap<>();

    CsrTable(int xlen) {
        this.xlen = xlen;
        mask = xlen == 64 ? -1L : 0xffffffffL;
    }

    /** The register with that number, 0 to 4095; null where there is none. */
    @Nullable
    Csr find(int number) {
        return byNumber[number];
    }

    /** The number of a register, or -1. */
    int number(String name) {
        return numbers.getOrDefault(name, -1);
    }

    /** A register that may be accessed wherever its number says so, and whose value changes nothing else at once. */
    void add(int number, String name, Csr.Read read, Csr.Write write) {
        add(number, new Csr(name, read, write, Csr.Guard.NONE, false));
    }

    /** A register whose value says what the next instruction does or whether it comes. */
    void addCourse(int number, String name, Csr.Read read, Csr.Write write) {
        add(number, new Csr(name, read, write, Csr.Guard.NONE, true));
    }

    void add(int number, Csr csr) {
        byNumber[number] = csr;
        numbers.put(csr.name(), number);
    }

    /** A register of 64 bits, which RV32 has in two. @param high the number of the upper half there */
    void addWide(int number, int high, String name, Csr.Read read, Csr.Write write, Csr.Guard guard) {
        if (xlen == 64) {
            add(number, new Csr(name, read, write, guard, true));
            return;
        }
        Csr.Write low = (cpu, v) -> write.set(cpu, read.get(cpu) & ~mask | v);
        add(number, new Csr(name, read, low, guard, true));
        Csr.Write upper = (cpu, v) -> write.set(cpu, read.get(cpu) & mask | v << 32);
        add(high, new Csr(name + "h", cpu -> read.get(cpu) >>> 32, upper, guard, true));
    }
}
