/** The RISC-V architecture: encodings with their meanings, registers, CPU models. */
module dev.rhea.arch.riscv {
    requires transitive dev.rhea.engine;
    requires static org.jspecify;

    exports dev.rhea.arch.riscv;

    provides dev.rhea.engine.abi.Architecture with
            dev.rhea.arch.riscv.RiscvArchitecture;
}
