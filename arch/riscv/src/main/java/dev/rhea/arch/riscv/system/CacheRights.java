package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;

/** Who may manage caches: CMO manual, section "Control and Status Register State". */
public final class CacheRights {
    /** Which field of {@code menvcfg} and {@code senvcfg} decides. */
    public enum Field {
        CBIE(EnvironmentBits.CBIE),
        CBCFE(EnvironmentBits.CBCFE),
        CBZE(EnvironmentBits.CBZE);

        private final long bits;

        Field(long bits) {
            this.bits = bits;
        }
    }

    private static final Helper DEMAND =
            Helper.of("cbo rights", null, CacheRights::demand, Effect.MAY_FAULT, Effect.IMPURE);

    private CacheRights() {}

    /** Emits the check: without the right the instruction is illegal. */
    public static void demand(RiscvBuilder t, Insn i, Field field) {
        t.call(DEMAND, t.i64(i.bits()), t.i64(field.bits));
    }

    private static long demand(Cpu engineCpu, long instruction, long field, long c) {
        var cpu = (SystemCpu) engineCpu;
        boolean refused = cpu.privilege != SystemCpu.MACHINE && (cpu.menvcfg & field) == 0
                || cpu.privilege == SystemCpu.USER && cpu.options.supervisor() && (cpu.senvcfg() & field) == 0;
        if (refused) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, instruction);
        }
        return 0;
    }
}
