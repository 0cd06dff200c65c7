/** Random instruction sequences, both tiers against the reference's user mode. */
module dev.rhea.difftest {
    requires dev.rhea.arch.riscv;
    requires static org.jspecify;
}
