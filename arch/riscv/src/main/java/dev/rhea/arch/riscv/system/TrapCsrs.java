package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Extensions;

/** What registers of traps take, in M mode and in S mode alike. */
final class TrapCsrs {
    private TrapCsrs() {}

    /** The bits that the address of an instruction can have: {@code mepc}, {@code sepc}. */
    static long instructionMask(Extensions extensions) {
        return extensions.hasCompressed() ? ~1L : ~3L;
    }

    /** What {@code mtvec} or {@code stvec} becomes: modes above 1 are reserved, and not taken. */
    static long vector(long old, long value) {
        return (value & 2) != 0 ? old : value;
    }
}
