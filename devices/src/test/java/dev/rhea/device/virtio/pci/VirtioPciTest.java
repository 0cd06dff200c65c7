package dev.rhea.device.virtio.pci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.NullBackend;
import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.blk.BlkOptions;
import dev.rhea.device.virtio.blk.VirtioBlk;
import dev.rhea.device.virtio.rng.VirtioRng;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.BusError;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VirtioPciTest {
    private static VirtioBlk disk(String queues) throws Exception {
        return new VirtioBlk(
                BlkOptions.of(
                        new PropertyValues("virtio-blk-pci", BlkOptions.PROPERTIES, Map.of("num-queues", queues)),
                        true,
                        1),
                new NullBackend(1 << 20, false, true));
    }

    /** Words of configuration space as the reference's virtio-blk-pci and virtio-rng-pci have them. */
    @Test
    void configurationSpaceIsTheReferences() throws Exception {
        try (var guest = new PciVirtioGuest()) {
            guest.plug(disk("2"), VirtioPciType.BLOCK, BlkOptions.PROPERTIES, Map.of());
            long[] expected = {
                0x10011af4L,
                0x00100007L,
                0x01000000L,
                0,
                0x00001001L,
                PciVirtioGuest.BAR1,
                0,
                0,
                PciVirtioGuest.BAR4 | 0xc,
                0,
                0,
                0x00021af4L,
                0,
                0x98,
                0,
                0x100,
                0x01100009L,
                4,
                0,
                0x1000,
                0x03104009L,
                4,
                0x1000,
                0x1000,
                0x04105009L,
                4,
                0x2000,
                0x1000,
                0x02146009L,
                4,
                0x3000,
                0x1000,
                4,
                0x05147009L,
                0,
                0,
                0,
                0,
                0x00028411L,
                1,
                0x801,
                0,
                0,
                0
            };
            for (int i = 0; i < expected.length; i++) {
                assertThat(guest.readConfigSpace(4 * i, 4))
                        .as("word at 0x%x", 4 * i)
                        .isEqualTo(expected[i]);
            }
        }
        try (var guest = new PciVirtioGuest()) {
            guest.plug(
                    new VirtioRng(CommonOptions.DEFAULT, Long.MAX_VALUE, 1, guest.clock),
                    VirtioPciType.RNG,
                    VirtioRng.PROPERTIES,
                    Map.of("disable-legacy", "on"));
            assertThat(guest.readConfigSpace(0, 4)).isEqualTo(0x10441af4L);
            assertThat(guest.readConfigSpace(8, 4)).isEqualTo(0x00ff0001L);
            assertThat(guest.readConfigSpace(0x10, 4)).isZero();
            assertThat(guest.readConfigSpace(0x2c, 4)).isEqualTo(0x11001af4L);
            assertThat(guest.readConfigSpace(0x98, 4)).isEqualTo(0x00018411L);
        }
    }

    @Test
    void aModernDriverReadsRandomBytesByPinInterrupts() throws Exception {
        try (var guest = new PciVirtioGuest()) {
            guest.plug(
                    new VirtioRng(CommonOptions.DEFAULT, Long.MAX_VALUE, 1, guest.clock),
                    VirtioPciType.RNG,
                    VirtioRng.PROPERTIES,
                    Map.of());
            assertThat(guest.negotiate(guest.offered())).isTrue();
            DriverQueue queue = guest.queue(0, 8, guest.offered());
            guest.driverOk();
            long buffer = guest.allocate(64, 16);
            for (int i = 0; i < 20; i++) {
                assertThat(queue.run(Buffer.in(buffer, 64))).isEqualTo(64);
            }
            assertThat(guest.get(buffer, 64)).isNotEqualTo(new byte[64]);
            if (guest.lineIsHigh()) {
                guest.awaitInterrupt(); // a request may be seen to be done before its interrupt comes
            }
            assertThat(guest.lineIsHigh()).isFalse();
        }
    }

    @Test
    void messagesGoWhereTheTableSays() throws Exception {
        try (var guest = new PciVirtioGuest()) {
            guest.plug(disk("1"), VirtioPciType.BLOCK, BlkOptions.PROPERTIES, Map.of());
            long features = guest.offered();
            guest.negotiate(features);
            DriverQueue queue = guest.queue(0, 8, features);
            long mailbox = guest.allocate(4, 16);
            guest.store(PciVirtioGuest.BAR1 + 16, 4, mailbox);
            guest.store(PciVirtioGuest.BAR1 + 24, 4, 0xabcd);
            guest.store(PciVirtioGuest.BAR1 + 28, 4, 0);
            guest.writeConfigSpace(0x9a, 2, 0x8000);
            guest.store(PciVirtioGuest.BAR4 + 22, 2, 0);
            guest.store(PciVirtioGuest.BAR4 + 26, 2, 1);
            assertThat(guest.load(PciVirtioGuest.BAR4 + 26, 2)).isEqualTo(1);
            guest.store(PciVirtioGuest.BAR4 + 16, 2, 9);
            assertThat(guest.load(PciVirtioGuest.BAR4 + 16, 2))
                    .as("there is no such vector")
                    .isEqualTo(0xffff);
            guest.driverOk();
            long header = guest.allocate(16, 16);
            queue.add(List.of(
                    Buffer.out(header, 16),
                    Buffer.in(guest.allocate(512, 16), 512),
                    Buffer.in(guest.allocate(1, 16), 1)));
            queue.kick();
            while (RawMemory.getInt(guest.host(mailbox)) != 0xabcd) {
                Thread.onSpinWait();
            }
            assertThat(queue.hasUsed()).isTrue();
            assertThat(guest.lineIsHigh()).isFalse();
        }
    }

    @Test
    void aLegacyDriverGoesThroughIoPorts() throws Exception {
        try (var guest = new PciVirtioGuest()) {
            guest.plug(disk("1"), VirtioPciType.BLOCK, BlkOptions.PROPERTIES, Map.of());
            long io = PciVirtioGuest.BAR0;
            guest.store(io + 18, 1, 0);
            guest.store(io + 18, 1, 3);
            assertThat(guest.load(io, 4)).isEqualTo(0x31006ed4L);
            guest.store(io + 4, 4, 0);
            guest.store(io + 14, 2, 0);
            assertThat(guest.load(io + 12, 2)).isEqualTo(256);
            long ring = guest.allocate(16384, 4096);
            guest.store(io + 8, 4, ring >> 12);
            guest.store(io + 18, 1, 7);
            assertThat(guest.load(io + 20, 8)).as("capacity").isEqualTo(2048);
            long header = guest.allocate(16, 16);
            long data = guest.allocate(512, 16);
            RawMemory.fill(guest.host(data), 512, (byte) 7);
            long status = guest.put(new byte[] {9});
            long[][] chain = {{header, 16, 1, 1}, {data, 512, 3, 2}, {status, 1, 2, 0}};
            for (int i = 0; i < 3; i++) {
                long at = guest.host(ring + 16L * i);
                RawMemory.putLong(at, chain[i][0]);
                RawMemory.putInt(at + 8, (int) chain[i][1]);
                RawMemory.putShort(at + 12, (short) chain[i][2]);
                RawMemory.putShort(at + 14, (short) chain[i][3]);
            }
            RawMemory.putShort(guest.host(ring + 4096 + 2), (short) 1);
            guest.store(io + 16, 2, 0);
            while (guest.get(status, 1)[0] == 9 || !guest.lineIsHigh()) {
                Thread.onSpinWait();
            }
            assertThat(guest.load(io + 19, 1)).isEqualTo(1);
            assertThat(guest.lineIsHigh()).isFalse();
            assertThat(guest.get(status, 1)[0]).isZero();
            assertThat(guest.get(data, 512)).containsOnly(0);
        }
    }

    @Test
    void theConfigurationWindowReachesTheStructures() throws Exception {
        try (var guest = new PciVirtioGuest()) {
            guest.plug(disk("1"), VirtioPciType.BLOCK, BlkOptions.PROPERTIES, Map.of());
            int cap = 0x84;
            guest.writeConfigSpace(cap + 4, 1, 4);
            guest.writeConfigSpace(cap + 8, 4, 20);
            guest.writeConfigSpace(cap + 12, 4, 1);
            guest.writeConfigSpace(cap + 16, 1, VirtioDevice.ACKNOWLEDGE);
            assertThat(guest.load(PciVirtioGuest.BAR4 + 20, 1)).isEqualTo(1);
            guest.writeConfigSpace(cap + 8, 4, 0x2000);
            guest.writeConfigSpace(cap + 12, 4, 4);
            assertThat(guest.readConfigSpace(cap + 16, 4)).isEqualTo(2048);
        }
    }

    @Test
    void anyAccessAnywhereLeavesItWorking() throws Exception {
        Random random = new Random(17);
        try (var guest = new PciVirtioGuest()) {
            guest.plug(disk("2"), VirtioPciType.BLOCK, BlkOptions.PROPERTIES, Map.of());
            long[] places = {
                PciVirtioGuest.BAR4, PciVirtioGuest.BAR0, PciVirtioGuest.BAR1, PciVirtioGuest.ECAM + (1 << 15)
            };
            int[] sizes = {0x4000, 0x80, 0x1000, 0x100};
            for (int i = 0; i < 30_000; i++) {
                int place = random.nextInt(i % 1000 == 0 ? 4 : 3);
                long at = places[place] + random.nextInt(random.nextBoolean() ? 64 : sizes[place]);
                int size = 1 << random.nextInt(4);
                try {
                    if (random.nextBoolean()) {
                        guest.memory.read(at, size);
                    } else {
                        guest.memory.write(at, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(16), size);
                    }
                } catch (BusError e) {
                    // No register takes such an access.
                }
            }
            guest.lock.lock();
            guest.card.reset();
            guest.lock.unlock();
            guest.map();
            long features = guest.offered();
            assertThat(guest.negotiate(features)).isTrue();
            DriverQueue queue = guest.queue(0, 8, features);
            guest.driverOk();
            long header = guest.allocate(16, 16);
            assertThat(queue.run(
                            Buffer.out(header, 16),
                            Buffer.in(guest.allocate(512, 16), 512),
                            Buffer.in(guest.allocate(1, 16), 1)))
                    .isEqualTo(513);
        }
    }
}
