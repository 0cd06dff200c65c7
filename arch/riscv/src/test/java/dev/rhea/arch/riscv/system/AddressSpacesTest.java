package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.Rig.DATA;
import static dev.rhea.arch.riscv.system.Rig.RAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Supervisor code that changes address spaces and mappings all the time, long enough to be translated. */
@Timeout(60)
class AddressSpacesTest {
    private static final long CODE = 0x2000;
    private static final long[] ROOTS = {0x1_0000, 0x1_1000};
    private static final long KERNEL = 0x1_2000;
    private static final long KERNEL_LEAVES = 0x1_3000;
    private static final long[] MIDDLES = {0x1_4000, 0x1_5000};
    private static final long[] LEAVES = {0x1_6000, 0x1_7000};

    /** Where the functions stand in RAM, and data in the page behind. */
    private static final long[] FUNCTIONS = {0x2_0000, 0x3_0000};

    /** Where both address spaces have something of their own. */
    private static final long OWN = 0x4000_0000L;

    private static final int V = 1;
    private static final int LEAF = V | 2 | 4 | 8 | 64 | 128;
    private static final int G = 32;

    private static final int TURNS = 1500;
    private static final int INNER = 50;

    private static long entry(long physical, int flags) {
        return physical >>> 12 << 10 | flags;
    }

    private static long satp(int space, long asid) {
        return 8L << 60 | asid << 44 | RAM + ROOTS[space] >>> 12;
    }

    /** A function that adds {@code step * INNER} to a0. */
    private static String function(int step) {
        return "addi t0, zero, " + INNER + "\nagain:\naddi a0, a0, " + step
                + "\naddi t0, t0, -1\nbne t0, zero, again\njalr zero, 0(ra)\n";
    }

    /** Two Sv39 address spaces: the kernel's RAM as it is, and at {@link #OWN} a page of code and one of data each. */
    private static void spaces(Rig rig, int kernel, String supervisor) throws Exception {
        rig.put(RAM + KERNEL, entry(RAM + KERNEL_LEAVES, V));
        for (int i = 0; i < 256; i++) {
            rig.put(RAM + KERNEL_LEAVES + 8L * i, entry(RAM + 4096L * i, LEAF | kernel));
        }
        for (int space = 0; space < 2; space++) {
            rig.put(RAM + ROOTS[space], entry(0, LEAF | kernel)); // the device
            rig.put(RAM + ROOTS[space] + 8, entry(RAM + MIDDLES[space], V));
            rig.put(RAM + ROOTS[space] + 16, entry(RAM + KERNEL, V));
            rig.put(RAM + MIDDLES[space], entry(RAM + LEAVES[space], V));
            rig.put(RAM + LEAVES[space], entry(RAM + FUNCTIONS[space], LEAF));
            rig.put(RAM + LEAVES[space] + 8, entry(RAM + FUNCTIONS[space] + 4096, LEAF));
            rig.program(FUNCTIONS[space], function(space == 0 ? 1 : 100));
            rig.put(RAM + FUNCTIONS[space] + 4096, space == 0 ? 3 : 5000);
        }
        rig.program(
                0,
                "li t0, -1\ncsrrw zero, pmpaddr0, t0\nli t0, 0x1f\ncsrrw zero, pmpcfg0, t0\nli t0, " + satp(0, 0)
                        + "\ncsrrw zero, satp, t0\nli t0, " + (RAM + CODE)
                        + "\ncsrrw zero, mepc, t0\nli t0, 0x1800\ncsrrc zero, mstatus, t0\nli t0, 0x800\ncsrrs zero, mstatus, t0\nmret\n");
        rig.program(CODE, supervisor);
    }

    private static String report() {
        return "li t0, " + DATA + "\nsd a0, 0(t0)\nsd a1, 8(t0)\nend\n";
    }

