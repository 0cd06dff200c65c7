package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.IpAddress;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DatagramsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static DatagramSocket socket() throws Exception {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static DatagramPacket receive(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return packet;
    }

    private static byte[] content(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static byte[] data(byte[] datagram) {
        return Arrays.copyOfRange(datagram, 8, datagram.length);
    }

    @Test
    void aDatagramReachesTheHostAndTheAnswerComesFromWhereItWasSent() throws Exception {
        try (Guest guest = Guest.with();
                DatagramSocket host = socket()) {
            guest.send(Guest.udp(Guest.IP, 5000, Guest.HOST, host.getLocalPort(), "ping".getBytes()));
            guest.turn();
            DatagramPacket got = receive(host);
            assertThat(content(got)).isEqualTo("ping".getBytes());
            host.send(new DatagramPacket("pong".getBytes(), 4, got.getSocketAddress()));
            byte[] frame = guest.next(f -> Guest.isIp(f));
            Guest.checkTransport(frame);
            assertThat(Guest.source(frame)).isEqualTo(Guest.HOST);
            byte[] answer = Guest.payload(frame);
            assertThat(u16(answer, 0)).isEqualTo(host.getLocalPort());
            assertThat(u16(answer, 2)).isEqualTo(5000);
            assertThat(data(answer)).isEqualTo("pong".getBytes());
        }
    }

    @Test
    void onePortOfTheGuestTalksToManyPeersFromOneSocket() throws Exception {
        try (Guest guest = Guest.with();
                DatagramSocket one = socket();
                DatagramSocket two = socket();
                DatagramSocket stranger = socket()) {
            guest.send(Guest.udp(Guest.IP, 5000, Guest.HOST, one.getLocalPort(), new byte[] {1}));
            guest.send(Guest.udp(Guest.IP, 5000, Guest.HOST, two.getLocalPort(), new byte[] {2}));
            guest.turn();
            DatagramPacket first = receive(one);
            DatagramPacket second = receive(two);
            assertThat(first.getPort()).isEqualTo(second.getPort());
            // Now that it is open to several, it is open to all.
            stranger.send(new DatagramPacket(new byte[] {3}, 1, first.getSocketAddress()));
            assertThat(u16(guest.next(Guest.UDP), 0)).isEqualTo(stranger.getLocalPort());
        }
    }

    @Test
    void aPortWhereNobodyListensIsReportedUnreachable() throws Exception {
        int closed;
        try (DatagramSocket socket = socket()) {
            closed = socket.getLocalPort();
        }
        try (Guest guest = Guest.with()) {
            byte[] sent = Guest.udp(Guest.IP, 5000, Guest.HOST, closed, "x".getBytes());
            guest.send(sent);
            byte[] frame = guest.next(f -> Guest.isIp(f));
            Guest.checkTransport(frame);
            byte[] error = Guest.payload(frame);
            assertThat(u16(error, 0)).as("type 3, code 3").isEqualTo(0x0303);
            assertThat(Arrays.copyOfRange(error, 8, 36)).isEqualTo(Arrays.copyOfRange(sent, 14, 42));
            byte[] sent6 = Guest.udp(Guest.IP6, 5000, Guest.HOST6, closed, "x".getBytes());
            guest.send(sent6);
            byte[] frame6 = guest.next(f -> u16(f, 12) == 0x86dd && Guest.protocol(f) == Guest.ICMPV6);
            Guest.checkTransport(frame6);
            assertThat(u16(Guest.payload(frame6), 0)).as("type 1, code 4").isEqualTo(0x0104);
        }
    }

    @Test
    void longDatagramsAreCutAndPutTogetherInBothDirections() throws Exception {
        byte[] content = new byte[20_000];
        new Random(1).nextBytes(content);
        try (Guest guest = Guest.with();
                DatagramSocket host = socket()) {
            byte[] whole = Guest.udp(Guest.IP, 5000, Guest.HOST, host.getLocalPort(), content);
            byte[] datagram = Arrays.copyOfRange(whole, 34, whole.length);
            int[] order = {3, 0, 2, 5, 1, 4, 6, 7, 8, 9, 10, 11, 12, 13};
            int piece = 1480;
            for (int i : order) {
                int from = i * piece;
                int to = Math.min(datagram.length, from + piece);
                if (from < to) {
                    int flags = from / 8 | (to < datagram.length ? 0x2000 : 0);
                    guest.send(Guest.ip(
                            Guest.IP, Guest.HOST, Guest.UDP, Arrays.copyOfRange(datagram, from, to), 64, 9, flags));
                }
            }
            guest.turn();
            DatagramPacket got = receive(host);
            assertThat(content(got)).isEqualTo(content);
            host.send(new DatagramPacket(content, content.length, got.getSocketAddress()));
            byte[] back = new byte[8 + content.length];
            int seen = 0;
            while (seen < back.length) {
                byte[] frame = guest.next(f -> Guest.isIp(f) && Guest.protocol(f) == Guest.UDP);
                assertThat(frame.length).isLessThanOrEqualTo(1514);
                byte[] part = Guest.payload(frame);
                System.arraycopy(part, 0, back, (u16(frame, 20) & 0x1fff) * 8, part.length);
                seen += part.length;
            }
            assertThat(data(back)).isEqualTo(content);
        }
    }

    @Test
    void aForwardedPortOfTheHostLeadsIntoTheGuestAndBack() throws Exception {
        try (Guest guest = Guest.with("hostfwd=udp:127.0.0.1:0-:7");
                DatagramSocket peer = socket()) {
            guest.send(ArpTest.request(Guest.IP, Guest.HOST));
            int port = guest.stack.connections().getFirst().sourcePort();
            guest.turn();
            peer.send(new DatagramPacket("hi".getBytes(), 2, new InetSocketAddress(LOOPBACK, port)));
            byte[] datagram = guest.next(Guest.UDP);
            assertThat(u16(datagram, 0)).isEqualTo(peer.getLocalPort());
            assertThat(u16(datagram, 2)).isEqualTo(7);
            guest.send(Guest.udp(Guest.IP, 7, Guest.HOST, peer.getLocalPort(), "ho".getBytes()));
            guest.turn();
            DatagramPacket answer = receive(peer);
            assertThat(answer.getPort()).isEqualTo(port);
            assertThat(content(answer)).isEqualTo("ho".getBytes());
        }
    }

    @Test
    void theNameServersAddressLeadsToTheHostsNameServer(@TempDir Path folder) throws Exception {
        // No test may have port 53: the address is what is tested, and any port of it is passed on.
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress("127.0.0.77", 0))) {
            server.setSoTimeout(10_000);
            Path file =
                    Files.writeString(folder.resolve("resolv.conf"), "# comment\nsearch x\nnameserver 127.0.0.77\n");
            try (Guest guest = new Guest(UserOptions.defaults(), file)) {
                guest.send(Guest.udp(Guest.IP, 5000, Guest.DNS, server.getLocalPort(), "query".getBytes()));
                guest.turn();
                DatagramPacket query = receive(server);
                server.send(new DatagramPacket("answer".getBytes(), 6, query.getSocketAddress()));
                byte[] frame = guest.next(f -> Guest.isIp(f));
                assertThat(Guest.source(frame)).isEqualTo(Guest.DNS);
                assertThat(data(Guest.payload(frame))).isEqualTo("answer".getBytes());
            }
        }
    }

    @Test
    void flowsAreForgottenAfterFourMinutes() throws Exception {
        try (Guest guest = Guest.with();
                DatagramSocket host = socket()) {
            guest.send(Guest.udp(Guest.IP, 5000, Guest.HOST, host.getLocalPort(), new byte[] {1}));
            guest.turn();
            assertThat(guest.stack.connections()).hasSize(1);
            guest.pass(200_000_000_000L);
            assertThat(guest.stack.connections().getFirst().state()).matches("(39|40) sec");
            guest.pass(41_000_000_000L);
            assertThat(guest.stack.connections()).isEmpty();
        }
    }

    @Test
    void aThousandPortsOfTheGuestUseAtMostAsManySocketsAsAreAllowed() throws Exception {
        try (Guest guest = Guest.with();
                DatagramSocket host = socket()) {
            for (int port = 2000; port < 3000; port++) {
                guest.send(Guest.udp(Guest.IP, port, Guest.HOST, host.getLocalPort(), new byte[] {1}));
                guest.turn();
            }
            assertThat(guest.stack.connections()).hasSizeLessThanOrEqualTo(512);
        }
    }

    @Test
    void theGatewayAnswersEcho() throws Exception {
        try (Guest guest = Guest.with()) {
            guest.send(Guest.echo(Guest.IP, Guest.HOST, 1, 2, "abcd".getBytes()));
            guest.turn();
            byte[] frame = guest.frames.poll();
            Guest.checkTransport(frame);
            assertThat(Guest.source(frame)).isEqualTo(Guest.HOST);
            byte[] reply = Guest.payload(frame);
            assertThat(u8(reply, 0)).isZero();
            assertThat(data(reply)).isEqualTo("abcd".getBytes());
            guest.send(Guest.echo(Guest.IP6, Guest.HOST6, 1, 2, "abcd".getBytes()));
            guest.turn();
            byte[] frame6 = guest.frames.poll();
            Guest.checkTransport(frame6);
            assertThat(u8(Guest.payload(frame6), 0)).isEqualTo(129);
        }
    }

    @Test
    void aPacketThatHasLivedItsLifeIsReportedSoThatTracerouteWorks() throws Exception {
        try (Guest guest = Guest.with()) {
            IpAddress far = IpAddress.parse("198.51.100.1");
            byte[] frame = Guest.udp(Guest.IP, 5000, far, 33434, new byte[4]);
            guest.send(Guest.ip(Guest.IP, far, Guest.UDP, Guest.payload(frame), 1, 1, 0));
            guest.turn();
            byte[] answer = guest.frames.poll();
            assertThat(Guest.source(answer)).isEqualTo(Guest.HOST);
            assertThat(u8(Guest.payload(answer), 0)).isEqualTo(11);
        }
    }

    @Test
    void fragmentsThatOverlapAreDropped() throws Exception {
        try (Guest guest = Guest.with();
                DatagramSocket host = socket()) {
            byte[] whole = Guest.udp(Guest.IP, 5000, Guest.HOST, host.getLocalPort(), new byte[100]);
            byte[] datagram = Arrays.copyOfRange(whole, 34, whole.length);
            guest.send(Guest.ip(Guest.IP, Guest.HOST, Guest.UDP, Arrays.copyOf(datagram, 64), 64, 1, 0x2000));
            guest.send(Guest.ip(Guest.IP, Guest.HOST, Guest.UDP, Arrays.copyOfRange(datagram, 56, 108), 64, 1, 56 / 8));
            guest.turn();
            assertThat(guest.stack.connections()).isEmpty();
        }
    }

    @Test
    void aRestrictedGuestReachesNothing() throws Exception {
        try (Guest guest = Guest.with("restrict=on");
                DatagramSocket host = socket()) {
            guest.send(Guest.udp(Guest.IP, 5000, Guest.HOST, host.getLocalPort(), new byte[] {1}));
            guest.send(Guest.udp(Guest.IP, 5000, Guest.DNS, 53, new byte[] {1}));
            guest.turn();
            assertThat(guest.frames).isEmpty();
            assertThat(guest.stack.connections()).isEmpty();
            byte[] syn = Guest.tcp(Guest.IP, 4000, Guest.HOST, 22, 100, 0, 2, 1000, new byte[0], new byte[0]);
            guest.send(syn);
            guest.turn();
            byte[] reset = Guest.payload(guest.frames.poll());
            assertThat(u8(reset, 13)).isEqualTo(0x14);
        }
    }

    @Test
    void theRouterAdvertisesItselfItsPrefixAndItsNameServer() throws Exception {
        try (Guest guest = Guest.with()) {
            IpAddress own = IpAddress.parse("fe80::5054:ff:fe12:3456");
            IpAddress routers = IpAddress.parse("ff02::2");
            byte[] solicitation = new byte[8];
            solicitation[0] = (byte) 133;
            guest.send(Guest.withChecksum(own, routers, Guest.ICMPV6, solicitation, 2));
            guest.turn();
            byte[] frame = guest.frames.poll();
            Guest.checkTransport(frame);
            assertThat(Guest.source(frame)).hasToString("fe80::2");
            byte[] advertisement = Guest.payload(frame);
            // What the reference sends up to the prefix, then the name server.
            assertThat(java.util.HexFormat.of().formatHex(advertisement, 4, 56))
                    .isEqualTo("40000708" + "0000000000000000" + "0101525600000002" + "030440c0000151800000384000000000"
                            + "fec00000000000000000000000000000");
            assertThat(u16(advertisement, 56)).isEqualTo(0x1903);
            assertThat(IpAddress.read6(advertisement, 64)).hasToString("fec0::3");
        }
    }

    @Test
    void neighbourSolicitationsForOurAddressesAreAnswered() throws Exception {
        try (Guest guest = Guest.with()) {
            IpAddress own = IpAddress.parse("fe80::5054:ff:fe12:3456");
            for (String target : new String[] {"fec0::2", "fec0::3", "fe80::2", "fec0::77"}) {
                byte[] solicitation = new byte[24];
                solicitation[0] = (byte) 135;
                IpAddress.parse(target).write(solicitation, 8);
                IpAddress group = IpAddress.parse("ff02::1:ff00:2");
                guest.send(Guest.withChecksum(own, group, Guest.ICMPV6, solicitation, 2));
                guest.turn();
                byte[] frame = guest.frames.poll();
                if (target.equals("fec0::77")) {
                    assertThat(frame).isNull();
                } else {
                    byte[] advertisement = Guest.payload(frame);
                    assertThat(u8(advertisement, 0)).isEqualTo(136);
                    assertThat(IpAddress.read6(advertisement, 8)).hasToString(target);
                    assertThat(u16(advertisement, 24)).isEqualTo(0x0201);
                }
            }
        }
    }

    @Test
    void aDatagramWithAWrongChecksumIsDropped() throws Exception {
        try (Guest guest = Guest.with()) {
            byte[] frame = Guest.udp(Guest.IP, 5000, Guest.HOST, 9999, new byte[10]);
            put16(frame, 40, u16(frame, 40) ^ 1);
            guest.send(frame);
            guest.turn();
            assertThat(guest.stack.connections()).isEmpty();
        }
    }
}
