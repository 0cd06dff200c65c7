package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.Rig.DATA;
import static dev.rhea.arch.riscv.system.Rig.RAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Traps, modes, translation and protection, as small programs see them. */
@Timeout(60)
class HartTest {
    /** Where trap handlers stand, in RAM. */
    private static final long MACHINE_HANDLER = 0x1000;

    private static final long SUPERVISOR_HANDLER = 0x1800;
    private static final long SUPERVISOR_CODE = 0x2000;
    private static final long USER_CODE = 0x3000;
    private static final long ROOT = 0x1_0000;
    private static final long MIDDLE = 0x1_1000;
    private static final long LEAVES = 0x1_2000;

    private static final int V = 1;
    private static final int R = 2;
    private static final int W = 4;
    private static final int X = 8;
    private static final int U = 16;
    private static final int A = 64;
    private static final int D = 128;

    /** Leaves cause, pc and value in the first three words and ends. */
    private static String report(String mode) {
        return "li t0, " + DATA + "\ncsrrs t1, " + mode + "cause, zero\nsd t1, 0(t0)\ncsrrs t1, " + mode
                + "epc, zero\nsd t1, 8(t0)\ncsrrs t1, " + mode + "tval, zero\nsd t1, 16(t0)\nend\n";
    }

    private static long entry(long physical, int flags) {
        return physical >>> 12 << 10 | flags;
    }

