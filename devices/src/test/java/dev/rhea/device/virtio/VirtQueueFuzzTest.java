package dev.rhea.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.NullBackend;
import dev.rhea.device.virtio.balloon.VirtioBalloon;
import dev.rhea.device.virtio.blk.BlkOptions;
import dev.rhea.device.virtio.blk.VirtioBlk;
import dev.rhea.device.virtio.console.PortOptions;
import dev.rhea.device.virtio.console.VirtioSerial;
import dev.rhea.device.virtio.net.NetOptions;
import dev.rhea.device.virtio.net.VirtioNet;
import dev.rhea.device.virtio.ninep.SecurityModel;
import dev.rhea.device.virtio.ninep.SharedFolder;
import dev.rhea.device.virtio.ninep.VirtioNineP;
import dev.rhea.device.virtio.rng.VirtioRng;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.BusError;
import dev.rhea.network.Receiver;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drivers that mean harm: whatever they write, no exception comes out, and the device works again after a reset. */
class VirtQueueFuzzTest {
    private static final long SEED = Long.getLong("rhea.fuzz.seed", 42);
    private static final int ROUNDS = 400;

    @TempDir
    Path folder;

    private final AtomicReference<Receiver> card = new AtomicReference<>();

    private VirtioDevice device(String name, boolean packed, VirtioGuest guest) throws Exception {
        Map<String, String> given = Map.of("packed", packed ? "on" : "off");
        CommonOptions common = new CommonOptions(true, true, true, true, packed, true);
        return switch (name) {
            case "blk" ->
                new VirtioBlk(
                        BlkOptions.of(new PropertyValues("blk", BlkOptions.PROPERTIES, given), true, 2),
                        new NullBackend(1 << 20, false, true));
            case "net" ->
                new VirtioNet(
                        NetOptions.of(new PropertyValues("net", NetOptions.PROPERTIES, given)),
                        new byte[6],
                        new dev.rhea.network.Port() {
                            @Override
                            public void send(byte[] frame, int offset, int length) {}

                            @Override
                            public void connect(Receiver to) {
                                card.set(to);
                            }

                            @Override
                            public void resume() {}

                            @Override
                            public void setLink(boolean up) {}

                            @Override
                            public void close() {}
                        });
            case "balloon" ->
                new VirtioBalloon(
                        new PropertyValues(
                                "balloon",
                                VirtioBalloon.PROPERTIES,
                                Map.of("free-page-reporting", "on", "packed", given.get("packed"))),
                        VirtioGuest.RAM_SIZE,
                        guest.clock,
                        bytes -> {});
            case "9p" ->
                new VirtioNineP(common, "tag", SharedFolder.open(folder.toString(), SecurityModel.NONE, false));
            case "rng" -> new VirtioRng(common, Long.MAX_VALUE, 65536, guest.clock);
            default -> {
                VirtioSerial serial = new VirtioSerial(common, true, 3);
                serial.addPort(new PortOptions(true, "", PortOptions.AUTO), null);
                serial.addPort(new PortOptions(false, "name", PortOptions.AUTO), null);
                yield serial;
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "blk,false,false",
        "blk,true,false",
        "blk,false,true",
        "net,false,false",
        "net,true,false",
        "net,false,true",
        "rng,false,false",
        "rng,false,true",
        "serial,false,false",
        "serial,true,false",
        "serial,false,true"
    })
    void hostileRingsBreakTheDeviceAndNothingElse(String name, boolean legacy, boolean packed) throws Exception {
        Random random = new Random(SEED);
        try (VirtioGuest guest = new VirtioGuest(legacy)) {
            VirtioDevice device = device(name, packed, guest);
            guest.plug(device);
            for (int round = 0; round < ROUNDS; round++) {
                guest.freeAll();
                guest.negotiate(guest.offered() & (round % 3 == 0 ? random.nextLong() | 1L << 32 : -1));
                int queues = Math.min(device.queues().size(), 4);
                for (int i = 0; i < queues; i++) {
                    hostileQueue(guest, i, legacy, random);
                }
                guest.driverOk();
                for (int i = 0; i < 6; i++) {
                    guest.write(VirtioMmio.QUEUE_NOTIFY, random.nextInt(queues + 1));
                    Receiver to = card.get();
                    if (to != null) {
                        to.receive(new byte[1500], 0, random.nextInt(1500));
                    }
                    if (random.nextInt(3) == 0) {
                        scribble(guest, random);
                    }
                }
                guest.write(VirtioMmio.STATUS, 0);
                assertThat(guest.read(VirtioMmio.STATUS))
                        .as("seed %d, round %d", SEED, round)
                        .isZero();
            }
            assertWorks(name, guest, device, legacy);
        }
    }

    /** A ring with descriptors of all kinds of wrongness, in 64 KiB of memory. */
    private static void hostileQueue(VirtioGuest guest, int index, boolean legacy, Random random) {
        int size = random.nextInt(16) == 0 ? random.nextInt(2000) : 2 << random.nextInt(7);
        long ring = guest.allocate(1 << 16, 4096);
        for (int i = 0; i < 4096; i++) {
            RawMemory.putInt(
                    guest.host(ring) + 4L * i, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(300));
        }
        for (int i = 0; i < 256; i++) {
            long at = guest.host(ring) + 16L * i;
            RawMemory.putLong(at, hostileAddress(ring, random));
            RawMemory.putInt(
                    at + 8,
                    switch (random.nextInt(6)) {
                        case 0 -> 0;
                        case 1 -> random.nextInt();
                        case 2 -> 16 * random.nextInt(40);
                        default -> random.nextInt(2000);
                    });
            RawMemory.putShort(at + 12, (short) (random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(4)));
            RawMemory.putShort(at + 14, (short) (random.nextInt(8) == 0 ? random.nextInt() : i + 1));
        }
        guest.write(VirtioMmio.QUEUE_SEL, index);
        guest.write(VirtioMmio.QUEUE_NUM, size);
        if (legacy) {
            guest.write(VirtioMmio.QUEUE_ALIGN, 1L << random.nextInt(14));
            guest.write(VirtioMmio.QUEUE_PFN, random.nextInt(32) == 0 ? random.nextInt() : ring >>> 12);
            offer(guest, ring + 16L * Math.min(size, 256), size, random);
            return;
        }
        long avail = ring + 4096 + 2L * random.nextInt(32);
        guest.write(VirtioMmio.QUEUE_DESC_LOW, random.nextInt(32) == 0 ? random.nextInt() : ring);
        guest.write(VirtioMmio.QUEUE_DRIVER_LOW, random.nextInt(32) == 0 ? random.nextInt() : avail);
        guest.write(VirtioMmio.QUEUE_DEVICE_LOW, random.nextInt(32) == 0 ? random.nextInt() : avail + 4096);
        guest.write(VirtioMmio.QUEUE_READY, 1);
        offer(guest, avail, size, random);
    }

    private static void offer(VirtioGuest guest, long avail, int size, Random random) {
        int most = random.nextInt(8) == 0 ? 65536 : Math.clamp(size, 1, 32) + 1;
        RawMemory.putShort(guest.host(avail + 2), (short) random.nextInt(most));
        for (int i = 0; i < 64; i++) {
            int head = random.nextInt(16) == 0 ? random.nextInt(300) : random.nextInt(Math.max(size, 1));
            RawMemory.putShort(guest.host(avail + 4 + 2L * i), (short) head);
        }
    }

    private static long hostileAddress(long ring, Random random) {
        long end = VirtioGuest.RAM + VirtioGuest.RAM_SIZE;
        return switch (random.nextInt(8)) {
            case 0 -> random.nextLong();
            case 1 -> end - random.nextInt(3000);
            case 2 -> VirtioGuest.SLOT + random.nextInt(0x300);
            case 3 -> VirtioGuest.RAM - random.nextInt(3000);
            default -> ring + (1 << 15) + random.nextInt(20000);
        };
    }

    private static void scribble(VirtioGuest guest, Random random) {
        for (int i = 0; i < 100; i++) {
            RawMemory.putShort(guest.ram.address() + 2L * random.nextInt(1 << 17), (short) random.nextInt());
        }
    }

    private static void assertWorks(String name, VirtioGuest guest, VirtioDevice device, boolean legacy) {
        assertThat(device.isBroken()).isFalse();
        guest.freeAll();
        long features = guest.offered();
        assertThat(guest.negotiate(features)).isTrue();
        int index = name.equals("net") || name.equals("serial") ? 1 : 0;
        DriverQueue queue = guest.queue(index, 8, features);
        guest.driverOk();
        long buffer = guest.allocate(64, 16);
        if (name.equals("blk")) {
            long id = guest.put(new byte[] {8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            queue.run(
                    DriverQueue.Buffer.out(id, 16),
                    DriverQueue.Buffer.in(buffer, 20),
                    DriverQueue.Buffer.in(buffer + 30, 1));
        } else if (name.equals("9p")) {
            queue.run(DriverQueue.Buffer.out(buffer, 20), DriverQueue.Buffer.in(buffer + 30, 20));
        } else if (name.equals("rng")) {
            queue.run(DriverQueue.Buffer.in(buffer, 32));
        } else {
            queue.run(DriverQueue.Buffer.out(buffer, 60));
        }
    }

    @ParameterizedTest
    @CsvSource({"blk,false", "blk,true", "net,false", "rng,true", "serial,false", "serial,true"})
    void registersTakeAnyAccessAtAnyOffset(String name, boolean legacy) throws Exception {
        Random random = new Random(SEED);
        try (VirtioGuest guest = new VirtioGuest(legacy)) {
            guest.plug(device(name, false, guest));
            for (int i = 0; i < 20_000; i++) {
                int size = 1 << random.nextInt(4);
                long at = VirtioGuest.SLOT + random.nextInt(VirtioMmio.SIZE + 8);
                try {
                    if (random.nextBoolean()) {
                        guest.memory.read(at, size);
                    } else {
                        guest.memory.write(at, random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(16), size);
                    }
                } catch (BusError e) {
                    assertThat((at & size - 1) != 0 || at + size > VirtioGuest.SLOT + VirtioMmio.SIZE)
                            .as("seed %d: access of %d at 0x%x", SEED, size, at)
                            .isTrue();
                }
            }
            guest.lock.lock();
            guest.mmio.reset();
            guest.lock.unlock();
            assertWorks(name, guest, guest.mmio.device(), legacy);
        }
    }
}
