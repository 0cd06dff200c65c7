package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.Rig.RAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.arch.riscv.CpuModel;
import dev.rhea.engine.cpu.Engine.Tiers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Debug triggers as a guest sees them. */
@Timeout(120)
class TriggerTest {
    private static final long MCONTROL = 2L << 60;
    private static final long ICOUNT = 3L << 60;
    private static final long MCONTROL6 = 6L << 60;
    private static final long LOAD = 1;
    private static final long STORE = 2;
    private static final long EXECUTE = 4;
    private static final long U = 8;
    private static final long M = 64;
    private static final long CHAIN = 1 << 11;

    private static final long HANDLER = 0x1000;
    /** Its loop lies in two pages, one of its instructions in both. */
    private static final long BODY = 0x3000 - 22;

    private static final long TABLE = RAM + 0xa_0000;
    private static final long LOG = RAM + 0xb_0000;
    private static final long ARENA = RAM + 0x8_2000;
    private static final int LOG_BYTES = 24;
    private static final int MOST = 40;
    private static final int ENTRY_BYTES = 48;

    /** What a breakpoint exception left: mepc, mtval, minstret. */
    private record Logged(long pc, long value, long instret) {}

    /**
     * M mode takes programmings of both triggers from a table; for each it lets U mode run the body. A breakpoint is written
     * down and its instruction skipped; when there were enough the body is given up.
     */
    private static void program(Rig rig, int entries, int rounds) throws Exception {
        rig.program(
                0,
                "li t0, " + (RAM + HANDLER) + "\nli s10, " + TABLE + "\nli s11, " + LOG + "\nli s9, " + entries
                        + """

                csrrw zero, mtvec, t0
                li t0, 0x6600
                csrrs zero, mstatus, t0
                li t0, -1
                csrrw zero, pmpaddr0, t0
                li t0, 0x1f
                csrrw zero, pmpcfg0, t0
                auipc s7, 0
                addi s7, s7, 8
                next: beq s9, zero, over
                addi s9, s9, -1
                addi t3, zero, 0
                trigger: csrrw zero, tselect, t3
                csrrw zero, tdata1, zero
                ld t0, 8(s10)
                csrrw zero, tdata2, t0
                ld t0, 16(s10)
                csrrw zero, tdata3, t0
                ld t0, 0(s10)
                csrrw zero, tdata1, t0
                addi s10, s10, 24
                addi t3, t3, 1
                addi t4, zero, 2
                bne t3, t4, trigger
                addi s8, zero, %d
                li t0, 0x1800
                csrrc zero, mstatus, t0
                li t0, %d
                csrrw zero, mepc, t0
                csrrwi zero, minstret, 0
                li a0, %d
                li a1, %d
                addi a4, zero, 0
                mret
                over:
                end
                """.formatted(MOST, RAM + BODY, ARENA - 8L * rounds, rounds));
        rig.program(HANDLER, """
                csrrs t3, mcause, zero
                addi t4, zero, 3
                bne t3, t4, done
                csrrs t3, mepc, zero
                sd t3, 0(s11)
                csrrs t4, mtval, zero
                sd t4, 8(s11)
                csrrs t4, minstret, zero
                sd t4, 16(s11)
                addi s11, s11, 24
                lhu t4, 0(t3)
                andi t4, t4, 3
                addi t3, t3, 2
                addi t4, t4, -3
                bne t4, zero, short
                addi t3, t3, 2
                short: csrrw zero, mepc, t3
                addi s8, s8, -1
                beq s8, zero, done
                mret
                done: sd zero, 0(s11)
                addi s11, s11, 24
                li t3, 0x1800
                csrrs zero, mstatus, t3
                csrrw zero, mepc, s7
                mret
                """);
        rig.program(BODY, """
                loop: lw a2, 0(a0)
                ld a3, 5(a0)
                sd a3, 8(a0)
                c.addi a4, 1
                sh a4, -3(a0)
                andi a5, a0, -8
                amoadd.d a6, a4, (a5)
                lr.w a7, (a5)
                sc.w a7, a4, (a5)
                vsetivli zero, 4, e32, m1, ta, ma
                vle32.v v1, (a0)
                vse32.v v1, (a0)
                addi a0, a0, 10
                addi a1, a1, -1
                bne a1, zero, loop
                ecall
                """);
    }

