package dev.rhea.difftest;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvLinux;
import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.io.ByteArrayOutputStream;

/** Runs a program on our engine: flat memory, and the two system calls that the harness makes. */
final class Ours {
    private Ours() {}

    private static final int WRITE = 64;
    private static final int EXIT_GROUP = 94;
    private static final int SIGALTSTACK = 132;
    private static final int SIGACTION = 134;
    private static final int SEGV = 100;

    /**
     * What a run gave.
     *
     * @param output what was written
     * @param executed instructions
     * @param end how it ended, empty for the call of exit
     */
    record Result(byte[] output, long executed, String end) {}

    static Result run(Riscv isa, Tiers tiers, Program program) {
        long size = program.image().length + 2 * Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
        long allocated = RawMemory.allocate(size + Mmu.PAGE_SIZE);
        try (var engine = new Engine(isa, tiers)) {
            long host = allocated + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
            RawMemory.copyIn(program.image(), 0, host, program.image().length);
            Cpu cpu = isa.newCpu(new Flat(host, size));
            engine.attach(cpu);
            var linux = new RiscvLinux(isa);
            linux.startProgram(cpu, program.entry(), 0);
            var output = new ByteArrayOutputStream();
            String end = null;
            while (end == null) {
                if (engine.run(cpu) == Exit.TRAP) {
                    end = trap(cpu, linux, host, size, output);
                }
            }
            engine.detach(cpu);
            return new Result(output.toByteArray(), cpu.executed, end);
        } finally {
            RawMemory.free(allocated);
        }
    }

    private static @org.jspecify.annotations.Nullable String trap(
            Cpu cpu, RiscvLinux linux, long host, long size, ByteArrayOutputStream output) {
        if (cpu.trap == Traps.ILLEGAL_INSTRUCTION) {
            long log = host + Layout.LOG - Layout.SEGMENT;
            RawMemory.putInt(log, RawMemory.getInt(log) * 2 + (int) cpu.pc);
            cpu.pc += 4;
            return null;
        }
        if (!linux.isSyscall(cpu.trap)) {
            return String.format("trap %d at pc 0x%x with 0x%x", cpu.trap, cpu.pc, cpu.trapValue);
        }
        if (linux.syscallNumber(cpu) == EXIT_GROUP) {
            return "";
        }
        if (linux.syscallNumber(cpu) == SIGALTSTACK || linux.syscallNumber(cpu) == SIGACTION) {
            linux.finishSyscall(cpu, 0);
            return null;
        }
        if (linux.syscallNumber(cpu) != WRITE) {
            return "system call " + linux.syscallNumber(cpu);
        }
        long from = linux.argument(cpu, 1) - Layout.SEGMENT;
        int length = (int) linux.argument(cpu, 2);
        if (from < 0 || length < 0 || from + length > size) {
            return "a write from outside of memory";
        }
        byte[] bytes = new byte[length];
        RawMemory.copyOut(host + from, bytes, 0, length);
        output.writeBytes(bytes);
        linux.finishSyscall(cpu, length);
        return null;
    }

    /** Memory from {@link Layout#SEGMENT} on. */
    private record Flat(long host, long size) implements Mmu {
        @Override
        public long translate(Cpu cpu, long address, Access access) {
            long offset = address - Layout.SEGMENT;
            if (offset < 0 || offset >= size) {
                throw cpu.fault(SEGV, address);
            }
            return host + offset;
        }
    }
}
