package dev.rhea.network.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.ByteStream;
import dev.rhea.network.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuestForwardTest {
    private static final IpAddress SERVER = IpAddress.parse("10.0.2.100");

    @Test
    void aCommandServesAConnection() throws Exception {
        try (Guest guest = Guest.with("restrict=on", "guestfwd=tcp:10.0.2.100:80-cmd:tr a-z A-Z")) {
            GuestSocket socket = new GuestSocket(guest, Guest.IP, 4000, SERVER, 80);
            socket.connect();
            socket.until(() -> socket.established);
            socket.write("hello".repeat(10_000).getBytes(), true);
            socket.until(() -> socket.peerFinished && socket.finAcknowledged);
            assertThat(socket.received.toString(StandardCharsets.US_ASCII)).isEqualTo("HELLO".repeat(10_000));
        }
    }

    /** Gives back what it gets. */
    private static final class Mirror implements ByteStream {
        private final ByteBuffer kept = ByteBuffer.allocate(1000);
        private Runnable ready = () -> {};
        private boolean reads;

        @Override
        public int read(ByteBuffer into) {
            kept.flip();
            int n = Math.min(kept.remaining(), into.remaining());
            into.put(kept.slice(0, n));
            kept.position(n);
            kept.compact();
            return n;
        }

        @Override
        public int write(ByteBuffer from) {
            int n = Math.min(kept.remaining(), from.remaining());
            kept.put(from.slice(from.position(), n));
            from.position(from.position() + n);
            ready.run();
            return n;
        }

        @Override
        public void await(boolean read, boolean write) {
            reads = read;
            ready.run();
        }

        @Override
        public void onReady(Runnable whom) {
            ready = whom;
            assertThat(reads).isFalse();
        }

        @Override
        public void shutdownOutput() {}

        @Override
        public void close() {}
    }

    @Test
    void aStreamOfSomebodyElseServesAConnection() throws Exception {
        try (Guest guest = Guest.with("guestfwd=tcp:10.0.2.100:80-console")) {
            GuestForward forward = Guest.options("guestfwd=tcp:10.0.2.100:80-console")
                    .guestForwards()
                    .getFirst();
            guest.stack.attach(forward, new Mirror());
            GuestSocket socket = new GuestSocket(guest, Guest.IP, 4000, SERVER, 80);
            socket.connect();
            socket.until(() -> socket.established);
            byte[] text = "mirror".repeat(1000).getBytes();
            socket.write(text, false);
            socket.until(() -> socket.receivedBytes == text.length);
            assertThat(socket.received.toByteArray()).isEqualTo(text);
        }
    }
}
