package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.host.RawMemory;
import java.util.List;

/**
 * A {@link Bench} for programs of several parts. They are assembly with {@code li} for constants of any size, and {@code end} for the
 * store that ends the test; results are left in memory.
 */
final class Rig implements AutoCloseable {
    static final long RAM = Bench.RAM;
    /** A word that programs leave results in: {@code DATA + 8 * i}. */
    static final long DATA = RAM + 0x8_0000;

    final StringBuilder printed = new StringBuilder();
    final List<Hart> harts;
    final Bench bench;

    Rig(Engine.Tiers tiers, int count) {
        this(tiers, 64, count);
    }

    Rig(Engine.Tiers tiers, int xlen, int count) {
        bench = new Bench(tiers, xlen, count);
        harts = bench.harts;
    }

    Rig(Engine.Tiers tiers) {
        this(tiers, 1);
    }

    /** Puts a program at an offset in RAM. */
    void program(long offset, String text) throws AssemblyException {
        var lines = new StringBuilder();
        int ends = 0;
        for (String line : text.split("\n")) {
            String stripped = line.strip();
            if (stripped.equals("end")) {
                lines.append("lui t6, 0x100\nsw t6, 0(t6)\n");
                // The machine ends a little later.
                lines.append("end")
                        .append(ends)
                        .append(":\njal zero, end")
                        .append(ends++)
                        .append('\n');
            } else if (stripped.startsWith("li ")) {
                String[] words = stripped.substring(3).split(",");
                constant(lines, words[0].strip(), Long.decode(words[1].strip()));
            } else {
                lines.append(stripped).append('\n');
            }
        }
        byte[] code = new Assembler(bench.isa.table(), bench.isa.operands())
                .assemble(lines.toString(), RAM + offset)
                .code();
        RawMemory.copyIn(code, 0, bench.ram.address() + offset, code.length);
    }

    /** Any constant, eleven bits at a time, in few kinds of instructions. */
    private static void constant(StringBuilder lines, String register, long value) {
        lines.append("addi ")
                .append(register)
                .append(", zero, ")
                .append(value >> 60)
                .append('\n');
        for (int shift = 50; shift >= 0; shift -= 10) {
            lines.append("slli ").append(register).append(", ").append(register).append(", 0xa\n");
            lines.append("ori ").append(register).append(", ").append(register).append(", ");
            lines.append(value >> shift & 0x3ff).append('\n');
        }
    }

    void put(long address, long value) {
        bench.memory(address, value);
    }

    long get(long address) {
        return bench.memory(address);
    }

    /** The word that the program left. */
    long data(int i) {
        return get(DATA + 8L * i);
    }

    /** Runs from the start of RAM in M mode to {@code end}. */
    void run() throws InterruptedException {
        bench.run();
    }

    /** Runs the first hart in S mode with Rhea's SBI, the others stopped. */
    void runSupervisor() throws InterruptedException {
        useSbi();
        bench.run();
    }

    /** Lets the first hart begin in S mode with Rhea's SBI, the others stopped. */
    Sbi useSbi() {
        Sbi sbi = new Sbi(bench.chassis, harts, 0, value -> printed.append((char) value), () -> -1);
        for (Hart hart : harts) {
            hart.setStart(new Hart.Start(RAM, hart.index(), 0, true));
        }
        return bench.chassis.add("/machine/sbi", sbi);
    }

    @Override
    public void close() {
        bench.close();
    }
}
