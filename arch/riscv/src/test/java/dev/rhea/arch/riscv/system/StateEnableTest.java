package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.arch.riscv.Extension;
import dev.rhea.engine.cpu.Engine.Tiers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Smstateen: what M mode hides from S mode. */
@Timeout(60)
class StateEnableTest {
    private static final int S0 = 8;
    private static final int S1 = 9;
    private static final int S11 = 27;

    /** Goes to S mode with {@code mstateen0} as t3 has it shifted up to bit 62; traps are counted in s11 and skipped. */
    private static String supervisor(int stateen) {
        return """
                auipc t0, 0x0
                addi t0, t0, 0x80
                csrrw zero, mtvec, t0
                addi s11, zero, 0
                addi t1, zero, 0x1f
                csrrw zero, pmpcfg0, t1
                addi t1, zero, -1
                csrrw zero, pmpaddr0, t1
                addi t3, zero, %d
                slli t3, t3, 62
                csrrw zero, mstateen0, t3
                csrrw zero, mstateen1, t1
                csrrs s0, mstateen0, zero
                csrrs s1, mstateen1, zero
                addi t1, zero, 1
                slli t1, t1, 0xb
                csrrw zero, mstatus, t1
                addi t0, t0, 0x40
                csrrw zero, mepc, t0
                mret
                .balign 0x80
                addi s11, s11, 1
                csrrs t0, mepc, zero
                addi t0, t0, 4
                csrrw zero, mepc, t0
                mret
                .balign 0x40
                """.formatted(stateen);
    }

    private static final String END = """
            lui t0, 0x100
            sw t0, 0(t0)
            stop: jal zero, stop
            """;

    private static Bench run(Tiers tiers, int stateen, String code) throws Exception {
        SystemOptions options = SystemOptions.generic(64).with(Extension.SMSTATEEN);
        return new Bench(tiers, 64, 1, options)
                .load(supervisor(stateen) + code + END)
                .run();
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheBitsSupervisorsHaveNoEnvironmentAndNoStateEnables(Tiers tiers) throws Exception {
        try (var bench = run(tiers, 0, """
                csrrs a0, senvcfg, zero
                csrrs a0, sstateen0, zero
                csrrs a0, sstateen1, zero
                """)) {
            assertThat(bench.x(S11)).as("traps").isEqualTo(2);
            assertThat(bench.x(S0)).isZero();
            assertThat(bench.x(S1)).isEqualTo(1L << 63);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withTheBitsTheyHaveThem(Tiers tiers) throws Exception {
        try (var bench = run(tiers, 3, """
                addi t1, zero, -1
                csrrw zero, senvcfg, t1
                csrrs a0, senvcfg, zero
                csrrw zero, sstateen0, t1
                csrrs a1, sstateen0, zero
                """)) {
            assertThat(bench.x(S11)).as("traps").isZero();
            assertThat(bench.x(S0)).isEqualTo(3L << 62);
            assertThat(bench.x(10)).as("senvcfg").isEqualTo(1);
            assertThat(bench.x(11)).as("sstateen0").isZero();
        }
    }

    /** Its hart has compressed instructions for doubles, so that no jump through the table can be tried here. */
    @ParameterizedTest
    @CsvSource({"0, 1", "4, 0"})
    void theJumpTableIsHiddenWithoutItsBit(int bits, long traps) throws Exception {
        SystemOptions options = SystemOptions.generic(64).with(Extension.SMSTATEEN, Extension.ZCMT);
        String start = supervisor(0).replace("slli t3, t3, 62", "addi t3, zero, " + bits);
        try (var bench = new Bench(Tiers.INTERPRETER, 64, 1, options)
                .load(start + "addi a0, zero, 64\ncsrrw zero, jvt, a0\ncsrrs a1, jvt, zero\n" + END)
                .run()) {
            assertThat(bench.x(S11)).as("traps").isEqualTo(2 * traps);
            assertThat(bench.x(11)).isEqualTo(traps == 0 ? 64 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theStateComesBack(Tiers tiers) throws Exception {
        try (var bench = run(tiers, 3, "");
                var other = new Bench(tiers, 64, 1, SystemOptions.generic(64).with(Extension.SMSTATEEN))) {
            other.chassis.powerOn();
            Hart twin = other.harts.getFirst();
            twin.loadState(bench.harts.getFirst().saveState());
            assertThat(twin.register("mstateen0")).hasValue(3L << 62);
            assertThat(twin.register("mstateen1")).hasValue(1L << 63);
            assertThat(twin.register("mstateen2")).hasValue(0);
        }
    }
}
