package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.Rig.DATA;
import static dev.rhea.arch.riscv.system.Rig.RAM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine.Tiers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Accesses that machine code does by itself ({@link Csr.Inline}) do what the registers' own methods do. */
@Timeout(120)
class InlineCsrsTest {
    private static final long CODE = 0x2000;
    private static final long HANDLER = 0x1_0000;
    private static final int ACCESSES = 40;
    private static final int ROUNDS = 15_000;

    private static final List<String> REGISTERS =
            List.of("sstatus", "sstatus", "sstatus", "sscratch", "sepc", "scause", "stval", "senvcfg");

    /** Those that make interrupts come. */
    private static final List<String> PENDING = List.of("sip", "sie");

    private static final List<String> OPERATIONS = List.of("csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci");

    /** From M mode to S mode at {@link #CODE}, with supervisor software interrupts delegated to {@link #HANDLER}. */
    private static String start() {
        return "li t0, -1\ncsrrw zero, pmpaddr0, t0\nli t0, 0x1f\ncsrrw zero, pmpcfg0, t0\nli t0, " + (RAM + CODE)
                + "\ncsrrw zero, mepc, t0\nli t0, " + (RAM + HANDLER)
                + "\ncsrrw zero, stvec, t0\ncsrrwi zero, mideleg, 2\ncsrrwi zero, mie, 2\n"
                + "li t0, 0x1800\ncsrrc zero, mstatus, t0\nli t0, 0x800\ncsrrs zero, mstatus, t0\nmret\n";
    }

    /** Counts in s4, mixes where it came from into s6, takes the interrupt back. */
    private static final String HANDLE = """
            csrrci zero, sip, 2
            addi s4, s4, 1
            csrrs s5, sepc, zero
            slli s7, s6, 5
            sub s6, s7, s6
            add s6, s6, s5
            sret
            """;

    private static String accesses(Random random) {
        var text = new StringBuilder();
        text.append("csrrsi zero, sie, 2\n");
        for (int i = 0; i < ACCESSES; i++) {
            if (random.nextInt(10) == 0) {
                text.append("csrrsi zero, sip, 2\n").append(random.nextBoolean() ? "csrrsi zero, sstatus, 2\n" : "");
            }
            String register = random.nextInt(8) == 0
                    ? PENDING.get(random.nextInt(PENDING.size()))
                    : REGISTERS.get(random.nextInt(REGISTERS.size()));
            String operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
            boolean immediate = operation.endsWith("i");
            // Mostly few bits, as kernels do; now and then any.
            text.append(
                    random.nextInt(4) == 0 ? "add t1, s0, t1\n" : "andi t1, s0, " + (2 | random.nextInt(512)) + "\n");
            String source = immediate
                    ? Integer.toString(random.nextInt(32))
                    : List.of("t1", "t1", "t2", "zero").get(random.nextInt(4));
            String target = List.of("t1", "t2", "t3", "t3").get(random.nextInt(4));
            text.append(operation + " " + target + ", " + register + ", " + source + "\n");
            text.append("slli t4, s0, 5\nsub s0, t4, s0\nadd s0, s0, " + target + "\n");
        }
        return text.toString();
    }

    private static String program(int xlen, String accesses) {
        String store = xlen == 64 ? "sd" : "sw";
        return "addi s4, zero, 0\naddi s6, zero, 0\nli s0, 0x12345\nli s3, " + ROUNDS + "\nloop:\naddi s3, s3, -1\n"
                + accesses
                + "beq s3, zero, done\njal zero, loop\ndone:\ncsrrci zero, sie, 2\nli t0, " + DATA + "\n"
                + store + " s0, 0(t0)\n" + store + " s4, 8(t0)\n" + store + " s6, 16(t0)\n"
                + "csrrs t1, sstatus, zero\n" + store + " t1, 24(t0)\nend\n";
    }

    private static List<Long> results(Tiers tiers, int xlen, String accesses) throws Exception {
        try (Rig rig = new Rig(tiers, xlen, 1)) {
            rig.program(0, start());
            rig.program(CODE, program(xlen, accesses));
            rig.program(HANDLER, HANDLE);
            rig.run();
            return List.of(rig.data(0), rig.data(1), rig.data(2), rig.data(3));
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, 64", "NATIVE, 32", "DEFAULT, 64", "REGIONS, 64"})
    void everyTierLeavesTheSameInTheRegistersAndTakesTheSameInterrupts(Tiers tiers, int xlen) throws Exception {
        long seed = Long.getLong("rhea.seed", System.nanoTime());
        var random = new Random(seed);
        long interrupts = 0;
        for (int i = 0; i < 6; i++) {
            String accesses = accesses(random);
            List<Long> expected = results(Tiers.INTERPRETER, xlen, accesses);
            assertThat(results(tiers, xlen, accesses))
                    .as("-Drhea.seed=%d, program %d:%n%s", seed, i, accesses)
                    .isEqualTo(expected);
            interrupts += expected.get(1);
        }
        assertThat(interrupts).isPositive();
    }

    @Test
    void lockingKeepsMachineCodeRunning() throws Exception {
        String lock = "csrrci t1, sstatus, 2\nandi t1, t1, 2\naddi s0, s0, 3\ncsrrs zero, sstatus, t1\n";
        try (Rig rig = new Rig(Tiers.NATIVE)) {
            rig.program(0, start());
            rig.program(CODE, program(64, lock.repeat(8)));
            rig.program(HANDLER, HANDLE);
            rig.run();
            SystemCpu cpu = rig.harts.getFirst().cpu();
            Assumptions.assumeTrue(cpu.units.codeAddresses() != 0, "this host runs no machine code of ours");
            assertThat(rig.data(0)).isEqualTo(0x12345 + 3L * 8 * ROUNDS);
            assertThat(((Cpu) cpu).counters.interpreted).isLessThan(cpu.executed / 4);
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE", "DEFAULT", "INTERPRETER"})
    void userModeIsRefusedWhatTheKernelsCodeDoes(Tiers tiers) throws Exception {
        // The same page is run in S mode until it is translated, then once in U mode, where its second instruction must
        // trap.
        String function = "function:\naddi a0, a0, 1\ncsrrs a1, sscratch, zero\njalr zero, 0(ra)\n";
        try (Rig rig = new Rig(tiers)) {
            rig.program(0, start());
            rig.program(
                    CODE,
                    "addi a0, zero, 0\nli s3, " + 60_000 + "\nli s5, " + (RAM + 0x3000)
                            + "\nloop:\njalr ra, 0(s5)\naddi s3, s3, -1\nbne s3, zero, loop\n"
                            + "csrrw zero, sepc, s5\nli t0, 0x100\ncsrrc zero, sstatus, t0\nsret\n");
            rig.program(0x3000, function);
            rig.program(HANDLER, "li t0, " + DATA + "\nend\n");
            // What U mode may not do goes to M mode here.
            rig.program(
                    0x4000,
                    "li t0, " + DATA
                            + "\nsd a0, 0(t0)\ncsrrs t1, mcause, zero\nsd t1, 8(t0)\ncsrrs t1, mepc, zero\nsd t1, 16(t0)\nend\n");
            rig.program(0, "li t0, " + (RAM + 0x4000) + "\ncsrrw zero, mtvec, t0\n" + start());
            rig.run();
            assertThat(rig.data(0)).isEqualTo(60_001);
            assertThat(rig.data(1)).as("illegal instruction").isEqualTo(2);
            assertThat(rig.data(2)).isEqualTo(RAM + 0x3004);
        }
    }
}
