package dev.rhea.device.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Descriptor lists of a guest that means no good: loops, buffers anywhere, lengths of all kinds. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GemFuzzTest {
    private static final long SEED = Long.getLong("rhea.seed", 20261126);
    private static final int ROUNDS = Integer.getInteger("rhea.rounds", 2_000);
    private static final long REGISTERS = 0x1000;
    private static final int LIST = 1 << 10;

    private final Random random = new Random(SEED);
    private final DeviceBench bench = new DeviceBench();
    private final FakeNetwork network = new FakeNetwork();

    private void put(int register, int value) {
        bench.write(REGISTERS + register, value & 0xffffffffL, 4);
    }

    /** An address that leads somewhere: to memory, to the lists, to the registers themselves, or nowhere. */
    private int address() {
        return switch (random.nextInt(8)) {
            case 0 -> (int) REGISTERS + random.nextInt(0x40) * 4;
            case 1 -> random.nextInt();
            case 2, 3 -> (int) DeviceBench.RAM + random.nextInt(LIST / 8) * 8;
            default -> (int) DeviceBench.RAM + random.nextInt(128 << 10);
        };
    }

    private int control() {
        int flags = random.nextInt() & 0xc001_8000;
        return flags
                | switch (random.nextInt(4)) {
                    case 0 -> random.nextInt(0x4000);
                    case 1 -> 0;
                    default -> random.nextInt(100);
                };
    }

    private void list() {
        for (int at = 0; at < LIST; at += 8) {
            bench.write(DeviceBench.RAM + at, (address() & ~3 | random.nextInt(4)) & 0xffffffffL, 4);
            bench.write(DeviceBench.RAM + at + 4, control() & 0xffffffffL, 4);
        }
    }

    private void round(CadenceGem gem) {
        list();
        put(0x10, random.nextInt());
        put(0x04, random.nextInt() | 1 << 4);
        put(0x4c8, random.nextInt(4) == 0 ? 1 : 0);
        put(0x4d4, random.nextInt(4) == 0 ? 1 : 0);
        put(0x18, address());
        put(0x1c, address());
        put(0x00, 0x20c | random.nextInt(0x400));
        for (int i = 0; i < 4; i++) {
            network.deliver(new byte[random.nextInt(3) == 0 ? random.nextInt(17 << 10) : random.nextInt(1600)]);
        }
        if (random.nextInt(8) == 0) {
            bench.advance(random.nextInt(2_000_000));
        }
        if (random.nextInt(50) == 0) {
            bench.locked(gem::reset);
        }
    }

    @Test
    void noListOfDescriptorsHurtsIt() throws BadDeviceException {
        bench.ram(128 << 10);
        CadenceGem gem = new CadenceGem(
                new PropertyValues(CadenceGem.TYPE, CadenceGem.PROPERTIES, Map.of()),
                new byte[6],
                network,
                new DeviceBench.Probe(),
                bench.memory,
                bench.clock,
                bench.lock);
        bench.place(REGISTERS, gem.region());
        try {
            for (int round = 0; round < ROUNDS; round++) {
                try {
                    round(gem);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("reproduce with -Drhea.seed=" + SEED + ", round " + round, e);
                }
            }
            assertThat(network.sent).as("some of it made frames").isNotEmpty();
        } finally {
            gem.close();
            bench.close();
        }
    }
}
