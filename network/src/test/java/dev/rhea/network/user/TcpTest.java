package dev.rhea.network.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.wire.BigEndian;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static GuestSocket connect(Guest guest, int port) {
        GuestSocket socket = new GuestSocket(guest, Guest.IP, 4000, Guest.HOST, port);
        socket.connect();
        return socket;
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private interface Serving {
        void serve(Socket socket) throws IOException;
    }

    /** Serves one connection on a thread. */
    private static CompletableFuture<Void> serve(ServerSocket server, Serving serving) {
        return CompletableFuture.runAsync(
                () -> {
                    try (Socket socket = server.accept()) {
                        serving.serve(socket);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                },
                task -> new Thread(task).start());
    }

    @Test
    void bytesGoBothWaysAndBothEndsClose() throws Exception {
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> echo = serve(server, s -> {
                s.getOutputStream().write(s.getInputStream().readAllBytes());
            });
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.established);
            byte[] message = random(10_000, 1);
            socket.write(message, true);
            socket.until(() -> socket.peerFinished && socket.finAcknowledged);
            assertThat(socket.received.toByteArray()).isEqualTo(message);
            echo.join();
        }
    }

    @Test
    void aClosedPortOfTheHostResets() throws Exception {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            closed = server.getLocalPort();
        }
        try (Guest guest = Guest.with()) {
            GuestSocket socket = connect(guest, closed);
            socket.until(() -> socket.reset);
            assertThat(socket.established).isFalse();
        }
    }

    @Test
    void theHostsResetReachesTheGuest() throws Exception {
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> done = serve(server, s -> s.setSoLinger(true, 0));
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.reset);
            done.join();
        }
    }

    @Test
    void theGuestsResetReachesTheHost() throws Exception {
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> done = serve(server, s -> {
                try {
                    assertThat(s.getInputStream().read()).isEqualTo(-2);
                } catch (java.net.SocketException e) {
                    assertThat(e).hasMessageContaining("reset");
                }
            });
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.established);
            socket.transmit(socket.sendNext, GuestSocket.RST, new byte[0]);
            guest.until(done::isDone);
            done.join();
            assertThat(guest.stack.connections()).isEmpty();
        }
    }

    @Test
    void theHostsHalfCloseLeavesTheOtherHalfOpen() throws Exception {
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            byte[] late = random(5000, 2);
            CompletableFuture<Void> done = serve(server, s -> {
                s.shutdownOutput();
                assertThat(s.getInputStream().readAllBytes()).isEqualTo(late);
            });
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.peerFinished);
            socket.write(late, true);
            socket.until(() -> socket.finAcknowledged && done.isDone());
            done.join();
            assertThat(guest.stack.connections().getFirst().state()).isEqualTo("TIME_WAIT");
            guest.pass(5_000_000_000L);
            assertThat(guest.stack.connections()).isEmpty();
        }
    }

    @Test
    void aWindowThatTheGuestClosesIsProbedAndOpensAgain() throws Exception {
        byte[] content = random(300_000, 3);
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> done = serve(server, s -> {
                s.getOutputStream().write(content);
                s.shutdownOutput();
                assertThat(s.getInputStream().readNBytes(10)).hasSize(10);
            });
            GuestSocket socket = new GuestSocket(guest, Guest.IP, 4000, Guest.HOST, server.getLocalPort());
            socket.windowLimit = 4000;
            socket.connect();
            socket.until(() -> socket.receivedBytes >= 2000);
            socket.windowLimit = 0;
            socket.acknowledge();
            socket.pump();
            int before = socket.receiveNext;
            // Whatever was on its way is here; now only probes come, which we answer as a full receiver does.
            int[] probes = {0};
            while (probes[0] < 3) {
                guest.pass(1_000_000_000L);
                for (byte[] frame = guest.frames.poll(); frame != null; frame = guest.frames.poll()) {
                    byte[] segment = Guest.payload(frame);
                    assertThat(segment.length).isLessThanOrEqualTo(20 + 1460);
                    if (segment.length == 21) {
                        probes[0]++;
                        socket.acknowledge();
                    }
                }
            }
            assertThat(socket.receiveNext).isEqualTo(before);
            // What acknowledges the guest's own data meanwhile must lie where the guest still looks.
            socket.transmit(socket.sendNext, 0, new byte[10]);
            guest.turn();
            byte[] answer = Guest.payload(guest.frames.poll());
            assertThat(BigEndian.i32(answer, 8)).isEqualTo(socket.sendNext + 10);
            assertThat(BigEndian.i32(answer, 4)).isEqualTo(before);
            socket.sendUnacknowledged += 10;
            socket.sendNext += 10;
            socket.windowLimit = 1 << 20;
            socket.acknowledge();
            socket.until(() -> socket.peerFinished);
            assertThat(socket.received.toByteArray()).isEqualTo(content);
            done.join();
        }
    }

    @Test
    void aCardWithoutRoomStopsTheHostAndLosesNothing() throws Exception {
        byte[] content = random(30_000_000, 4);
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> done =
                    serve(server, s -> s.getOutputStream().write(content));
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.receivedBytes > 10_000);
            guest.room = false;
            for (int i = 0; i < 200; i++) {
                guest.turn();
            }
            assertThat(guest.frames).isEmpty();
            assertThat(done).isNotDone();
            guest.room = true;
            guest.stack.resume();
            socket.until(() -> socket.peerFinished);
            assertThat(socket.received.toByteArray()).isEqualTo(content);
            done.join();
        }
    }

    @Test
    void aHostThatReadsSlowlyClosesTheGuestsWindow() throws Exception {
        byte[] content = random(20_000_000, 5);
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> mayRead = new CompletableFuture<>();
            CompletableFuture<Void> done = serve(server, s -> {
                mayRead.join();
                assertThat(s.getInputStream().readAllBytes()).isEqualTo(content);
            });
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.established);
            socket.write(content, true);
            int[] last = {0};
            int[] same = {0};
            socket.until(() -> {
                same[0] = last[0] == socket.sendUnacknowledged ? same[0] + 1 : 0;
                last[0] = socket.sendUnacknowledged;
                return same[0] > 200;
            });
            assertThat(socket.allAcknowledged()).isFalse();
            mayRead.complete(null);
            socket.until(() -> socket.finAcknowledged && done.isDone());
            done.join();
        }
    }

    @Test
    void segmentsInAnyOrderBecomeOneStream() throws Exception {
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            byte[] content = random(60_000, 6);
            CompletableFuture<byte[]> got = new CompletableFuture<>();
            serve(server, s -> got.complete(s.getInputStream().readAllBytes()));
            GuestSocket socket = connect(guest, server.getLocalPort());
            socket.until(() -> socket.established);
            int base = socket.sendNext;
            Random random = new Random(7);
            // Overlapping pieces in random order, again and again, until all is acknowledged.
            while (true) {
                int from = random.nextInt(content.length);
                int length = Math.min(content.length - from, 1 + random.nextInt(1400));
                socket.sendNext = base + from;
                socket.transmit(base + from, 0, Arrays.copyOfRange(content, from, from + length));
                guest.turn();
                int acknowledged = base;
                for (byte[] frame = guest.frames.poll(); frame != null; frame = guest.frames.poll()) {
                    acknowledged = BigEndian.i32(Guest.payload(frame), 8);
                }
                if (acknowledged - base == content.length) {
                    break;
                }
                if (acknowledged - base > 0 && random.nextInt(4) == 0) {
                    int gap = acknowledged - base;
                    socket.transmit(
                            acknowledged, 0, Arrays.copyOfRange(content, gap, Math.min(content.length, gap + 1000)));
                }
            }
            socket.sendNext = base + content.length;
            socket.transmit(socket.sendNext, GuestSocket.FIN, new byte[0]);
            guest.until(got::isDone);
            assertThat(got.join()).isEqualTo(content);
        }
    }

    @Test
    void aForwardedPortOfTheHostLeadsIntoTheGuest() throws Exception {
        try (Guest guest = Guest.with("hostfwd=tcp:127.0.0.1:0-:22")) {
            int port = guest.stack.connections().getFirst().sourcePort();
            try (Socket outside = new Socket(LOOPBACK, port)) {
                // The guest is asked for first, since nobody has heard of it.
                byte[] question = guest.next(frame -> BigEndian.u16(frame, 12) == 0x806);
                guest.send(ArpTest.reply(question));
                byte[] syn = guest.next(frame -> Guest.isIp(frame) && Guest.protocol(frame) == Guest.TCP);
                assertThat(Guest.source(syn)).isEqualTo(Guest.HOST);
                int peerPort = BigEndian.u16(Guest.payload(syn), 0);
                assertThat(peerPort).isEqualTo(outside.getLocalPort());
                GuestSocket socket = new GuestSocket(guest, Guest.IP, 22, Guest.HOST, peerPort);
                socket.input(syn);
                outside.getOutputStream().write("hello".getBytes());
                socket.until(() -> socket.receivedBytes == 5);
                socket.write("welcome".getBytes(), true);
                outside.shutdownOutput();
                socket.until(() -> socket.peerFinished && socket.finAcknowledged);
                assertThat(outside.getInputStream().readAllBytes()).isEqualTo("welcome".getBytes());
                assertThat(socket.received.toString()).isEqualTo("hello");
            }
        }
    }

    @Test
    void theSameCodeServesIpv6() throws Exception {
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, InetAddress.ofLiteral("::1"))) {
            serve(server, s -> s.getOutputStream().write(s.getInputStream().readAllBytes()));
            GuestSocket socket = new GuestSocket(guest, Guest.IP6, 4000, Guest.HOST6, server.getLocalPort());
            socket.connect();
            socket.until(() -> socket.established);
            byte[] message = random(100_000, 8);
            socket.write(message, true);
            socket.until(() -> socket.peerFinished && socket.finAcknowledged);
            assertThat(socket.received.toByteArray()).isEqualTo(message);
        }
    }

    /** Loses, doubles and reorders frames. */
    static final class BadCable implements GuestSocket.Cable {
        private final Random random;
        private final ArrayDeque<byte[]> late = new ArrayDeque<>();

        BadCable(long seed) {
            random = new Random(seed);
        }

        @Override
        public void pass(byte[] frame, java.util.function.Consumer<byte[]> to) {
            int fate = random.nextInt(1000);
            if (fate < 3) {
                return;
            }
            if (fate < 8) {
                late.add(frame);
                return;
            }
            to.accept(frame);
            if (fate < 11) {
                to.accept(frame);
            }
            if (!late.isEmpty() && random.nextInt(4) == 0) {
                to.accept(late.poll());
            }
        }
    }

    private static long sum(byte[] bytes) {
        long sum = 0;
        for (byte b : bytes) {
            sum = sum * 31 + b;
        }
        return sum;
    }

    @Test
    void aHundredMegabytesReachTheHostOverABadCable() throws Exception {
        long seed = Long.getLong("rhea.seed", 20);
        byte[] content = random(100 << 20, seed);
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> done = serve(server, s -> {
                InputStream in = s.getInputStream();
                byte[] got = new byte[content.length];
                assertThat(in.readNBytes(got, 0, got.length)).isEqualTo(got.length);
                assertThat(in.read()).isEqualTo(-1);
                assertThat(Arrays.equals(got, content))
                        .as("-Drhea.seed=" + seed)
                        .isTrue();
            });
            GuestSocket socket = new GuestSocket(guest, Guest.IP, 4000, Guest.HOST, server.getLocalPort());
            socket.outgoing = new BadCable(seed);
            socket.connect();
            socket.until(() -> socket.established);
            socket.write(content, true);
            socket.until(() -> socket.finAcknowledged && done.isDone());
            done.join();
        }
    }

    @Test
    void aHundredMegabytesReachTheGuestOverABadCable() throws Exception {
        long seed = Long.getLong("rhea.seed", 21);
        byte[] content = random(100 << 20, seed);
        try (Guest guest = Guest.with();
                ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            CompletableFuture<Void> done = serve(server, s -> {
                OutputStream out = s.getOutputStream();
                out.write(content);
                s.shutdownOutput();
                assertThat(s.getInputStream().read()).isEqualTo(-1);
            });
            GuestSocket socket = new GuestSocket(guest, Guest.IP, 4000, Guest.HOST, server.getLocalPort());
            socket.keepReceived = false;
            BadCable incoming = new BadCable(seed);
            socket.outgoing = new BadCable(seed + 1);
            socket.connect();
            while (!socket.peerFinished) {
                guest.stack.loop().turn(guest.frames.isEmpty() ? 1_000_000 : 0);
                for (byte[] frame = guest.frames.poll(); frame != null; frame = guest.frames.poll()) {
                    incoming.pass(frame, socket::input);
                }
                socket.tick();
            }
            assertThat(socket.receivedBytes).isEqualTo(content.length);
            assertThat(socket.receivedSum).as("-Drhea.seed=" + seed).isEqualTo(sum(content));
            socket.write(new byte[0], true);
            socket.until(() -> done.isDone());
            done.join();
        }
    }
}
