package dev.rhea.device.virtio.balloon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioGuest;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VirtioBalloonTest {
    private final AtomicLong told = new AtomicLong();

    private VirtioBalloon balloon(VirtioGuest guest, Map<String, String> given) throws Exception {
        return new VirtioBalloon(
                new PropertyValues("virtio-balloon-device", VirtioBalloon.PROPERTIES, given),
                VirtioGuest.RAM_SIZE,
                guest.clock,
                told::set);
    }

    @Test
    void pagesInTheBalloonAreGivenBackToTheHost() throws Exception {
        try (VirtioGuest guest = new VirtioGuest(false)) {
            VirtioBalloon balloon = balloon(guest, Map.of());
            guest.plug(balloon);
            guest.negotiate(guest.offered());
            DriverQueue inflate = guest.queue(0, 8, guest.offered());
            guest.driverOk();
            guest.lock.lock();
            balloon.setTarget(VirtioGuest.RAM_SIZE - (3 << 12));
            guest.lock.unlock();
            assertThat(guest.awaitInterrupt()).isEqualTo(2);
            assertThat(guest.config(0, 4)).isEqualTo(3);
            long pages = guest.allocate(4 << 12, 4096);
            RawMemory.fill(guest.host(pages), 4 << 12, (byte) 1);
            long numbers = guest.allocate(12, 16);
            for (int i = 0; i < 3; i++) {
                int page = i == 2 ? 0 : (int) ((pages >>> 12) + i + 1);
                RawMemory.putInt(guest.host(numbers) + 4L * i, page);
            }
            inflate.run(Buffer.out(numbers, 12));
            assertThat(guest.get(pages, 4096)).containsOnly(1);
            assertThat(guest.get(pages + 4096, 8192)).containsOnly(0);
            assertThat(guest.get(pages + 3 * 4096, 4096)).containsOnly(1);
            guest.setConfig(4, 4, 3);
            assertThat(told.get()).isEqualTo(VirtioGuest.RAM_SIZE - (3 << 12));
            assertThat(balloon.actual()).isEqualTo(told.get());
        }
    }

    @Test
    void statisticsComeWheneverTheyArePolled() throws Exception {
        try (VirtioGuest guest = new VirtioGuest(false)) {
            VirtioBalloon balloon = balloon(guest, Map.of());
            guest.plug(balloon);
            guest.negotiate(guest.offered());
            DriverQueue statistics = guest.queue(2, 8, guest.offered());
            guest.driverOk();
            long buffer = guest.allocate(20, 16);
            RawMemory.putShort(guest.host(buffer), (short) 4);
            RawMemory.putLong(guest.host(buffer) + 2, 1234567);
            RawMemory.putShort(guest.host(buffer) + 10, (short) 999);
            statistics.add(List.of(Buffer.out(buffer, 20)));
            statistics.kick();
            while (balloon.statistics().lastUpdate() == 0) {
                Thread.onSpinWait();
            }
            assertThat(balloon.statistics().byName())
                    .containsEntry("stat-free-memory", 1234567L)
                    .containsEntry("stat-total-memory", -1L);
            assertThat(statistics.hasUsed()).isFalse();
            guest.lock.lock();
            guest.clock.start();
            balloon.setPollingInterval(1);
            guest.lock.unlock();
            statistics.await();
            RawMemory.putLong(guest.host(buffer) + 2, 42);
            statistics.add(List.of(Buffer.out(buffer, 20)));
            statistics.kick();
            while (balloon.statistics().byName().get("stat-free-memory") != 42) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void freePagesThatAreReportedAreGivenBack() throws Exception {
        try (VirtioGuest guest = new VirtioGuest(false)) {
            guest.plug(balloon(guest, Map.of("free-page-reporting", "on")));
            guest.negotiate(guest.offered());
            DriverQueue reporting = guest.queue(3, 8, guest.offered());
            guest.driverOk();
            long pages = guest.allocate(3 << 12, 4096);
            RawMemory.fill(guest.host(pages), 3 << 12, (byte) 1);
            reporting.run(Buffer.in(pages, 2 << 12));
            assertThat(guest.get(pages, 2 << 12)).containsOnly(0);
            assertThat(guest.get(pages + (2 << 12), 4096)).containsOnly(1);
        }
    }
}