    private static void entry(Rig rig, int number, long... values) {
        for (int i = 0; i < 6; i++) {
            rig.put(TABLE + ENTRY_BYTES * (long) number + 8 * i, i < values.length ? values[i] : 0);
        }
    }

    /** What was written down, entry by entry. */
    private static List<List<Logged>> log(Rig rig, int entries) {
        var all = new ArrayList<List<Logged>>();
        long at = LOG;
        for (int i = 0; i < entries; i++) {
            var each = new ArrayList<Logged>();
            for (; rig.get(at) != 0; at += LOG_BYTES) {
                each.add(new Logged(rig.get(at), rig.get(at + 8), rig.get(at + 16)));
            }
            at += LOG_BYTES;
            all.add(each);
        }
        return all;
    }

    private static List<List<Logged>> run(Tiers tiers, int rounds, long[]... entries) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            program(rig, entries.length, rounds);
            for (int i = 0; i < entries.length; i++) {
                entry(rig, i, entries[i]);
            }
            rig.run();
            return log(rig, entries.length);
        }
    }

    static List<Tiers> others() {
        return List.of(Tiers.JAVA, Tiers.DEFAULT, Tiers.REGIONS, Tiers.NATIVE);
    }

    // ---- all of them

    /** Address, value and count of instructions of each exception are the same, however triggers are programmed. */
    @ParameterizedTest
    @MethodSource("others")
    void everyTierRaisesTheSameBreakpointsAtTheSameInstruction(Tiers tiers) throws Exception {
        int raised = 0;
        for (int seed = 0; seed < 8; seed++) {
            var random = new Random(seed);
            long[][] entries = new long[12][];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = new long[] {
                    control(random), value(random), extra(random), control(random), value(random), extra(random)
                };
            }
            List<List<Logged>> expected = run(Tiers.INTERPRETER, 60, entries);
            assertThat(run(tiers, 60, entries)).as("seed %d", seed).isEqualTo(expected);
            raised += expected.stream().mapToInt(List::size).sum();
        }
        assertThat(raised).isGreaterThan(500);
    }

    /** None for M mode: the handler would not get on. */
    private static long control(Random random) {
        if (random.nextInt(8) == 0) {
            return ICOUNT | 1 << 6 | (long) (1 + random.nextInt(100)) << 10;
        }
        long type = random.nextBoolean() ? MCONTROL : MCONTROL6;
        long match = random.nextInt(3) == 0 ? random.nextInt(16) : random.nextInt(4);
        long size = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
        long chain = random.nextInt(3) == 0 ? CHAIN : 0;
        return type | random.nextInt(8) | U | match << 7 | size << 16 | chain;
    }

    private static long value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> RAM + BODY + 2 * random.nextInt(30);
            case 2 -> ARENA + random.nextInt(100) | 63;
            case 3 -> ARENA | 0xfffL << 32;
            default -> ARENA - 100 + random.nextInt(200);
        };
    }

    private static long extra(Random random) {
        return random.nextInt(6) == 0 ? 4L << 48 | (long) random.nextInt(2) << 51 : 0;
    }

    // ---- one by one

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void anInstructionIsNotExecutedAndItsAddressIsTold(Tiers tiers) throws Exception {
        long pc = RAM + BODY + 8;
        List<Logged> log =
                run(tiers, 20, new long[] {MCONTROL | U | EXECUTE, pc}).getFirst();
        assertThat(log).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(log.get(i).pc).isEqualTo(pc);
            assertThat(log.get(i).value).isEqualTo(pc);
        }
        // mret, two instructions before it; then each round 14 of its 15 and the handler's
        assertThat(log.getFirst().instret - 7).isEqualTo(COUNT_BEFORE);
        assertThat(log.get(3).instret - log.get(2).instret).isEqualTo(14 + 20);
    }

    /** Constants of a0 and a1, a4, mret, and two instructions of the body. */
    private static final long COUNT_BEFORE = 2 * 13 + 1 + 1 + 2;

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void twoChainedTriggersAreARange(Tiers tiers) throws Exception {
        long[] range = {
            MCONTROL6 | U | STORE | 2 << 7 | CHAIN, ARENA - 16, 0, MCONTROL6 | U | STORE | 3 << 7, ARENA + 16, 0
        };
        long[] reversed = {
            MCONTROL6 | U | STORE | 3 << 7 | CHAIN, ARENA - 16, 0, MCONTROL6 | U | STORE | 2 << 7, ARENA + 16, 0
        };
        List<List<Logged>> logs = run(tiers, 60, range, reversed);
        assertThat(logs.get(0)).isNotEmpty();
        for (Logged each : logs.get(0)) {
            assertThat(each.value).isBetween(ARENA - 16, ARENA + 15);
        }
        assertThat(logs.get(1)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void anInstructionIsChainedToItsAccess(Tiers tiers) throws Exception {
        long pc = RAM + BODY + 4; // ld a3, 5(a0)
        List<Logged> log = run(tiers, 60, new long[] {
                    MCONTROL6 | U | EXECUTE | CHAIN, pc, 0, MCONTROL6 | U | LOAD, ARENA + 1, 0
                })
                .getFirst();
        assertThat(log).isNotEmpty();
        for (Logged each : log) {
            assertThat(each.pc).isEqualTo(pc);
            assertThat(each.value).isEqualTo(ARENA + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void instructionsAreCountedInOneMode(Tiers tiers) throws Exception {
        List<Logged> log = run(tiers, 20, new long[] {ICOUNT | 1 << 6 | 42L << 10}, new long[] {ICOUNT | 1 << 9})
                .getFirst();
        assertThat(log).hasSize(1);
        // two rounds of 15, and 12
        assertThat(log.getFirst().pc).isEqualTo(RAM + BODY + LAST_BUT_TWO);
        assertThat(log.getFirst().value).isZero();
    }

    private static final long LAST_BUT_TWO = 4 * 12 - 2;

    /** A loop that is translated and hot, and then comes to watched memory. */
    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aHotLoopStopsAtTheRightElement(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            long handler = RAM + HANDLER;
            rig.program(
                    0,
                    "li t0, " + handler + "\ncsrrw zero, mtvec, t0\nli t0, " + (ARENA + 8 * 1000) + "\n"
                            + "csrrw zero, tdata2, t0\nli s0, " + (MCONTROL | M | LOAD) + "\naddi s1, zero, 40\n"
                            + """
                    again: addi s1, s1, -1
                    bne s1, zero, go
                    csrrw zero, tdata1, s0
                    go:
                    li a0, %d
                    li a1, 4000
                    loop: ld a2, 0(a0)
                    add a3, a3, a2
                    addi a0, a0, 8
                    addi a1, a1, -1
                    bne a1, zero, loop
                    bne s1, zero, again
                    end
                    """.formatted(ARENA));
            rig.program(HANDLER, "csrrs s2, mtval, zero\ncsrrs s3, tdata1, zero\ncsrrw zero, tdata1, zero\nmret\n");
            rig.run();
            assertThat(rig.bench.x(18)).isEqualTo(ARENA + 8 * 1000);
            assertThat(rig.bench.x(19)).isEqualTo(MCONTROL | M | LOAD | 1 << 20);
        }
    }

    /** Its handler cannot begin: the guest hangs, the machine does not. */
    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aTriggerForTheHandlerItselfLeavesAHartThatObeys(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(0, "li t0, " + (MCONTROL6 | M | EXECUTE | LOAD | STORE | 2 << 7) + "\n" + """
                    csrrw zero, tdata2, zero
                    csrrw zero, tdata1, t0
                    end
                    """);
            rig.bench.chassis.powerOn();
            rig.bench.chassis.resume();
            SystemCpu cpu = rig.harts.getFirst().cpu();
            while (cpu.turns() < 1000) {
                Thread.onSpinWait();
            }
            rig.bench.chassis.pause();
            assertThat(cpu.mcause).isEqualTo(3);
            assertThat(cpu.mepc).isZero();
        }
    }

    // ---- counters

    /** Two reads in a hot loop: how far they are apart is what stands between them, whatever runs it. */
    @ParameterizedTest
    @EnumSource(Tiers.class)
    void countersAreExactInHotLoops(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(0, """
                    li s0, 100000
                    csrrwi zero, mcycle, 5
                    csrrs s3, mcycle, zero
                    csrrwi zero, minstret, 7
                    csrrs s4, minstret, zero
                    csrrs s5, mcycle, zero
                    loop: csrrs t0, instret, zero
                    addi t2, t2, 1
                    add t2, t2, t0
                    xor t2, t2, t1
                    csrrs t1, minstret, zero
                    sub t3, t1, t0
                    xori t3, t3, 4
                    or s1, s1, t3
                    csrrs t4, cycle, zero
                    sub t4, t4, t1
                    xori t4, t4, 4
                    or s1, s1, t4
                    addi s0, s0, -1
                    bne s0, zero, loop
                    csrrs s2, instret, zero
                    end
                    """);
            rig.run();
            assertThat(rig.bench.x(9)).isZero();
            assertThat(rig.bench.x(18)).isEqualTo(7 + 2 + 100_000 * 14);
            assertThat(rig.bench.x(19)).isEqualTo(5);
            assertThat(rig.bench.x(20)).isEqualTo(7);
            assertThat(rig.bench.x(21)).isEqualTo(8);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void whatWritesTheInhibitionCountsByTheOldOne(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(0, """
                    csrrwi zero, minstret, 0
                    csrrwi zero, mcountinhibit, 4
                    csrrs s0, minstret, zero
                    csrrs s1, minstret, zero
                    csrrwi zero, minstret, 9
                    csrrs s2, minstret, zero
                    csrrwi zero, mcountinhibit, 0
                    csrrs s3, minstret, zero
                    csrrs s4, minstret, zero
                    end
                    """);
            rig.run();
            assertThat(rig.bench.x(8)).isEqualTo(1);
            assertThat(rig.bench.x(9)).isEqualTo(1);
            assertThat(rig.bench.x(18)).isEqualTo(9);
            assertThat(rig.bench.x(19)).isEqualTo(9);
            assertThat(rig.bench.x(20)).isEqualTo(10);
        }
    }

    // ---- state

    @Test
    void triggersGoOnInAnotherHart() throws Exception {
        try (Rig rig = new Rig(Tiers.DEFAULT);
                Rig twin = new Rig(Tiers.DEFAULT)) {
            rig.program(0, """
                    addi t0, zero, 1
                    csrrw zero, tselect, t0
                    li t0, %d
                    csrrw zero, tdata1, t0
                    li t0, 0x80000400
                    csrrw zero, tdata2, t0
                    li t0, 0x14000000000000
                    csrrw zero, tdata3, t0
                    addi t0, zero, 2
                    csrrw zero, mcontext, t0
                    end
                    """.formatted(MCONTROL | M | EXECUTE));
            rig.run();
            HartState state = rig.harts.getFirst().saveState();
            assertThat(state.triggers())
                    .containsExactly(1, 2, MCONTROL, 0, 0, MCONTROL | M | EXECUTE, 0x80000400L, 0x14000000000000L);
            Hart other = twin.harts.getFirst();
            other.loadState(state);
            assertThat(other.saveState().triggers()).isEqualTo(state.triggers());
            assertThat(other.cpu().stops.guardsCode(0x80000000L)).isTrue();
            twin.program(0x400, "addi zero, zero, 0\n");
            twin.program(HANDLER, "csrrs s2, mtval, zero\nend\n");
            other.cpu().mtvec = RAM + HANDLER;
            other.cpu().pc = 0x80000400L;
            twin.bench.goOn();
            assertThat(twin.bench.x(18)).isEqualTo(0x80000400L);
        }
    }

    @Test
    void aModelWithoutDebugHasNoTriggers() throws Exception {
        assertThat(SystemCsrs.of(CpuModel.parseSystem(64, "rv64")).number("tselect"))
                .isEqualTo(0x7a0);
        assertThat(SystemCsrs.of(CpuModel.parseSystem(64, "rv64,debug=off")).number("tselect"))
                .isEqualTo(-1);
    }
}
