package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Traps;

/** What firmware in M mode does before it leaves to S mode, done by Rhea where the guest brings none. */
final class Handover {
    /** What OpenSBI delegates: everything that S mode can do something about. */
    private static final long MEDELEG = 1 << Traps.INSTRUCTION_MISALIGNED
            | 1 << Traps.INSTRUCTION_ACCESS_FAULT
            | 1 << Traps.ILLEGAL_INSTRUCTION
            | 1 << Traps.BREAKPOINT
            | 1 << Traps.LOAD_MISALIGNED
            | 1 << Traps.LOAD_ACCESS_FAULT
            | 1 << Traps.STORE_MISALIGNED
            | 1 << Traps.STORE_ACCESS_FAULT
            | 1 << Traps.ECALL_U
            | 1 << Traps.INSTRUCTION_PAGE_FAULT
            | 1 << Traps.LOAD_PAGE_FAULT
            | 1 << Traps.STORE_PAGE_FAULT;

    /** NAPOT over all, with all rights. */
    private static final int ALL_MEMORY = 0x1f;

    private Handover() {}

    /** Makes a hart one that just left to S mode. Its own thread, or while it stands. */
    static void toSupervisor(SystemCpu cpu) {
        cpu.privilege = SystemCpu.SUPERVISOR;
        cpu.medeleg = MEDELEG;
        cpu.mideleg = Interrupt.SUPERVISOR;
        cpu.mcounteren = 0xffffffffL;
        cpu.scounteren = 0xffffffffL; // Linux' vDSO reads the time and trusts firmware to let it
        cpu.satp = 0;
        cpu.mstatus(cpu.mstatus() & ~Status.SIE);
        cpu.menvcfg |= (cpu.options.sstc() ? EnvironmentBits.STCE : 0)
                | (cpu.options.svpbmt() ? EnvironmentBits.PBMTE : 0)
                | EnvironmentBits.CBIE
                | EnvironmentBits.CBCFE
                | EnvironmentBits.CBZE;
        cpu.mseccfg = cpu.options.zkr() ? EntropyCsrs.SSEED : 0;
        for (int i = 0; i < StateEnableCsrs.COUNT && cpu.options.smstateen(); i++) {
            cpu.mstateen[i] = StateEnableCsrs.bits(cpu.options, i);
        }
        cpu.pmp.address(0, -1);
        cpu.pmp.config(0, ALL_MEMORY);
        cpu.translations.forgetAll();
        cpu.translations.select();
    }
}
