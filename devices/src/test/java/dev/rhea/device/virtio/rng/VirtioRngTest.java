package dev.rhea.device.virtio.rng;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioGuest;
import org.junit.jupiter.api.Test;

class VirtioRngTest {
    @Test
    void fillsBuffersWithRandomBytes() {
        try (VirtioGuest guest = new VirtioGuest(false)) {
            guest.plug(new VirtioRng(CommonOptions.DEFAULT, Long.MAX_VALUE, 65536, guest.clock));
            guest.negotiate(guest.offered());
            DriverQueue queue = guest.queue(0, 8, guest.offered());
            guest.driverOk();
            long a = guest.allocate(64, 16);
            long b = guest.allocate(64, 16);
            assertThat(queue.run(Buffer.in(a, 64), Buffer.in(b, 64))).isEqualTo(128);
            assertThat(guest.get(a, 64)).isNotEqualTo(new byte[64]).isNotEqualTo(guest.get(b, 64));
        }
    }

    @Test
    void givesNoMoreThanAllowedInAPeriod() {
        try (VirtioGuest guest = new VirtioGuest(false)) {
            guest.plug(new VirtioRng(CommonOptions.DEFAULT, 100, 1, guest.clock));
            guest.lock.lock();
            guest.clock.start();
            guest.lock.unlock();
            guest.negotiate(guest.offered());
            DriverQueue queue = guest.queue(0, 8, guest.offered());
            guest.driverOk();
            long a = guest.allocate(64, 16);
            assertThat(queue.run(Buffer.in(a, 64))).isEqualTo(64);
            assertThat(queue.run(Buffer.in(a, 64))).isLessThanOrEqualTo(64);
            assertThat(queue.run(Buffer.in(a, 64))).isPositive();
        }
    }
}