    static Stream<Arguments> ways() {
        return Stream.of(Tiers.values())
                .flatMap(tiers -> Stream.of(0, G)
                        .flatMap(kernel -> Stream.of(
                                Arguments.of(tiers, kernel, 1, 2, ""),
                                Arguments.of(tiers, kernel, 0, 0, "sfence.vma zero, zero\n"),
                                Arguments.of(tiers, kernel, 7, 7, "sfence.vma zero, s5\n"),
                                Arguments.of(tiers, kernel, 7, 7, "sfence.vma s2, zero\nsfence.vma s4, zero\n"),
                                Arguments.of(tiers, kernel, 7, 7, "sfence.vma s2, s5\nsfence.vma s4, s5\n"))));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void eachAddressSpaceRunsItsOwnCodeAndReadsItsOwnData(
            Tiers tiers, int kernel, long firstAsid, long secondAsid, String fence) throws Exception {
        String visit = fence + "jalr ra, 0(s2)\nld t1, 0(s4)\nadd a1, a1, t1\n";
        try (Rig rig = new Rig(tiers)) {
            spaces(
                    rig,
                    kernel,
                    "li s0, " + satp(0, firstAsid) + "\nli s1, " + satp(1, secondAsid) + "\nli s2, " + OWN
                            + "\nli s3, " + TURNS + "\nli s4, " + (OWN + 4096)
                            + "\naddi s5, zero, 7\naddi a0, zero, 0\naddi a1, zero, 0\nloop:\ncsrrw zero, satp, s0\n"
                            + visit + "csrrw zero, satp, s1\n" + visit
                            + "addi s3, s3, -1\nbne s3, zero, loop\n" + report());
            rig.run();
            assertThat(rig.data(0)).isEqualTo(101L * INNER * TURNS);
            assertThat(rig.data(1)).isEqualTo(5003L * TURNS);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void codeInASuperpageThatMovesIsLeftAfterAFenceOfAnyOfItsAddresses(Tiers tiers) throws Exception {
        long function = 0x2_0000;
        long there = 0x20_0000;
        try (Rig rig = new Rig(tiers)) {
            spaces(
                    rig,
                    G,
                    "li s0, " + entry(RAM, LEAF | G) + "\nli s1, " + entry(RAM + there, LEAF | G) + "\nli s2, "
                            + (OWN + function) + "\nli s3, " + TURNS + "\nli s4, " + OWN + "\nli s5, "
                            + (RAM + MIDDLES[0])
                            + "\naddi a0, zero, 0\nloop:\nsd s0, 0(s5)\nsfence.vma s4, zero\njalr ra, 0(s2)\n"
                            // all is forgotten, and what stays must still be known to lie in a superpage
                            + "sfence.vma zero, zero\nsd s1, 0(s5)\nsfence.vma s4, zero\njalr ra, 0(s2)\n"
                            + "sfence.vma zero, zero\naddi s3, s3, -1\nbne s3, zero, loop\n" + report());
            rig.program(there + function, function(100));
            rig.run();
            assertThat(rig.data(0)).isEqualTo(101L * INNER * TURNS);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aFenceMarksNoPageAsAccessed(Tiers tiers) throws Exception {
        long leaf = RAM + LEAVES[0];
        try (Rig rig = new Rig(tiers)) {
            spaces(
                    rig,
                    G,
                    "li s2, " + OWN + "\nli s3, " + TURNS
                            + "\naddi a0, zero, 0\naddi a1, zero, 0\nloop:\njalr ra, 0(s2)\naddi s3, s3, -1\n"
                            + "bne s3, zero, loop\nli t0, " + leaf + "\nld t1, 0(t0)\nandi t1, t1, -65\nsd t1, 0(t0)\n"
                            + "sfence.vma zero, zero\nld a1, 0(t0)\n" + report());
            rig.run();
            assertThat(rig.data(1) & 64).isZero();
            assertThat(rig.data(0)).isEqualTo((long) INNER * TURNS);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aDevicesPageThatBecomesMemoryAndBackIsReadWhereItIs(Tiers tiers) throws Exception {
        // The word behind OWN's two pages is the end's register, which reads 0x55, in one half of the turns, and 7 in
        // the other.
        long device = entry(Bench.END, LEAF);
        long memory = entry(RAM + FUNCTIONS[0] + 8192, LEAF);
        try (Rig rig = new Rig(tiers)) {
            spaces(
                    rig,
                    0,
                    "li s0, " + device + "\nli s1, " + memory + "\nli s2, " + (RAM + LEAVES[0] + 16) + "\nli s3, "
                            + TURNS + "\nli s4, " + (OWN + 8192)
                            + "\naddi a0, zero, 0\naddi a1, zero, 0\nloop:\n"
                            + "sd s0, 0(s2)\nsfence.vma s4, zero\nlw t1, 0(s4)\nadd a0, a0, t1\nlw t1, 0(s4)\nadd a0, a0, t1\n"
                            + "sd s1, 0(s2)\nsfence.vma zero, zero\nlw t1, 0(s4)\nadd a1, a1, t1\n"
                            + "addi s3, s3, -1\nbne s3, zero, loop\n" + report());
            rig.put(RAM + FUNCTIONS[0] + 8192, 7);
            rig.run();
            assertThat(rig.data(0)).isEqualTo(2L * 0x55 * TURNS);
            assertThat(rig.data(1)).isEqualTo(7L * TURNS);
        }
    }
}
