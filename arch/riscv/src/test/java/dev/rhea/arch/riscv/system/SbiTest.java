package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls from S mode where Rhea is the firmware. */
@Timeout(60)
class SbiTest {
    private static final String END = """
            lui t0, 0x100
            sw t0, 0(t0)
            stop: jal zero, stop
            """;

    private final ConcurrentLinkedQueue<Integer> written = new ConcurrentLinkedQueue<>();

    private Bench bench(Tiers tiers, int harts) {
        var bench = new Bench(tiers, 64, harts);
        for (Hart hart : bench.harts) {
            hart.setStart(new Hart.Start(Bench.RAM, hart.index(), 0, true));
        }
        var unused = new Sbi(bench.chassis, bench.harts, 0, written::add, () -> -1);
        return bench;
    }

    /** a7 and a6 for an extension and function. */
    private static String call(int extension, int function) {
        int low = extension << 20 >> 20;
        return "lui a7, 0x%x\naddiw a7, a7, %d\naddi a6, zero, %d\necall\n"
                .formatted((extension - low) >>> 12 & 0xfffff, low, function);
    }

    @ParameterizedTest
    @EnumSource
    void theConsoleWritesBytesAndSaysHowMany(Tiers tiers) throws Exception {
        try (Bench bench = bench(tiers, 1)) {
            bench.load("auipc a1, 0x0\naddi a0, zero, 3\naddi a2, zero, 0\n" + call(0x4442434e, 0)
                    + "addi s0, a0, 0\naddi s1, a1, 0\naddi a0, zero, 0x41\n" + call(0x4442434e, 2)
                    + "addi a0, zero, 0x42\n" + call(1, 0) + call(0x77777, 0) + "addi s2, a0, 0\n" + END);
            bench.run();
            assertThat(bench.x(8)).isZero();
            assertThat(bench.x(9)).isEqualTo(3);
            assertThat(bench.x(18)).isEqualTo(-2);
            assertThat(written).containsExactly(0x97, 0x05, 0x00, 0x41, 0x42);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHartIsStartedAndAnswersFencesAndInterrupts(Tiers tiers) throws Exception {
        // hart 0 starts hart 1, which says so, waits for an interrupt and says so too; then it is fenced while it spins
        try (Bench bench = bench(tiers, 2)) {
            bench.load("auipc s5, 0x1\naddi a0, zero, 1\njal ra, after\n"
                    + "sd a1, 0(s5)\n".replace("s5", "a1")
                    + "addi t1, zero, 2\ncsrrs zero, sie, t1\nwfi\ncsrrs t2, sip, zero\nsd t2, 8(a1)\n"
                    + "spin: jal zero, spin\n"
                    + "after: addi a1, ra, 0\naddi a2, s5, 0\n" + call(0x48534d, 0)
                    + "addi s0, a0, 0\nfirst: ld t0, 0(s5)\nbeq t0, zero, first\n"
                    + "addi a0, zero, 1\n" + call(0x48534d, 2) + "addi s1, a1, 0\n"
                    + "addi a0, zero, 2\naddi a1, zero, 0\n" + call(0x735049, 0)
                    + "second: ld t0, 8(s5)\nbeq t0, zero, second\n"
                    + "addi a0, zero, 0\naddi a1, zero, -1\naddi a2, zero, 0\naddi a3, zero, -1\n"
                    + call(0x52464e43, 1) + "addi s2, a0, 0\n"
                    + "addi a0, zero, 4\naddi a1, zero, 0\n" + call(0x735049, 0) + "addi s3, a0, 0\n" + END);
            bench.run();
            assertThat(bench.x(8)).as("hart_start").isZero();
            assertThat(bench.x(9)).as("hart_get_status: started").isZero();
            assertThat(bench.x(18)).as("remote_sfence_vma").isZero();
            assertThat(bench.x(19)).as("no hart 2").isEqualTo(-3);
            assertThat(bench.memory(Bench.RAM + 0x1008) & 2).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theTimerInterruptsSMode(Tiers tiers) throws Exception {
        try (Bench bench = bench(tiers, 1)) {
            bench.load("auipc t0, 0x0\naddi t0, t0, 0x100\ncsrrw zero, stvec, t0\naddi t1, zero, 0x20\n"
                    + "csrrs zero, sie, t1\ncsrrsi zero, sstatus, 2\ncsrrs a0, time, zero\naddi a0, a0, 100\n"
                    + call(0x54494d45, 0) + "loop: jal zero, loop\n.balign 0x100\ncsrrs s0, scause, zero\n" + END);
            bench.run();
            assertThat(bench.x(8)).isEqualTo(1L << 63 | 5);
        }
    }
}
