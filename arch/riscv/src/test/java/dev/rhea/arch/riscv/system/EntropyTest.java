package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.engine.cpu.Engine.Tiers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Zkr: what {@code seed} reads, and who may read it. */
@Timeout(60)
class EntropyTest {
    private static final int S0 = 8;
    private static final int S1 = 9;
    private static final int S11 = 27;

    private static Bench run(Tiers tiers, String code) throws Exception {
        SystemOptions options = SystemOptions.generic(64).with(Extension.ZKR);
        var bench = new Bench(tiers, 64, 1, options).load("""
                auipc t0, 0x0
                addi t0, t0, 0x100
                csrrw zero, mtvec, t0
                addi s11, zero, 0
                addi t1, zero, 0x1f
                csrrw zero, pmpcfg0, t1
                addi t1, zero, -1
                csrrw zero, pmpaddr0, t1
                %s
                lui t0, 0x100
                sw t0, 0(t0)
                stop: jal zero, stop
                .balign 0x100
                addi s11, s11, 1
                csrrs t0, mepc, zero
                addi t0, t0, 4
                csrrw zero, mepc, t0
                mret
                """.formatted(code));
        var drawn = new AtomicInteger(0x71230);
        bench.harts.getFirst().cpu().takeEntropyFrom(drawn::incrementAndGet);
        return bench.run();
    }

    @ParameterizedTest
    @EnumSource
    void everyReadGivesFreshBitsAndSaysThatTheyAreEntropy(Tiers tiers) throws Exception {
        try (var bench = run(tiers, """
                csrrw s0, seed, zero
                csrrsi s1, seed, 1
                """)) {
            assertThat(bench.x(S11)).as("traps").isZero();
            assertThat(bench.x(S0)).isEqualTo(0xffffffff80001231L);
            assertThat(bench.x(S1)).isEqualTo(0xffffffff80001232L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReadThatDoesNotWriteIsIllegal(Tiers tiers) throws Exception {
        try (var bench = run(tiers, """
                csrrs s0, seed, zero
                csrrci s0, seed, 0
                """)) {
            assertThat(bench.x(S11)).as("traps").isEqualTo(2);
        }
    }

    /** The mode, the bits of {@code mseccfg}, and how many of one read trap. */
    @ParameterizedTest
    @CsvSource({"1, 0x000, 1", "1, 0x200, 0", "1, 0x100, 1", "0, 0x000, 1", "0, 0x200, 1", "0, 0x100, 0"})
    void lowerModesMayReadItWhereMachineModeLetsThem(int mode, String bits, long traps) throws Exception {
        try (var bench = run(Tiers.INTERPRETER, """
                addi t1, zero, %s
                csrrw zero, mseccfg, t1
                csrrs s1, mseccfg, zero
                addi t1, zero, %d
                slli t1, t1, 0xb
                csrrw zero, mstatus, t1
                auipc t0, 0x0
                addi t0, t0, 0x10
                csrrw zero, mepc, t0
                mret
                csrrw s0, seed, zero
                """.formatted(bits, mode))) {
            assertThat(bench.x(S1)).isEqualTo(Integer.decode(bits).longValue());
            assertThat(bench.x(S11)).as("traps").isEqualTo(traps);
        }
    }
}
