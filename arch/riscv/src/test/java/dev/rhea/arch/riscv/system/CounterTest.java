package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event counters: which are there, what they take, and what they count. */
@Timeout(60)
class CounterTest {
    private static final int S0 = 8;
    private static final int S1 = 9;
    private static final int S2 = 18;
    private static final int S3 = 19;

    /** Traps are counted in s11 and skipped. */
    private static final String PROLOGUE = """
            auipc t0, 0x0
            addi t0, t0, 0x20
            csrrw zero, mtvec, t0
            addi s11, zero, 0
            jal zero, begin
            .balign 0x20
            addi s11, s11, 1
            csrrs t0, mepc, zero
            addi t0, t0, 4
            csrrw zero, mepc, t0
            mret
            begin: addi t1, zero, -1
            """;

    private static final String END = """
            lui t0, 0x100
            sw t0, 0(t0)
            stop: jal zero, stop
            """;

    private static Bench run(Tiers tiers, String code) throws Exception {
        return new Bench(tiers, 64, 1).load(PROLOGUE + code + END).run();
    }

    @ParameterizedTest
    @EnumSource
    void enablesAndInhibitsTakeTheBitsOfCountersThatAreThere(Tiers tiers) throws Exception {
        try (var bench = run(tiers, """
                csrrw zero, mcounteren, t1
                csrrs s0, mcounteren, zero
                csrrw zero, scounteren, t1
                csrrs s1, scounteren, zero
                csrrw zero, mcountinhibit, t1
                csrrs s2, mcountinhibit, zero
                csrrw zero, mhpmevent31, t1
                csrrs s3, mhpmevent31, zero
                """)) {
            assertThat(bench.x(S0)).isEqualTo(0x7ffff);
            assertThat(bench.x(S1)).isEqualTo(0x7ffff);
            assertThat(bench.x(S2)).isEqualTo(0x7fffd);
            assertThat(bench.x(S3)).isEqualTo(0xf3ff_ffff_ffff_ffffL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void counterThatSelectsNothingKeepsItsValue(Tiers tiers) throws Exception {
        try (var bench = run(tiers, """
                addi t2, zero, 0x123
                csrrw zero, mhpmcounter18, t2
                addi zero, zero, 0
                csrrs s0, mhpmcounter18, zero
                csrrs s1, hpmcounter18, zero
                """)) {
            assertThat(bench.x(S0)).isEqualTo(0x123);
            assertThat(bench.x(S1)).isEqualTo(0x123);
            assertThat(bench.x(27)).as("traps").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void countersBeyondTheMaskAreIllegal(Tiers tiers) throws Exception {
        // mhpmcounter19 has no name then
        try (var bench = run(tiers, """
                csrrs s0, 0xb13, zero
                csrrs s0, 0xc13, zero
                """)) {
            assertThat(bench.x(27)).as("traps").isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventCounterCountsInstructionsWhileItIsNotInhibited(Tiers tiers) throws Exception {
        try (var bench = run(tiers, """
                addi t2, zero, 2
                csrrw zero, mhpmevent3, t2
                csrrw zero, mhpmcounter3, zero
                addi zero, zero, 0
                addi zero, zero, 0
                csrrs s0, mhpmcounter3, zero
                addi t2, zero, 8
                csrrw zero, mcountinhibit, t2
                csrrs s1, mhpmcounter3, zero
                addi zero, zero, 0
                csrrs s2, mhpmcounter3, zero
                csrrw zero, mcountinhibit, zero
                addi zero, zero, 0
                csrrs s3, mhpmcounter3, zero
                """)) {
            assertThat(bench.x(S0)).isEqualTo(2);
            assertThat(bench.x(S1)).isEqualTo(5);
            assertThat(bench.x(S2)).isEqualTo(5);
            assertThat(bench.x(S3)).isEqualTo(6);
        }
    }
}
