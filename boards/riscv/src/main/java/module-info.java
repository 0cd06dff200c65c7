/** RISC-V boards. */
module dev.rhea.board.riscv {
    requires dev.rhea.arch.riscv;
    requires dev.rhea.board;
    requires static org.jspecify;

    provides dev.rhea.board.Board with
            dev.rhea.board.riscv.SifiveU,
            dev.rhea.board.riscv.Spike,
            dev.rhea.board.riscv.Virt;
}