    /** Sv39: 4 KiB leaves for the first 2 MiB from RAM on, as they are, and what {@code program} does in S mode. */
    private static void paged(Rig rig, String machine, String supervisor) throws Exception {
        rig.put(RAM + ROOT + 8 * (RAM >>> 30), entry(RAM + MIDDLE, V));
        rig.put(RAM + MIDDLE, entry(RAM + LEAVES, V));
        rig.put(RAM + ROOT, entry(0, V | R | W | A | D)); // the device, in a page of 1 GiB
        for (int i = 0; i < 256; i++) {
            long page = RAM + 4096L * i;
            int user = page - RAM == USER_CODE ? U : 0;
            rig.put(RAM + LEAVES + 8L * i, entry(page, V | R | W | X | A | D | user));
        }
        rig.program(
                0,
                "li t0, " + (RAM + MACHINE_HANDLER) + "\ncsrrw zero, mtvec, t0\n" + "li t0, "
                        + (RAM + SUPERVISOR_HANDLER)
                        + "\ncsrrw zero, stvec, t0\n" + "li t0, " + (8L << 60 | RAM + ROOT >>> 12)
                        + "\ncsrrw zero, satp, t0\nsfence.vma zero, zero\nli t0, -1\ncsrrw zero, pmpaddr0, t0\nli t0, 0x1f\ncsrrw zero, pmpcfg0, t0\n"
                        + machine + "li t0, "
                        + (RAM + SUPERVISOR_CODE)
                        + "\ncsrrw zero, mepc, t0\nli t0, 0x1800\ncsrrc zero, mstatus, t0\nli t0, 0x800\ncsrrs zero, mstatus, t0\nmret\n");
        rig.program(MACHINE_HANDLER, report("m"));
        rig.program(SUPERVISOR_HANDLER, report("s"));
        rig.program(SUPERVISOR_CODE, supervisor);
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void anIllegalInstructionTrapsToMachineModeWithItsBits(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(
                    0,
                    "li t0, " + (RAM + MACHINE_HANDLER) + "\ncsrrw zero, mtvec, t0\nli t1, "
                            + (RAM + MACHINE_HANDLER - 64) + "\njalr zero, 0(t1)\n");
            rig.put(RAM + MACHINE_HANDLER - 64, 0);
            rig.program(MACHINE_HANDLER, report("m"));
            rig.run();
            assertThat(rig.data(0)).isEqualTo(2);
            assertThat(rig.data(1)).isEqualTo(RAM + MACHINE_HANDLER - 64);
            assertThat(rig.data(2)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aStoreToAPageThatCannotBeWrittenFaultsInSupervisorModeIfItIsDelegated(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            paged(
                    rig,
                    "li t0, 0x8000\ncsrrs zero, medeleg, t0\n",
                    "li t0, " + (RAM + 0x7_0008) + "\nsd t0, 0(t0)\nend\n");
            rig.put(RAM + LEAVES + 8 * 0x70, entry(RAM + 0x7_0000, V | R | A | D));
            rig.run();
            assertThat(rig.data(0)).isEqualTo(15);
            assertThat(rig.data(2)).isEqualTo(RAM + 0x7_0008);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aLoadOfAnAddressThatIsNotMappedGoesToMachineModeIfItIsNotDelegated(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            paged(rig, "", "li t0, 0x4000000000\nld t0, 0(t0)\nend\n");
            rig.run();
            assertThat(rig.data(0)).isEqualTo(13);
            assertThat(rig.data(2)).isEqualTo(0x40_0000_0000L);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void accessedAndDirtyBitsAreSetByTheHart(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            paged(
                    rig,
                    "",
                    "li t0, " + (RAM + 0x7_0000) + "\nld t1, 0(t0)\nli t2, " + (RAM + 0x7_1000)
                            + "\nsd t1, 0(t2)\nend\n");
            rig.put(RAM + LEAVES + 8 * 0x70, entry(RAM + 0x7_0000, V | R | W));
            rig.put(RAM + LEAVES + 8 * 0x71, entry(RAM + 0x7_1000, V | R | W));
            rig.run();
            assertThat(rig.get(RAM + LEAVES + 8 * 0x70)).isEqualTo(entry(RAM + 0x7_0000, V | R | W | A));
            assertThat(rig.get(RAM + LEAVES + 8 * 0x71)).isEqualTo(entry(RAM + 0x7_1000, V | R | W | A | D));
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void supervisorCodeReadsUserPagesOnlyWithSum(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            paged(
                    rig,
                    "",
                    "li t0, " + (RAM + USER_CODE) + "\nli t1, 0x40000\ncsrrs zero, sstatus, t1\nld t2, 0(t0)\nli t3, "
                            + DATA + "\nsd t2, 24(t3)\ncsrrc zero, sstatus, t1\nld t2, 0(t0)\nend\n");
            rig.put(RAM + USER_CODE, 0x1234);
            rig.run();
            assertThat(rig.data(3)).isEqualTo(0x1234);
            assertThat(rig.data(0)).isEqualTo(13);
            assertThat(rig.data(2)).isEqualTo(RAM + USER_CODE);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aMappingThatChangesIsSeenAfterSfence(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            long leaf = RAM + LEAVES + 8 * 0x70;
            paged(
                    rig,
                    "",
                    "li t0, " + (RAM + 0x7_0000) + "\nld t1, 0(t0)\nli t2, " + entry(RAM + 0x7_1000, V | R | W | A | D)
                            + "\nli t3, " + leaf + "\nsd t2, 0(t3)\nsfence.vma t0, zero\nld t4, 0(t0)\nli t5, " + DATA
                            + "\nsd t1, 0(t5)\nsd t4, 8(t5)\nend\n");
            rig.put(RAM + 0x7_0000, 111);
            rig.put(RAM + 0x7_1000, 222);
            rig.run();
            assertThat(rig.data(0)).isEqualTo(111);
            assertThat(rig.data(1)).isEqualTo(222);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void privilegedInstructionsAreIllegalInUserMode(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            paged(
                    rig,
                    "",
                    "li t0, " + (RAM + USER_CODE)
                            + "\ncsrrw zero, sepc, t0\nli t0, 0x100\ncsrrc zero, sstatus, t0\nsret\n");
            rig.program(USER_CODE, "sret\n");
            rig.run();
            assertThat(rig.data(0)).isEqualTo(2);
            assertThat(rig.data(1)).isEqualTo(RAM + USER_CODE);
            assertThat(rig.data(2)).isEqualTo(0x10200073);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void anEnvironmentCallTellsWhichModeItCameFrom(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            paged(rig, "", "ecall\n");
            rig.run();
            assertThat(rig.data(0)).isEqualTo(9);
            assertThat(rig.data(1)).isEqualTo(RAM + SUPERVISOR_CODE);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void floatingPointIsIllegalWhileItsUnitIsOff(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(
                    0,
                    "li t0, " + (RAM + MACHINE_HANDLER)
                            + "\ncsrrw zero, mtvec, t0\nli t1, 0x2000\ncsrrs zero, mstatus, t1\nfmv.d.x fa0, t1\nfmv.x.d t2, fa0\nli t3, "
                            + DATA + "\nsd t2, 24(t3)\nli t1, 0x6000\ncsrrc zero, mstatus, t1\nfmv.d.x fa0, t1\n");
            rig.program(MACHINE_HANDLER, report("m"));
            rig.run();
            assertThat(rig.data(3)).isEqualTo(0x2000);
            assertThat(rig.data(0)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void protectionKeepsSupervisorModeOut(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            // entry 0: no rights to 4 KiB; entry 1: everything else
            String protect = "li t0, " + (RAM + 0x7_0000 >>> 2 | 0x1ff)
                    + "\ncsrrw zero, pmpaddr0, t0\nli t0, -1\ncsrrw zero, pmpaddr1, t0\n"
                    + "li t0, 0x1f18\ncsrrw zero, pmpcfg0, t0\n";
            paged(rig, protect, "li t0, " + (RAM + 0x7_0010) + "\nld t0, 0(t0)\nend\n");
            rig.run();
            assertThat(rig.data(0)).isEqualTo(5);
            assertThat(rig.data(2)).isEqualTo(RAM + 0x7_0010);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void waitingEndsWithTheTimer(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(
                    0,
                    "li a7, 0x54494d45\nli a6, 0\ncsrrs a0, time, zero\naddi a0, a0, 2000\necall\nli t0, 0x20\ncsrrs zero, sie, t0\nwfi\n"
                            + "csrrs t1, sip, zero\nli t2, " + DATA + "\nsd t1, 0(t2)\nend\n");
            rig.runSupervisor();
            assertThat(rig.data(0) & 0x20).isEqualTo(0x20);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aVectoredInterruptGoesToItsEntry(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(
                    0,
                    "li t0, " + (RAM + SUPERVISOR_HANDLER + 1)
                            + "\ncsrrw zero, stvec, t0\nli t0, 2\ncsrrs zero, sie, t0\ncsrrs zero, sip, t0\ncsrrsi zero, sstatus, 2\nloop:\njal zero, loop\n");
            rig.program(SUPERVISOR_HANDLER + 4, report("s"));
            rig.runSupervisor();
            assertThat(rig.data(0)).isEqualTo(1L << 63 | 1);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aSecondHartIsStartedAndAnswersFencesAndInterrupts(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers, 2)) {
            rig.program(
                    0,
                    "li a7, 0x48534d\nli a6, 0\nli a0, 1\nli a1, " + (RAM + 0x4000) + "\nli a2, 77\necall\nli t0, "
                            + DATA
                            + "\nsd a0, 24(t0)\nwait:\nld t1, 0(t0)\nbeq t1, zero, wait\n"
                            + "li a7, 0x52464e43\nli a6, 1\nli a0, 3\nli a1, 0\nli a2, 0\nli a3, 0\necall\nli t0, "
                            + DATA
                            + "\nsd a0, 32(t0)\nli a7, 0x735049\nli a6, 0\nli a0, 2\nli a1, 0\necall\nagain:\nld t1, 8(t0)\nbeq t1, zero, again\nend\n");
            rig.program(
                    0x4000,
                    "li t0, " + DATA
                            + "\nsd a1, 0(t0)\nli t1, 2\ncsrrs zero, sie, t1\npoll:\nwfi\ncsrrs t2, sip, zero\nandi t2, t2, 2\nbeq t2, zero, poll\nsd t2, 8(t0)\nrest:\nwfi\njal zero, rest\n");
            rig.runSupervisor();
            assertThat(rig.data(3)).isZero();
            assertThat(rig.data(0)).isEqualTo(77);
            assertThat(rig.data(4)).isZero();
            assertThat(rig.data(1)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void theDebugConsolePrintsFromMemory(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.put(DATA, 0x6f6c6c6548L); // "Hello"
            rig.program(0, "li a7, 0x4442434e\nli a6, 0\nli a0, 5\nli a1, " + DATA + "\nli a2, 0\necall\nend\n");
            rig.runSupervisor();
            assertThat(rig.printed.toString()).isEqualTo("Hello");
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aHartThatTrapsForeverCanBePausedAndClosed(Tiers tiers) throws Exception {
        try (Rig rig = new Rig(tiers)) {
            rig.program(0, "li t0, 0x100000\nsw t0, 0(t0)\ncsrrw zero, mtvec, zero\necall\n");
            rig.run(); // the store ends the machine, whose hart then traps at address 0 until it is paused
            assertThat(rig.harts.getFirst().executed()).isPositive();
        }
    }
}
