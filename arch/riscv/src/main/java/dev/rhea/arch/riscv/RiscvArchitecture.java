package dev.rhea.arch.riscv;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.decode.Assembler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RISC-V for those who only know its name. */
public final class RiscvArchitecture implements Architecture {
    /** For {@link java.util.ServiceLoader}. */
    public RiscvArchitecture() {}

    @Override
    public List<String> names() {
        return List.of("riscv64", "riscv32");
    }

    @Override
    public List<String> cpuModels(String name) {
        return CpuModel.names(xlen(name));
    }

    @Override
    public Guest guest(String name, @Nullable String cpu) throws BadCpu {
        Riscv isa = CpuModel.parse(xlen(name), cpu);
        return new Guest(isa, new RiscvLinux(isa));
    }

    @Override
    public Assembler assembler(String name, @Nullable String cpu) throws BadCpu {
        return CpuModel.parseSystem(xlen(name), cpu == null ? "max" : cpu).assembler();
    }

    private static int xlen(String name) {
        return switch (name) {
            case "riscv64" -> 64;
            case "riscv32" -> 32;
            default -> throw new IllegalArgumentException("'" + name + "' is no RISC-V");
        };
    }
}
