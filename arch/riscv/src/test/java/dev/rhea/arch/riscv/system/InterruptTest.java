package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts, waiting for them, counters, and the state that survives all that. */
@Timeout(60)
class InterruptTest {
    private static final int S0 = 8;
    private static final int S1 = 9;

    private static final String END = """
            lui t0, 0x100
            sw t0, 0(t0)
            stop: jal zero, stop
            """;

    @ParameterizedTest
    @EnumSource
    void aVectoredInterruptLandsAtItsOwnEntry(Tiers tiers) throws Exception {
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load("""
                    auipc t0, 0x0
                    addi t0, t0, 0x101
                    csrrw zero, mtvec, t0
                    addi t1, zero, 2
                    csrrs zero, mie, t1
                    csrrs zero, mip, t1
                    csrrsi zero, mstatus, 8
                    loop: jal zero, loop
                    .balign 0x100
                    jal zero, wrong
                    csrrs s0, mcause, zero
                    csrrs s1, mstatus, zero
                    """ + END + "wrong: addi s0, zero, 0\n" + "lui t0, 0x100\nsw t0, 0(t0)\nhere: jal zero, here\n");
            bench.run();
            assertThat(bench.x(S0)).isEqualTo(1L << 63 | 1);
            assertThat(bench.x(S1) & 0x1888).as("MPP, MPIE and MIE").isEqualTo(0x1880);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTimerEndsAWait(Tiers tiers) throws Exception {
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load("""
                    addi t1, zero, -1
                    csrrw zero, menvcfg, t1
                    csrrs s1, time, zero
                    addi s1, s1, 0x700
                    csrrw zero, stimecmp, s1
                    addi t1, zero, 0x20
                    csrrw zero, mie, t1
                    wfi
                    csrrs s0, time, zero
                    csrrs s2, mip, zero
                    csrrw zero, stimecmp, t1
                    csrrs s3, mip, zero
                    addi t1, zero, -1
                    csrrw zero, stimecmp, t1
                    csrrs s4, mip, zero
                    """ + END);
            bench.run();
            assertThat(bench.x(S0)).isGreaterThanOrEqualTo(bench.x(S1));
            assertThat(bench.x(18) & 0x20).isEqualTo(0x20);
            assertThat(bench.x(19) & 0x20).isEqualTo(0x20);
            assertThat(bench.x(20) & 0x20).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWireWakesAHartThatWaits(Tiers tiers) throws Exception {
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load("lui t1, 0x1\naddi t1, t1, -2048\ncsrrw zero, mie, t1\nwfi\ncsrrs s0, mip, zero\n" + END);
            bench.chassis.lock().lock();
            bench.harts.getFirst().line(Interrupt.MEI).raise();
            bench.chassis.lock().unlock();
            bench.run();
            assertThat(bench.x(S0) & 0x800).isEqualTo(0x800);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHartWithoutATrapVectorCanBePaused(Tiers tiers) throws Exception {
        try (var bench = new Bench(tiers, 64, 1)) {
            // mtvec is 0, where nothing is: each trap leads to the next one
            bench.load("ecall\n");
            bench.chassis.powerOn();
            bench.chassis.resume();
            bench.chassis.pause();
            assertThat(bench.harts.getFirst().pc()).isIn(0L, Bench.RAM);
        }
    }

    @ParameterizedTest
    @EnumSource
    void allOfAHartsStateIsInItsRecord(Tiers tiers) throws Exception {
        try (var bench = new Bench(tiers, 64, 1);
                var other = new Bench(tiers, 64, 1)) {
            bench.load("addi s0, zero, 7\ncsrrw zero, mscratch, s0\ncsrrw zero, sepc, s0\ncsrrw zero, pmpaddr1, s0\n"
                    + "lui t0, 0x2\ncsrrs zero, mstatus, t0\ncsrrwi zero, frm, 2\n" + END);
            bench.run();
            HartState state = bench.harts.getFirst().saveState();
            other.chassis.powerOn();
            other.harts.getFirst().loadState(state);
            HartState copy = other.harts.getFirst().saveState();
            assertThat(copy).usingRecursiveComparison().isEqualTo(state);
            assertThat(other.harts.getFirst().registers())
                    .isEqualTo(bench.harts.getFirst().registers())
                    .contains("mscratch 0000000000000007");
        }
    }

    @ParameterizedTest
    @EnumSource
    void lendingAPrivilegeReachesDataAndNotCode(Tiers tiers) throws Exception {
        // MPRV with MPP of U: PMP denies all to U
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load("""
                    auipc t0, 0x0
                    addi t0, t0, 0x100
                    csrrw zero, mtvec, t0
                    lui t1, 0x2
                    addi t1, t1, -2048
                    csrrc zero, mstatus, t1
                    ld a0, 0(t0)
                    lui t1, 0x20
                    csrrs zero, mstatus, t1
                    ld a0, 0(t0)
                    .balign 0x100
                    csrrs s0, mcause, zero
                    csrrs s1, mtval, zero
                    csrrs s2, mepc, zero
                    lui t1, 0x20
                    csrrc zero, mstatus, t1
                    """ + END);
            bench.run();
            assertThat(bench.x(S0)).isEqualTo(5);
            assertThat(bench.x(S1)).isEqualTo(Bench.RAM + 0x100);
            assertThat(bench.x(18)).isEqualTo(Bench.RAM + 36);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatPmpSplitsIsCheckedAccessByAccess(Tiers tiers) throws Exception {
        // entry 0, locked, no rights: 8 bytes at RAM + 0x2000
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load("""
                    auipc t0, 0x0
                    addi t0, t0, 0x100
                    csrrw zero, mtvec, t0
                    addi t1, zero, 1
                    slli t1, t1, 0x1f
                    lui t2, 0x2
                    or t1, t1, t2
                    srli t2, t1, 0x2
                    csrrw zero, pmpaddr0, t2
                    addi t2, zero, 0x98
                    csrrw zero, pmpcfg0, t2
                    sd t1, 8(t1)
                    ld s3, 8(t1)
                    ld a0, 0(t1)
                    .balign 0x100
                    csrrs s0, mcause, zero
                    csrrs s1, mtval, zero
                    """ + END);
            bench.run();
            assertThat(bench.x(S0)).isEqualTo(5);
            assertThat(bench.x(S1)).isEqualTo(Bench.RAM + 0x2000);
            assertThat(bench.x(19)).isEqualTo(Bench.RAM + 0x2000);
        }
    }
}
