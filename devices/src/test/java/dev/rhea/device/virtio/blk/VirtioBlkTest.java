package dev.rhea.device.virtio.blk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.CacheMode;
import dev.rhea.block.RawFile;
import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioFeature;
import dev.rhea.device.virtio.VirtioGuest;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VirtioBlkTest {
    enum Shape {
        LEGACY,
        SPLIT,
        SPLIT_WITHOUT_EVENTS,
        PACKED
    }

    @TempDir
    Path folder;

    private static BlkOptions options(Map<String, String> given) throws BadDeviceException {
        return BlkOptions.of(new PropertyValues("virtio-blk-device", BlkOptions.PROPERTIES, given), true, 1);
    }

    private RawFile image(int sectors) throws Exception {
        Path file = folder.resolve("disk.img");
        byte[] content = new byte[sectors * 512];
        new Random(7).nextBytes(content);
        Files.write(file, content);
        return RawFile.open(file.toString(), false, CacheMode.WRITEBACK, true, false);
    }

    /** A driver for one queue. */
    private static final class Driver {
        final VirtioGuest guest;
        DriverQueue queue;
        final long features;

        Driver(Shape shape, Map<String, String> given, RawFile image) throws Exception {
            Map<String, String> all = new HashMap<>(given);
            if (shape == Shape.PACKED) {
                all.put("packed", "on");
            }
            guest = new VirtioGuest(shape == Shape.LEGACY);
            guest.plug(new VirtioBlk(options(all), image));
            long offered = guest.offered();
            features = shape == Shape.SPLIT_WITHOUT_EVENTS ? offered & ~VirtioFeature.EVENT_IDX : offered;
            assertThat(guest.negotiate(features)).isTrue();
            queue = guest.queue(0, 64, features);
            guest.driverOk();
        }

        byte[] header(int type, long sector) {
            byte[] bytes = new byte[16];
            bytes[0] = (byte) type;
            for (int i = 0; i < 8; i++) {
                bytes[8 + i] = (byte) (sector >>> 8 * i);
            }
            return bytes;
        }

        int status(int type, long sector, Buffer... data) {
            List<Buffer> all = new ArrayList<>();
            all.add(Buffer.out(guest.put(header(type, sector)), 16));
            all.addAll(List.of(data));
            long status = guest.put(new byte[] {99});
            all.add(Buffer.in(status, 1));
            queue.run(all.toArray(Buffer[]::new));
            return guest.get(status, 1)[0];
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatIsInTheFileAndWritesIntoIt(Shape shape) throws Exception {
        try (RawFile image = image(64)) {
            byte[] content = Files.readAllBytes(folder.resolve("disk.img"));
            var driver = new Driver(shape, Map.of(), image);
            try (VirtioGuest guest = driver.guest) {
                assertThat(guest.config(0, 8)).isEqualTo(64);
                long a = guest.allocate(512, 16);
                long b = guest.allocate(1024, 16);
                assertThat(driver.status(0, 3, Buffer.in(a, 512), Buffer.in(b, 1024)))
                        .isZero();
                assertThat(guest.get(a, 512)).isEqualTo(Arrays.copyOfRange(content, 3 * 512, 4 * 512));
                assertThat(guest.get(b, 1024)).isEqualTo(Arrays.copyOfRange(content, 4 * 512, 6 * 512));

                byte[] fresh = new byte[1024];
                new Random(8).nextBytes(fresh);
                assertThat(driver.status(1, 10, Buffer.out(guest.put(fresh), 1024)))
                        .isZero();
                assertThat(driver.status(4, 0)).isZero();
                byte[] now = Files.readAllBytes(folder.resolve("disk.img"));
                assertThat(Arrays.copyOfRange(now, 10 * 512, 12 * 512)).isEqualTo(fresh);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesAroundTheRingManyTimesWithManyRequestsAtOnce(Shape shape) throws Exception {
        try (RawFile image = image(1024)) {
            byte[] content = Files.readAllBytes(folder.resolve("disk.img"));
            var driver = new Driver(shape, Map.of(), image);
            try (VirtioGuest guest = driver.guest) {
                long mark = guest.allocate(1 << 16, 16);
                Random random = new Random(11);
                for (int round = 0; round < 200; round++) {
                    Map<Integer, long[]> pending = new HashMap<>();
                    int count = 1 + random.nextInt(20);
                    for (int i = 0; i < count; i++) {
                        int sector = random.nextInt(1024);
                        long data = mark + i * 1024L + 4096;
                        long header = data + 512;
                        RawMemory.copyIn(driver.header(0, sector), 0, guest.host(header), 16);
                        List<Buffer> buffers =
                                List.of(Buffer.out(header, 16), Buffer.in(data, 512), Buffer.in(data + 600, 1));
                        int id = shape != Shape.LEGACY && random.nextBoolean() && round < 20
                                ? driver.queue.addIndirect(buffers)
                                : driver.queue.add(buffers);
                        pending.put(id, new long[] {data, sector});
                    }
                    driver.queue.kick();
                    for (int i = 0; i < count; i++) {
                        DriverQueue.Used used = driver.queue.await();
                        long[] request = pending.remove(used.id());
                        assertThat(used.written()).isEqualTo(513);
                        assertThat(guest.get(request[0], 512))
                                .isEqualTo(Arrays.copyOfRange(
                                        content, (int) request[1] * 512, (int) request[1] * 512 + 512));
                        assertThat(guest.get(request[0] + 600, 1)).containsExactly(0);
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatIsNotOnTheDisk() throws Exception {
        try (RawFile image = image(8)) {
            var driver = new Driver(Shape.SPLIT, Map.of(), image);
            try (VirtioGuest guest = driver.guest) {
                long data = guest.allocate(1024, 16);
                assertThat(driver.status(0, 8, Buffer.in(data, 512))).isEqualTo(1);
                assertThat(driver.status(0, 7, Buffer.in(data, 1024))).isEqualTo(1);
                assertThat(driver.status(0, -1, Buffer.in(data, 512))).isEqualTo(1);
                assertThat(driver.status(0, Long.MAX_VALUE / 256, Buffer.in(data, 512)))
                        .isEqualTo(1);
                assertThat(driver.status(1, 0, Buffer.out(data, 511))).isEqualTo(1);
                assertThat(driver.status(77, 0)).isEqualTo(2);
                assertThat(driver.status(0, 7, Buffer.in(data, 512))).isZero();
            }
        }
    }

    @Test
    void tellsItsSerialNumber() throws Exception {
        try (RawFile image = image(8)) {
            var driver = new Driver(Shape.SPLIT, Map.of("serial", "disk-0815"), image);
            try (VirtioGuest guest = driver.guest) {
                long id = guest.allocate(20, 16);
                assertThat(driver.status(8, 0, Buffer.in(id, 20))).isZero();
                assertThat(new String(guest.get(id, 20), StandardCharsets.UTF_8))
                        .isEqualTo("disk-0815" + "\0".repeat(11));
            }
        }
    }

    @Test
    void discardsAndWritesZeroes() throws Exception {
        try (RawFile image = image(64)) {
            var driver = new Driver(Shape.SPLIT, Map.of(), image);
            try (VirtioGuest guest = driver.guest) {
                byte[] segment = new byte[16];
                segment[0] = 16;
                segment[8] = 8;
                assertThat(driver.status(13, 0, Buffer.out(guest.put(segment), 16)))
                        .isZero();
                segment[0] = 32;
                assertThat(driver.status(11, 0, Buffer.out(guest.put(segment), 16)))
                        .isZero();
                segment[12] = 2;
                assertThat(driver.status(13, 0, Buffer.out(guest.put(segment), 16)))
                        .isEqualTo(2);
                segment[12] = 1;
                segment[0] = 60;
                assertThat(driver.status(13, 0, Buffer.out(guest.put(segment), 16)))
                        .isEqualTo(1);
                byte[] now = Files.readAllBytes(folder.resolve("disk.img"));
                assertThat(Arrays.copyOfRange(now, 16 * 512, 24 * 512)).containsOnly(0);
                assertThat(now[15 * 512 + 1] | now[15 * 512 + 2] | now[15 * 512 + 3])
                        .isNotZero();
            }
        }
    }

    @Test
    void servesEachOfItsQueues() throws Exception {
        try (RawFile image = image(64);
                VirtioGuest guest = new VirtioGuest(false)) {
            byte[] content = Files.readAllBytes(folder.resolve("disk.img"));
            guest.plug(new VirtioBlk(options(Map.of("num-queues", "4")), image));
            assertThat(guest.config(34, 2)).isEqualTo(4);
            long features = guest.offered();
            guest.negotiate(features);
            List<DriverQueue> queues = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                queues.add(guest.queue(i, 64, features));
            }
            guest.driverOk();
            for (int round = 0; round < 50; round++) {
                long[] data = new long[4];
                guest.allocate(0, 16);
                for (int i = 0; i < 4; i++) {
                    data[i] = guest.allocate(512, 16);
                    byte[] header = new byte[16];
                    header[8] = (byte) (i * 7);
                    queues.get(i)
                            .add(List.of(
                                    Buffer.out(guest.put(header), 16),
                                    Buffer.in(data[i], 512),
                                    Buffer.in(guest.allocate(1, 16), 1)));
                }
                for (int i = 0; i < 4; i++) {
                    queues.get(i).kick();
                }
                for (int i = 0; i < 4; i++) {
                    while (!queues.get(i).hasUsed()) {
                        Thread.onSpinWait();
                    }
                    queues.get(i).await();
                    assertThat(guest.get(data[i], 512))
                            .isEqualTo(Arrays.copyOfRange(content, i * 7 * 512, i * 7 * 512 + 512));
                }
            }
        }
    }

    @Test
    void aStateThatWasSavedGoesOnElsewhere() throws Exception {
        try (RawFile image = image(64)) {
            var driver = new Driver(Shape.SPLIT, Map.of(), image);
            try (VirtioGuest guest = driver.guest) {
                long data = guest.allocate(512, 16);
                assertThat(driver.status(0, 1, Buffer.in(data, 512))).isZero();
                var disk = (VirtioBlk) guest.mmio.device();
                guest.lock.lock();
                VirtioBlk.State state = disk.saveState();
                var slot = guest.mmio.saveState();
                guest.mmio.reset();
                guest.mmio.loadState(slot);
                disk.loadState(state);
                assertThat(disk.saveState()).isEqualTo(state);
                guest.lock.unlock();
                assertThat(driver.status(0, 2, Buffer.in(data, 512))).isZero();
            }
        }
    }

    @Test
    void aSecondUserOfTheImageIsRefused() throws IOException, Exception {
        try (RawFile image = image(8)) {
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> RawFile.open(
                            folder.resolve("disk.img").toString(), false, CacheMode.WRITEBACK, true, false))
                    .hasMessageStartingWith("Failed to get \"write\" lock");
            assertThat(image.size()).isEqualTo(8 * 512);
        }
    }
}
