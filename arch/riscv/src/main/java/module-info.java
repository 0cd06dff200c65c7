/** The RISC-V architecture: encodings with their meanings, registers, CPU models. */
module dev.rhea.arch.riscv {
    requires transitive dev.rhea.engine;
    requires transitive dev.rhea.machine;
    requires static org.jspecify;

    exports dev.rhea.arch.riscv;
    exports dev.rhea.arch.riscv.system;

    provides dev.rhea.engine.abi.Architecture with
            dev.rhea.arch.riscv.RiscvArchitecture;
}
