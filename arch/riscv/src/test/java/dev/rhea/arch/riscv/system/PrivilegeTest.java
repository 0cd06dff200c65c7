package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that change their privilege and their address space, and say what they saw in s registers. */
@Timeout(60)
class PrivilegeTest {
    private static final long RAM = Bench.RAM;
    private static final long TABLE = RAM + 0x10_0000;
    private static final int S0 = 8;
    private static final int S1 = 9;
    private static final int S2 = 18;

    /** Enters the level MPP says at {@code there}, with traps to {@code trap}. */
    private static String enter(int level) {
        return """
                auipc t0, 0x0
                addi t0, t0, 0x100
                csrrw zero, mtvec, t0
                addi t1, zero, 0x1f
                csrrw zero, pmpcfg0, t1
                addi t1, zero, -1
                csrrw zero, pmpaddr0, t1
                lui t1, 0x2
                addi t1, t1, -2048
                csrrc zero, mstatus, t1
                addi t1, zero, %d
                slli t1, t1, 0xb
                csrrs zero, mstatus, t1
                addi t0, t0, 0x100
                csrrw zero, mepc, t0
                mret
                .balign 0x100
                """.formatted(level);
    }

    /** The trap handler at 0x100: cause, value and pc to s0, s1 and s2, and the end. */
    private static final String TRAP = """
            csrrs s0, mcause, zero
            csrrs s1, mtval, zero
            csrrs s2, mepc, zero
            lui t0, 0x100
            sw t0, 0(t0)
            stop: jal zero, stop
            .balign 0x100
            """;

