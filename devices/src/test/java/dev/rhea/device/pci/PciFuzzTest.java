package dev.rhea.device.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rhea.device.edu.Edu;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.BusError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests that write whatever they like into configuration space and registers. */
class PciFuzzTest {
    private static final int ACCESSES = 60_000;
    private static final int[] SIZES = {1, 2, 4, 8};

    private final List<dev.rhea.machine.device.Device> devices = new ArrayList<>();

    private void build(TestMachine machine) throws BadDeviceException {
        PciBus root = machine.host.bus();
        devices.add(machine.host);
        PciePort port = machine.rootPort(root, 1);
        devices.add(port);
        PciBridge outer = machine.bridge(root, 2);
        devices.add(outer);
        PciBridge inner = machine.bridge(outer.secondary(), 3);
        devices.add(inner);
        PciBridge express = PciBridge.express(
                root, "express", TestMachine.values("pcie-pci-bridge", PciBridge.EXPRESS_PROPERTIES, Map.of()));
        devices.add(express);
        for (PciBus bus : List.of(root, port.secondary(), outer.secondary(), inner.secondary(), express.secondary())) {
            devices.add(new Edu(
                    bus,
                    "",
                    machine.clock,
                    TestMachine.values(Edu.TYPE, Edu.PROPERTIES, Map.of("dma_mask", "0xffffffffffffffff"))));
        }
        PciFunction vectors = machine.plain(root, Map.of());
        vectors.addMsix(64, 0);
        devices.forEach(dev.rhea.machine.device.Device::reset);
        vectors.reset();
    }

    /** Values that matter to registers more often than chance would have them. */
    private static long value(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> TestMachine.RAM + random.nextInt(TestMachine.RAM_SIZE);
            case 3 -> TestMachine.MMIO + (long) random.nextInt(64) * 0x8_0000;
            case 4 -> 0x7;
            case 5 -> TestMachine.ECAM + ((long) random.nextInt(4) << 20) + random.nextInt(0x8000);
            case 6 -> random.nextInt(256);
            default -> random.nextLong();
        };
    }

    private static long address(RandomGenerator random) {
        int bus = random.nextInt(4) == 0 ? random.nextInt(256) : random.nextInt(6);
        long header = TestMachine.ECAM + ((long) bus << 20) + ((long) random.nextInt(9) << 15);
        return switch (random.nextInt(8)) {
            case 0 -> TestMachine.MMIO + (long) random.nextInt(64) * 0x8_0000 + random.nextInt(0x100);
            case 1 -> TestMachine.IO + random.nextInt(0x10000);
            case 2 -> header + random.nextInt(4096);
            default -> header + random.nextInt(0x100);
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theMachineAnswersWhateverAGuestWrites(long seed) throws BadDeviceException {
        try (TestMachine machine = new TestMachine()) {
            build(machine);
            machine.lock.lock();
            machine.clock.start();
            machine.lock.unlock();
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            for (int i = 0; i < ACCESSES; i++) {
                long address = address(random);
                int size = SIZES[random.nextInt(4)];
                try {
                    if (random.nextInt(3) == 0) {
                        machine.memory.read(address, size);
                    } else {
                        machine.memory.write(address, value(random) & -1L >>> 64 - 8 * size, size);
                    }
                } catch (BusError e) {
                    // A register that refuses the size: the guest's own exception.
                } catch (RuntimeException | Error e) {
                    fail(
                            "seed " + seed + ", access " + i + " of " + size + " bytes at 0x"
                                    + Long.toHexString(address),
                            e);
                }
            }
            assertThat(machine.mapChanges).as("at most one map for each access").isLessThan(ACCESSES);
            machine.lock.lock();
            try {
                devices.forEach(dev.rhea.machine.device.Device::reset);
                machine.host.bus().functions().forEach(PciFunction::reset);
            } finally {
                machine.lock.unlock();
            }
            assertThat(machine.intx).containsOnly(false);
            machine.write(TestMachine.RAM + 8, 0x1122_3344_5566_7788L, 8);
            assertThat(machine.read(TestMachine.RAM + 8, 8)).isEqualTo(0x1122_3344_5566_7788L);
            assertThat(machine.memory.host(TestMachine.RAM, TestMachine.RAM_SIZE))
                    .isEqualTo(machine.ram.address());
            assertThat(new GuestEnumeration(machine).functions).hasSize(11);
        }
    }
}
