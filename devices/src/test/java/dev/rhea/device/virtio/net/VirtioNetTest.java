package dev.rhea.device.virtio.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.net.FakeNetwork;
import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioGuest;
import dev.rhea.machine.device.PropertyValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VirtioNetTest {
    private static final byte[] MAC = {0x52, 0x54, 0, 0x12, 0x34, 0x56};

    private static final class Driver implements AutoCloseable {
        final VirtioGuest guest;
        final FakeNetwork network = new FakeNetwork();
        final DriverQueue receive;
        final DriverQueue transmit;
        final DriverQueue control;
        final int header;
        final VirtioNet card;

        Driver(boolean legacy, boolean packed, boolean merge) throws Exception {
            guest = new VirtioGuest(legacy);
            card = new VirtioNet(
                    NetOptions.of(new PropertyValues(
                            "virtio-net-device",
                            NetOptions.PROPERTIES,
                            Map.of("packed", packed ? "on" : "off", "mrg_rxbuf", merge ? "on" : "off"))),
                    MAC,
                    network);
            guest.plug(card);
            long features = guest.offered();
            assertThat(guest.negotiate(features)).isTrue();
            receive = guest.queue(0, 64, features);
            transmit = guest.queue(1, 64, features);
            control = guest.queue(2, 64, features);
            guest.driverOk();
            header = legacy && !merge ? 10 : 12;
        }

        int command(int type, int command, byte... data) {
            long status = guest.put(new byte[] {99});
            List<Buffer> buffers = new ArrayList<>();
            buffers.add(Buffer.out(guest.put(new byte[] {(byte) type, (byte) command}), 2));
            if (data.length > 0) {
                buffers.add(Buffer.out(guest.put(data), data.length));
            }
            buffers.add(Buffer.in(status, 1));
            control.run(buffers.toArray(Buffer[]::new));
            return guest.get(status, 1)[0];
        }

        @Override
        public void close() {
            guest.close();
        }
    }

    private static byte[] frame(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        System.arraycopy(MAC, 0, bytes, 0, 6);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"true,false,true", "true,false,false", "false,false,true", "false,false,false", "false,true,true"})
    void framesPassInBothDirections(boolean legacy, boolean packed, boolean merge) throws Exception {
        try (Driver driver = new Driver(legacy, packed, merge)) {
            VirtioGuest guest = driver.guest;
            for (int i = 0; i < 200; i++) {
                byte[] out = frame(60 + i * 7, i);
                long header = guest.allocate(driver.header, 16);
                driver.transmit.run(Buffer.out(header, driver.header), Buffer.out(guest.put(out), out.length));
                assertThat(driver.network.takeSent()).isEqualTo(out);

                byte[] in = frame(60 + i * 5, ~i);
                long buffer = guest.allocate(2048, 16);
                driver.receive.add(List.of(Buffer.in(buffer, 2048)));
                driver.receive.kick();
                assertThat(driver.network.deliver(in)).isTrue();
                assertThat(driver.receive.await().written()).isEqualTo(driver.header + in.length);
                assertThat(guest.get(buffer + driver.header, in.length)).isEqualTo(in);
                if (driver.header == 12) {
                    assertThat(guest.get(buffer + 10, 2)).containsExactly(1, 0);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void aLongFrameTakesSeveralBuffersIfTheyMerge(boolean packed) throws Exception {
        try (Driver driver = new Driver(false, packed, true)) {
            byte[] in = frame(3000, 1);
            List<Long> buffers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                buffers.add(driver.guest.allocate(1024, 16));
                driver.receive.add(List.of(Buffer.in(buffers.get(i), 1024)));
            }
            assertThat(driver.network.deliver(in)).as("two buffers are too few").isFalse();
            buffers.add(driver.guest.allocate(1024, 16));
            driver.receive.add(List.of(Buffer.in(buffers.get(2), 1024)));
            driver.receive.kick();
            driver.network.awaitResumed();
            assertThat(driver.network.deliver(in)).isTrue();
            byte[] got = new byte[3012];
            int at = 0;
            for (int i = 0; i < 3; i++) {
                int written = (int) driver.receive.await().written();
                System.arraycopy(driver.guest.get(buffers.get(i), written), 0, got, at, written);
                at += written;
            }
            assertThat(at).isEqualTo(3012);
            assertThat(got[10]).isEqualTo((byte) 3);
            assertThat(Arrays.copyOfRange(got, 12, 3012)).isEqualTo(in);
        }
    }

    @Test
    void aReceiverTakesOnlyWhatItsFilterLetsThrough() throws Exception {
        try (Driver driver = new Driver(false, false, true)) {
            assertThat(driver.command(0, 0, (byte) 0)).as("not promiscuous").isZero();
            byte[] other = frame(60, 5);
            other[5] = 0x57;
            byte[] multicast = frame(60, 6);
            multicast[0] = 0x33;
            // No buffer is there: what is wanted is refused, what is not wanted counts as taken.
            assertThat(driver.network.deliver(frame(60, 7))).isFalse();
            assertThat(driver.network.deliver(other)).isTrue();
            assertThat(driver.network.deliver(multicast)).isTrue();
            assertThat(driver.command(0, 1, (byte) 1)).as("all multicast").isZero();
            assertThat(driver.network.deliver(multicast)).isFalse();
            byte[] table = new byte[4 + 6 + 4];
            table[0] = 1;
            System.arraycopy(other, 0, table, 4, 6);
            assertThat(driver.command(1, 0, table)).isZero();
            assertThat(driver.network.deliver(other)).isFalse();
            byte[] tagged = frame(60, 9);
            tagged[12] = (byte) 0x81;
            tagged[13] = 0;
            tagged[14] = 0;
            tagged[15] = 42;
            assertThat(driver.network.deliver(tagged)).isTrue();
            assertThat(driver.command(2, 0, (byte) 42, (byte) 0)).isZero();
            assertThat(driver.network.deliver(tagged)).isFalse();
            assertThat(driver.command(1, 1, other[0], other[1], other[2], other[3], other[4], other[5]))
                    .isZero();
            assertThat(driver.card.macAddress()).isEqualTo("52:54:00:12:34:57");
            assertThat(driver.command(9, 0)).isEqualTo(1);
        }
    }

    @Test
    void theGuestSeesTheLinkAndIsAskedToAnnounceItself() throws Exception {
        try (Driver driver = new Driver(false, false, true)) {
            VirtioGuest guest = driver.guest;
            assertThat(guest.config(6, 2)).isEqualTo(1);
            guest.lock.lock();
            driver.card.setLink(false);
            driver.card.announce();
            guest.lock.unlock();
            assertThat(guest.awaitInterrupt()).isEqualTo(2);
            assertThat(guest.config(6, 2)).isEqualTo(2);
            assertThat(driver.command(3, 0)).isZero();
            assertThat(guest.config(6, 2)).isZero();
        }
    }
}
