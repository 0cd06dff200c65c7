package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.RunState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guests that do anything: whatever happens to them, the harts' threads live and obey. */
@Timeout(120)
class HostileGuestTest {
    private static final int GUESTS = 8;
    private static final long ENOUGH_INSTRUCTIONS = 20_000;
    private static final long ENOUGH_NANOSECONDS = 30_000_000;
    private static final int CODE_BYTES = 0x4000;

    private static final int[] SBI_EXTENSIONS = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 0x10, 0x54494d45, 0x735049, 0x52464e43, 0x48534d, 0x53525354, 0x4442434e, 0x504d55
    };

    /** CSRs that matter most: status, vectors, delegation, satp, PMP, environment, counters, triggers. */
    private static final int[] CSRS = {
        0x300, 0x301, 0x302, 0x303, 0x304, 0x305, 0x306, 0x30a, 0x320, 0x340, 0x341, 0x342, 0x343, 0x344, 0x100, 0x104,
        0x105, 0x106, 0x10a, 0x141, 0x142, 0x144, 0x14d, 0x180, 0x3a0, 0x3a2, 0x3b0, 0x3b1, 0x3bf, 0x7a0, 0x7a1, 0x7a2,
        0x7a3, 0x7a8, 0xb00, 0xb02, 0xb03, 0xc00, 0xc01, 0xc1f, 0x001, 0x002, 0x003, 0x008, 0x00f, 0xc20, 0xf11, 0xf14
    };

    private final ByteBuffer code = ByteBuffer.allocate(CODE_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    private static long value(Random random) {
        long end = Rig.RAM + (4 << 20);
        return switch (random.nextInt(13)) {
            case 0 -> random.nextLong();
            case 1 -> -1;
            case 2 -> Bench.END; // a device's registers
            case 3 -> 0x4000_0000L + random.nextInt(4096); // nothing
            case 4 -> end - random.nextInt(16);
            case 5 -> end;
            case 6 -> random.nextInt(64);
            case 7 -> 1L << random.nextInt(64);
            // page tables in RAM, which is full of code, in a device and in a hole
            case 8 -> 8L + random.nextInt(4) << 60 | Rig.RAM + random.nextInt(CODE_BYTES) >>> 12;
            case 9 -> 8L + random.nextInt(4) << 60 | (random.nextBoolean() ? Bench.END : 0x4000_0000L) >>> 12;
            case 10 -> (long) random.nextInt(8) << 60 | random.nextInt(1 << 24); // triggers
            default -> Rig.RAM + random.nextInt(CODE_BYTES);
        };
    }

    /** auipc, a load of what follows, and a jump over it. */
    private void constant(int register, long value) {
        code.putInt(register << 7 | 0x17);
        code.putInt(12 << 20 | register << 15 | 3 << 12 | register << 7 | 0x03);
        code.putInt(12 / 2 << 21 | 0x6f);
        code.putLong(value);
    }

    private void privileged(Random random) {
        int rd = random.nextInt(32);
        int rs1 = random.nextInt(32);
        int rs2 = random.nextInt(32);
        switch (random.nextInt(10)) {
            case 0, 1 -> constant(1 + random.nextInt(31), value(random));
            case 2, 3, 4 -> {
                int csr = random.nextInt(8) == 0 ? random.nextInt(4096) : CSRS[random.nextInt(CSRS.length)];
                int operation = 1 + random.nextInt(3) + 4 * random.nextInt(2);
                code.putInt(csr << 20 | rs1 << 15 | operation << 12 | rd << 7 | 0x73);
            }
            case 5 -> code.putInt(rs1 << 15 | random.nextInt(7) << 12 | rd << 7 | 0x03);
            case 6 -> code.putInt(rs2 << 20 | rs1 << 15 | random.nextInt(4) << 12 | 0x23);
            case 7 -> code.putInt(rs1 << 15 | rd << 7 | 0x67); // jalr
            case 8 -> {
                int[] words = {0x30200073, 0x10200073, 0x12000073, 0x73, 0x100073, 0x100f, 0x10500073};
                code.putInt(words[random.nextInt(words.length)]);
            }
            default -> code.putInt(random.nextInt());
        }
    }

    private void sbiCall(Random random) {
        for (int argument = 10; argument <= 15; argument++) {
            constant(argument, value(random));
        }
        constant(16, random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(8));
        constant(
                17, random.nextInt(10) == 0 ? random.nextInt() : SBI_EXTENSIONS[random.nextInt(SBI_EXTENSIONS.length)]);
        code.putInt(0x73);
    }

    /** Runs for a while, then stands, goes on, stands and ends. */
    private void run(Rig rig, String guest) {
        RawMemory.copyIn(code.array(), 0, rig.bench.ram.address(), CODE_BYTES);
        rig.bench.chassis.powerOn();
        for (int round = 0; round < 2; round++) {
            rig.bench.chassis.resume();
            long begin = rig.harts.getFirst().executed();
            long until = System.nanoTime() + ENOUGH_NANOSECONDS; // it may wait for an interrupt that never comes
            while (rig.harts.getFirst().executed() - begin < ENOUGH_INSTRUCTIONS && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            rig.bench.chassis.pause();
            assertThat(rig.bench.chassis.state()).as(guest).isIn(RunState.PAUSED, RunState.SHUTDOWN);
            for (Hart hart : rig.harts) {
                assertThat(hart.registers()).as(guest).contains("x31/t6");
                assertThat(hart.physical(hart.pc())).as(guest).isGreaterThanOrEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void anySequenceOfPrivilegedInstructionsIsSurvived(Tiers tiers) throws Exception {
        for (int seed = 0; seed < GUESTS; seed++) {
            var random = new Random(seed);
            code.clear();
            constant(5, Rig.RAM + 0x100);
            code.putInt(0x305 << 20 | 5 << 15 | 1 << 12 | 0x73); // mtvec
            while (code.remaining() > 32) {
                privileged(random);
            }
            try (Rig rig = new Rig(tiers)) {
                run(rig, "guest " + seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void callsOfFirmwareWithAnyArgumentsAreSurvived(Tiers tiers) throws Exception {
        for (int seed = 0; seed < GUESTS; seed++) {
            var random = new Random(seed);
            code.clear();
            constant(5, Rig.RAM + 0x100);
            code.putInt(0x105 << 20 | 5 << 15 | 1 << 12 | 0x73); // stvec
            while (code.remaining() > 200) {
                if (random.nextInt(4) == 0) {
                    privileged(random);
                } else {
                    sbiCall(random);
                }
            }
            try (Rig rig = new Rig(tiers, 2)) {
                rig.useSbi();
                run(rig, "guest " + seed);
            }
        }
    }
}
