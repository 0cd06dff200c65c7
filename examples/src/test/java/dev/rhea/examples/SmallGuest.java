package dev.rhea.examples;

import dev.rhea.arch.riscv.RiscvArchitecture;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.junit.GuestDefinition;
import java.nio.file.Files;
import java.nio.file.Path;

/** The guest that {@code riscv64/monitor.s} is, with two harts. */
final class SmallGuest implements GuestDefinition {
    /** Where a kernel that is no ELF file is put. */
    private static final long KERNEL = 0x8020_0000L;

    @Override
    public MachineBuilder describe() throws Exception {
        Path source = Path.of(System.getProperty("rhea.home"), "examples/riscv64/monitor.s");
        Path kernel = Files.createTempFile("monitor", ".bin");
        kernel.toFile().deleteOnExit();
        Files.write(
                kernel,
                new RiscvArchitecture()
                        .assembler("riscv64", null)
                        .assemble(Files.readString(source), KERNEL)
                        .code());
        return Machine.of("riscv64", "virt").memory(128L << 20).cpus(2).kernel(kernel);
    }
}