    private static void traps(Tiers tiers, int level, String code, long cause, long value, long offset)
            throws Exception {
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load(enter(level) + TRAP + code).run();
            assertThat(bench.x(S0)).as("mcause").isEqualTo(cause);
            assertThat(bench.x(S1)).as("mtval").isEqualTo(value);
            assertThat(bench.x(S2)).as("mepc").isEqualTo(RAM + 0x200 + offset);
        }
    }

    @ParameterizedTest
    @EnumSource
    void callsSayWhereTheyComeFrom(Tiers tiers) throws Exception {
        traps(tiers, 0, "ecall", 8, 0, 0);
        traps(tiers, 1, "ecall", 9, 0, 0);
        traps(tiers, 3, "ecall", 11, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void registersOfHigherLevelsAreIllegal(Tiers tiers) throws Exception {
        traps(tiers, 0, "addi zero, zero, 1\ncsrrs a0, sstatus, zero", 2, 0x10002573, 4);
        traps(tiers, 1, "csrrs a0, mstatus, zero", 2, 0x30002573, 0);
        traps(tiers, 3, "csrrw zero, mhartid, a0", 2, 0xf1451073L, 0);
        traps(tiers, 3, "csrrs a0, 0x7ff, zero", 2, 0x7ff02573, 0);
        traps(tiers, 1, "mret", 2, 0x30200073, 0);
        traps(tiers, 0, "sret", 2, 0x10200073, 0);
        traps(tiers, 0, "sfence.vma zero, zero", 2, 0x12000073, 0);
        traps(tiers, 1, "csrrs a0, time, zero", 2, 0xc0102573L, 0);
    }

    @ParameterizedTest
    @EnumSource
    void unitsThatAreOffAreIllegal(Tiers tiers) throws Exception {
        traps(tiers, 1, "fadd.d fa0, fa1, fa2", 2, 0x02c5f553, 0);
        traps(tiers, 1, "csrrs a0, fcsr, zero", 2, 0x00302573, 0);
        traps(tiers, 1, "vsetvli a0, a1, e8, m1, ta, ma", 2, 0x0c05f557, 0);
        traps(tiers, 1, "lui t0, 0x6\ncsrrs zero, sstatus, t0\nfadd.d fa0, fa1, fa2\necall", 9, 0, 12);
    }

    @ParameterizedTest
    @EnumSource
    void nothingAnswersOutsideOfMemory(Tiers tiers) throws Exception {
        traps(tiers, 3, "lui a0, 0x20000\nld a1, 8(a0)", 5, 0x20000008, 4);
        traps(tiers, 3, "lui a0, 0x20000\nsd a1, 8(a0)", 7, 0x20000008, 4);
        traps(tiers, 3, "lui t1, 0x100\nld a1, 0(t1)\necall", 11, 0, 8);
    }

    /** Sv39 over the first MiB of RAM at 0x40000000, one page each with the flags given. */
    private static void faults(Tiers tiers, long flags, String access, int cause, long vpn) throws Exception {
        String program = enter(1) + TRAP + """
                addi t0, zero, 8
                slli t0, t0, 0x3c
                lui t1, 0x80
                addi t1, t1, 0x100
                or t0, t0, t1
                csrrw zero, satp, t0
                sfence.vma zero, zero
                lui a0, 0x40000
                """ + access + "\necall";
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load(program);
            map(bench, flags, vpn);
            bench.run();
            assertThat(bench.x(S0)).as("mcause").isEqualTo(cause);
            if (cause != 9) {
                assertThat(bench.x(S1)).as("mtval").isEqualTo(0x4000_0000L);
            }
        }
    }

    /** Identity for RAM as a superpage, and one page at 0x40000000. */
    private static void map(Bench bench, long flags, long ppn) {
        bench.memory(TABLE + 8 * 2, RAM >>> 2 | 0xcf);
        bench.memory(TABLE + 8, TABLE + 0x1000 >>> 2 | 1);
        bench.memory(TABLE + 0x1000, TABLE + 0x2000 >>> 2 | 1);
        bench.memory(TABLE + 0x2000, ppn << 10 | flags);
    }

    @ParameterizedTest
    @EnumSource
    void pagesAllowWhatTheirFlagsSay(Tiers tiers) throws Exception {
        long page = RAM + 0x20_0000 >>> 12;
        String load = "ld a1, 0(a0)";
        String store = "sd a1, 0(a0)";
        String jump = "jalr ra, 0(a0)";
        faults(tiers, 0xcf, load, 9, page);
        faults(tiers, 0xcf, store, 9, page);
        faults(tiers, 0xce, load, 13, page);
        faults(tiers, 0xc3, store, 15, page);
        faults(tiers, 0xc7, jump, 12, page);
        faults(tiers, 0xc5, load, 13, page);
        faults(tiers, 0xc9, load, 13, page);
        faults(tiers, 0xc9, "lui t0, 0x80\ncsrrs zero, sstatus, t0\n" + load, 9, page);
        faults(tiers, 0xdf, load, 13, page);
        faults(tiers, 0xdf, "lui t0, 0x40\ncsrrs zero, sstatus, t0\n" + load, 9, page);
        faults(tiers, 0xdf, "lui t0, 0x40\ncsrrs zero, sstatus, t0\n" + jump, 12, page);
        faults(tiers, 1L << 54 | 0xcf, load, 13, page);
        faults(tiers, 1L << 63 | 0xcf, load, 13, page);
        faults(tiers, 1L << 63 | 0xcf, load, 9, page | 8);
        faults(tiers, 0xcf, load, 5, 0x20000);
    }

    @ParameterizedTest
    @EnumSource
    void accessedAndDirtyBitsAreSet(Tiers tiers) throws Exception {
        String program = enter(1) + TRAP + """
                addi t0, zero, 8
                slli t0, t0, 0x3c
                lui t1, 0x80
                addi t1, t1, 0x100
                or t0, t0, t1
                csrrw zero, satp, t0
                lui a0, 0x40000
                lui a1, 0x80
                addi a1, a1, 0x102
                slli a1, a1, 0xc
                ld a2, 0(a0)
                ld s3, 0(a1)
                sd a2, 0(a0)
                ld s4, 0(a1)
                ecall
                """;
        try (var bench = new Bench(tiers, 64, 1)) {
            bench.load(program);
            map(bench, 0x07, RAM + 0x20_0000 >>> 12);
            bench.run();
            assertThat(bench.x(S0)).isEqualTo(9);
            assertThat(bench.x(19) & 0xff).isEqualTo(0x47);
            assertThat(bench.x(20) & 0xff).isEqualTo(0xc7);
        }
    }
}
