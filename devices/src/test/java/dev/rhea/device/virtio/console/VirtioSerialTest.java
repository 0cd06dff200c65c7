package dev.rhea.device.virtio.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevEvent;
import dev.rhea.chardev.FrontEnd;
import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioGuest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VirtioSerialTest {
    /** A terminal that takes so many bytes at once, and then waits until the test goes on. */
    private static final class Terminal implements Chardev {
        final LinkedBlockingQueue<Byte> written = new LinkedBlockingQueue<>();
        final LinkedBlockingQueue<Integer> accepts = new LinkedBlockingQueue<>();
        volatile int room = Integer.MAX_VALUE;
        volatile @Nullable FrontEnd front;
        volatile boolean connected = true;

        @Override
        public String label() {
            return "terminal";
        }

        @Override
        public String description() {
            return "test";
        }

        @Override
        public void attach(FrontEnd frontEnd) {
            front = frontEnd;
            if (connected) {
                frontEnd.event(ChardevEvent.OPENED);
            }
        }

        @Override
        public void detach() {
            front = null;
        }

        @Override
        public boolean attached() {
            return front != null;
        }

        @Override
        public boolean connected() {
            return connected;
        }

        @Override
        public int write(byte[] data, int offset, int length) {
            int taken = Math.min(length, room);
            for (int i = 0; i < taken; i++) {
                written.add(data[offset + i]);
            }
            return taken;
        }

        @Override
        public void acceptInput() {
            accepts.add(1);
        }

        @Override
        public void close() {}

        String read(int bytes) throws InterruptedException {
            byte[] result = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                Byte next = written.poll(60, TimeUnit.SECONDS);
                assertThat(next).isNotNull();
                result[i] = next;
            }
            return new String(result, StandardCharsets.UTF_8);
        }
    }

    private final Map<Long, Long> buffers = new HashMap<>();

    private static void message(VirtioGuest guest, DriverQueue control, int id, int event, int value) {
        control.run(Buffer.out(guest.put(new byte[] {(byte) id, 0, 0, 0, (byte) event, 0, (byte) value, 0}), 8));
    }

    private String next(VirtioGuest guest, DriverQueue control) {
        DriverQueue.Used used = control.await();
        byte[] bytes = guest.get(buffers.remove((long) used.id()), (int) used.written());
        String name = used.written() > 8 ? " " + new String(bytes, 8, bytes.length - 9, StandardCharsets.UTF_8) : "";
        return bytes[0] + ":" + bytes[4] + "=" + bytes[6] + name;
    }

    private void offer(VirtioGuest guest, DriverQueue control, int count) {
        for (int i = 0; i < count; i++) {
            long at = guest.allocate(64, 16);
            buffers.put((long) control.add(List.of(Buffer.in(at, 64))), at);
        }
        control.kick();
    }

    @Test
    void aConsoleAndAPortAreToldOfAndCarryBytes() throws Exception {
        Terminal console = new Terminal();
        Terminal channel = new Terminal();
        channel.connected = false;
        try (VirtioGuest guest = new VirtioGuest(false)) {
            VirtioSerial device = new VirtioSerial(CommonOptions.DEFAULT, true, 31);
            assertThat(device.addPort(new PortOptions(true, "", PortOptions.AUTO), console))
                    .isZero();
            assertThat(device.addPort(new PortOptions(false, "org.rhea.0", PortOptions.AUTO), channel))
                    .isEqualTo(1);
            guest.plug(device);
            assertThat(guest.config(4, 4)).isEqualTo(31);
            long features = guest.offered();
            guest.negotiate(features);
            DriverQueue in0 = guest.queue(0, 16, features);
            DriverQueue out0 = guest.queue(1, 16, features);
            DriverQueue controlIn = guest.queue(2, 16, features);
            DriverQueue controlOut = guest.queue(3, 16, features);
            DriverQueue in1 = guest.queue(4, 16, features);
            DriverQueue out1 = guest.queue(5, 16, features);
            guest.driverOk();
            offer(guest, controlIn, 8);
            message(guest, controlOut, 0, 0, 1);
            assertThat(next(guest, controlIn)).isEqualTo("0:1=1");
            assertThat(next(guest, controlIn)).isEqualTo("1:1=1");
            message(guest, controlOut, 0, 3, 1);
            assertThat(next(guest, controlIn)).isEqualTo("0:4=1");
            assertThat(next(guest, controlIn)).isEqualTo("0:6=1");
            message(guest, controlOut, 1, 3, 1);
            assertThat(next(guest, controlIn)).isEqualTo("1:7=1 org.rhea.0");

            byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
            out0.run(Buffer.out(guest.put(hello), 5));
            assertThat(console.read(5)).isEqualTo("hello");

            long buffer = guest.allocate(16, 16);
            in0.add(List.of(Buffer.in(buffer, 3)));
            in0.add(List.of(Buffer.in(buffer + 3, 8)));
            in0.kick();
            FrontEnd front = console.front;
            assertThat(front.room()).as("the guest has not opened it").isZero();
            message(guest, controlOut, 0, 6, 1);
            assertThat(front.room()).isEqualTo(3);
            front.receive(hello, 0, 5);
            assertThat(in0.await().written()).isEqualTo(3);
            assertThat(in0.await().written()).isEqualTo(2);
            assertThat(guest.get(buffer, 5)).isEqualTo(hello);
            assertThat(front.room()).isZero();

            // Nobody is at the port's other end; then somebody comes.
            out1.run(Buffer.out(guest.put(hello), 5));
            assertThat(channel.written).isEmpty();
            channel.front.event(ChardevEvent.OPENED);
            assertThat(next(guest, controlIn)).isEqualTo("1:6=1");
            channel.room = 2;
            out1.add(List.of(Buffer.out(guest.put(hello), 5)));
            out1.kick();
            assertThat(channel.read(2)).isEqualTo("he");
            assertThat(out1.hasUsed()).isFalse();
            channel.room = 100;
            channel.front.writable();
            out1.await();
            assertThat(channel.read(3)).isEqualTo("llo");
            channel.front.event(ChardevEvent.CLOSED);
            assertThat(next(guest, controlIn)).isEqualTo("1:6=0");
            assertThat(in1.hasUsed()).isFalse();
        }
    }

    @Test
    void emergencyWritesNeedNoQueue() throws Exception {
        Terminal console = new Terminal();
        try (VirtioGuest guest = new VirtioGuest(false)) {
            VirtioSerial device = new VirtioSerial(CommonOptions.DEFAULT, true, 1);
            device.addPort(new PortOptions(true, "", PortOptions.AUTO), console);
            guest.plug(device);
            guest.setConfig(8, 4, '!');
            assertThat(console.read(1)).isEqualTo("!");
        }
    }

    @Test
    void portsHaveTheReferencesLimits() throws Exception {
        VirtioSerial device = new VirtioSerial(CommonOptions.DEFAULT, true, 3);
        device.addPort(new PortOptions(false, "", 2), null);
        assertThatThrownBy(() -> device.addPort(new PortOptions(false, "", 2), null))
                .hasMessage("virtio-serial-bus: A port already exists at id 2");
        assertThatThrownBy(() -> device.addPort(new PortOptions(false, "", 3), null))
                .hasMessage("virtio-serial-bus: Out-of-range port id specified, max. allowed: 2");
        device.addPort(new PortOptions(false, "", PortOptions.AUTO), null);
        assertThatThrownBy(() -> device.addPort(new PortOptions(false, "", PortOptions.AUTO), null))
                .hasMessage("virtio-serial-bus: Maximum port limit for this device reached");
    }
}
