package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Riscv;
import dev.rhea.arch.riscv.RiscvArchitecture;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.MachineListener;
import dev.rhea.machine.ShutdownCause;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Device;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.RamBlock;
import dev.rhea.machine.memory.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Harts with some memory and one device, a store to which ends the test. Programs are assembly with {@code li} for constants of any
 * size and {@code end} for that store.
 */
final class Rig implements AutoCloseable {
    static final long RAM = 0x8000_0000L;
    static final long RAM_SIZE = 1 << 20;
    /** A word that programs leave results in: {@code DATA + 8 * i}. */
    static final long DATA = RAM + 0x8_0000;

    static final long END = 0x10_0000;

    final Chassis chassis = new Chassis();
    final List<Hart> harts = new ArrayList<>();
    final StringBuilder printed = new StringBuilder();
    private final Engine engine;
    private final RamBlock ram = chassis.newRam("ram", RAM_SIZE);
    private final CompletableFuture<Long> ended = new CompletableFuture<>();
    private final Riscv isa;

    Rig(Engine.Tiers tiers, String cpu, int count) {
        try {
            isa = ((Riscv) new RiscvArchitecture().guest("riscv64", cpu).isa()).withSystem(SystemOptions.generic(64));
        } catch (dev.rhea.engine.abi.Architecture.BadCpu e) {
            throw new IllegalArgumentException(e);
        }
        engine = new Engine(isa, tiers);
        chassis.systemMemory().add(RAM, Ram.of(ram));
        chassis.systemMemory().add(END, new Device("end", 4096, AccessRule.ANY, new Registers() {
            @Override
            public long read(long offset, int size) {
                return 0;
            }

            @Override
            public void write(long offset, long value, int size) {
                chassis.requestShutdown(ShutdownCause.GUEST_SHUTDOWN, (int) value);
            }
        }));
        chassis.addListener(new MachineListener() {
            @Override
            public void shutDown(ShutdownCause cause, int exitCode) {
                ended.complete((long) exitCode);
            }
        });
        for (int i = 0; i < count; i++) {
            Hart hart = new Hart(i, chassis, engine, isa, 10_000_000);
            harts.add(hart);
            chassis.add(hart);
        }
    }

    Rig(Engine.Tiers tiers) {
        this(tiers, "rv64", 1);
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
        byte[] code = new Assembler(isa.table(), isa.operands())
                .assemble(lines.toString(), RAM + offset)
                .code();
        RawMemory.copyIn(code, 0, ram.address() + offset, code.length);
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
        RawMemory.putLong(ram.address() + address - RAM, value);
    }

    long get(long address) {
        return RawMemory.getLong(ram.address() + address - RAM);
    }

    /** The word that the program left. */
    long data(int i) {
        return get(DATA + 8L * i);
    }

    /** Runs from the start of RAM in M mode to {@code end}. */
    void run() throws Exception {
        for (Hart hart : harts) {
            hart.setStart(new Hart.Start(RAM, hart.index(), 0, false));
        }
        go();
    }

    /** Runs the first hart in S mode with Rhea's SBI, the others stopped. */
    void runSupervisor() throws Exception {
        Sbi sbi = new Sbi(chassis, harts, 0, value -> printed.append((char) value), () -> -1);
        for (Hart hart : harts) {
            hart.setSbi(sbi);
            hart.setStart(new Hart.Start(RAM, hart.index(), 0, true));
        }
        go();
    }

    private void go() throws Exception {
        chassis.powerOn();
        chassis.resume();
        ended.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        chassis.closeProcessors();
        engine.close();
        chassis.close();
    }
}
