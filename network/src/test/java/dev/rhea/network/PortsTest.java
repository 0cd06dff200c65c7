package dev.rhea.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PortsTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** A card that keeps what it gets, and has room for a number of frames. */
    private static final class Card implements Receiver {
        final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
        volatile int room = Integer.MAX_VALUE;

        @Override
        public boolean receive(byte[] frame, int offset, int length) {
            if (frames.size() >= room) {
                return false;
            }
            frames.add(Arrays.copyOfRange(frame, offset, offset + length));
            return true;
        }

        byte[] next() throws InterruptedException {
            byte[] frame = frames.poll(30, TimeUnit.SECONDS);
            assertThat(frame).as("a frame").isNotNull();
            return frame;
        }
    }

    private static byte[] frame(int number) {
        byte[] frame = new byte[60 + number % 1400];
        Arrays.fill(frame, (byte) number);
        frame[0] = 0;
        frame[1] = (byte) (number >> 8);
        frame[2] = (byte) number;
        return frame;
    }

    private static void send(Port port, byte[] frame) {
        port.send(frame, 0, frame.length);
    }

    /** Sends until something arrives: a peer that is not connected yet is a cable that is not plugged in. */
    private static void untilConnected(Port from, Card to) throws InterruptedException {
        while (to.frames.isEmpty()) {
            send(from, new byte[] {(byte) 0xff});
            byte[] first = to.frames.poll(10, TimeUnit.MILLISECONDS);
            if (first != null) {
                to.frames.add(first);
            }
        }
    }

    private static void exchange(Port one, Port two) throws InterruptedException {
        Card first = new Card();
        Card second = new Card();
        one.connect(first);
        two.connect(second);
        untilConnected(one, second);
        untilConnected(two, first);
        for (int i = 0; i < 200; i++) {
            send(one, frame(i));
            send(two, frame(i + 1000));
        }
        for (int i = 0; i < 200; i++) {
            assertThat(skip(second)).isEqualTo(frame(i));
            assertThat(skip(first)).isEqualTo(frame(i + 1000));
        }
    }

    private static byte[] skip(Card card) throws InterruptedException {
        byte[] frame = card.next();
        while (frame.length == 1) {
            frame = card.next();
        }
        return frame;
    }

    @Test
    void twoStreamPortsAreACableOverTcp() throws Exception {
        try (StreamPort server = StreamPort.listen(new InetSocketAddress(LOOPBACK, 0));
                StreamPort client = StreamPort.connect(server.address(), 0)) {
            exchange(server, client);
        }
    }

    @Test
    void twoStreamPortsAreACableOverAUnixSocket(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("cable"));
        try (StreamPort server = StreamPort.listen(address);
                StreamPort client = StreamPort.connect(address, 0)) {
            exchange(server, client);
        }
    }

    @Test
    void framesOnAStreamStandAfterTheirLength() throws Exception {
        try (StreamPort server = StreamPort.listen(new InetSocketAddress(LOOPBACK, 0))) {
            Card card = new Card();
            server.connect(card);
            try (Socket socket = new Socket(LOOPBACK, ((InetSocketAddress) server.address()).getPort())) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeInt(60);
                out.write(frame(0));
                out.flush();
                assertThat(card.next()).isEqualTo(frame(0));
                send(server, frame(5));
                DataInputStream in = new DataInputStream(socket.getInputStream());
                assertThat(in.readInt()).isEqualTo(65);
                assertThat(in.readNBytes(65)).isEqualTo(frame(5));
                // Nonsense ends the connection, and only that.
                out.writeInt(Integer.MAX_VALUE);
                out.flush();
                assertThat(in.read()).isEqualTo(-1);
            }
            try (Socket next = new Socket(LOOPBACK, ((InetSocketAddress) server.address()).getPort())) {
                DataOutputStream out = new DataOutputStream(next.getOutputStream());
                out.writeInt(60);
                out.write(frame(0));
                out.flush();
                assertThat(card.next()).isEqualTo(frame(0));
            }
        }
    }

    @Test
    void aCardWithoutRoomStopsAStreamAndGetsEverythingLater() throws Exception {
        try (StreamPort server = StreamPort.listen(new InetSocketAddress(LOOPBACK, 0));
                Socket socket = new Socket(LOOPBACK, ((InetSocketAddress) server.address()).getPort())) {
            Card card = new Card();
            card.room = 10;
            server.connect(card);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (int i = 0; i < 100; i++) {
                out.writeInt(frame(i).length);
                out.write(frame(i));
            }
            out.flush();
            for (int i = 0; i < 100; i++) {
                assertThat(card.next()).isEqualTo(frame(i));
                server.resume();
            }
        }
    }

    @Test
    void twoDatagramPortsAreACable() throws Exception {
        InetSocketAddress one;
        InetSocketAddress two;
        try (var a = new java.net.DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
                var b = new java.net.DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
            one = new InetSocketAddress(LOOPBACK, a.getLocalPort());
            two = new InetSocketAddress(LOOPBACK, b.getLocalPort());
        }
        try (DatagramPort first = DatagramPort.udp(one, two);
                DatagramPort second = DatagramPort.udp(two, one)) {
            Card card = new Card();
            second.connect(card);
            untilConnected(first, card);
            send(first, frame(7));
            assertThat(skip(card)).isEqualTo(frame(7));
        }
    }

    @Test
    void allWhoJoinAGroupHearEachOther() throws Exception {
        NetworkInterface loopback = NetworkInterface.getByInetAddress(LOOPBACK);
        assumeThat(loopback).isNotNull();
        InetSocketAddress group = new InetSocketAddress("239.255.77.1", 17_099);
        try (DatagramPort one = DatagramPort.multicast(group, LOOPBACK);
                DatagramPort two = DatagramPort.multicast(group, LOOPBACK)) {
            Card card = new Card();
            two.connect(card);
            untilConnected(one, card);
            send(one, frame(3));
            assertThat(skip(card)).isEqualTo(frame(3));
        }
    }

    @Test
    void whatOnePortOfAHubSendsAllOthersGet() throws Exception {
        try (Hub hub = new Hub();
                Port one = hub.port();
                Port two = hub.port();
                Port three = hub.port()) {
            Card[] cards = {new Card(), new Card(), new Card()};
            one.connect(cards[0]);
            two.connect(cards[1]);
            three.connect(cards[2]);
            send(one, frame(1));
            assertThat(cards[1].next()).isEqualTo(frame(1));
            assertThat(cards[2].next()).isEqualTo(frame(1));
            send(three, frame(2));
            assertThat(cards[0].next()).isEqualTo(frame(2));
            assertThat(cards[1].next()).isEqualTo(frame(2));
            assertThat(cards[2].frames).isEmpty();
        }
    }

    @Test
    void betweenTwoMembersOfAHubNothingIsLostForWantOfRoom() throws Exception {
        try (Hub hub = new Hub();
                Port one = hub.port();
                Port two = hub.port()) {
            Card card = new Card();
            card.room = 5;
            two.connect(card);
            for (int i = 0; i < 300; i++) {
                send(one, frame(i));
            }
            for (int i = 0; i < 300; i++) {
                assertThat(card.next()).isEqualTo(frame(i));
                two.resume();
            }
        }
    }

    @Test
    void networksMeetInAHub() throws Exception {
        try (Hub hub = new Hub();
                StreamPort server = StreamPort.listen(new InetSocketAddress(LOOPBACK, 0));
                StreamPort client = StreamPort.connect(server.address(), 0);
                Port port = hub.port()) {
            hub.attach(server);
            exchange(port, client);
        }
    }

    @Test
    void aCaptureIsAPcapFileOfWhatPassed(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("x.pcap");
        Clock clock = Clock.fixed(Instant.ofEpochSecond(1000, 2_000_000), ZoneOffset.UTC);
        try (Hub hub = new Hub();
                Port one = Capture.of(hub.port(), file, 64, clock);
                Port two = hub.port()) {
            Card card = new Card();
            two.connect(card);
            one.connect(new Card());
            send(one, frame(100));
            assertThat(card.next()).isEqualTo(frame(100));
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt()).isEqualTo(0xa1b2c3d4);
        assertThat(bytes.getInt()).isEqualTo(4 << 16 | 2);
        assertThat(bytes.getLong()).isZero();
        assertThat(bytes.getInt()).isEqualTo(64);
        assertThat(bytes.getInt()).isEqualTo(1);
        assertThat(bytes.getInt()).isEqualTo(1000);
        assertThat(bytes.getInt()).isEqualTo(2000);
        assertThat(bytes.getInt()).isEqualTo(64);
        assertThat(bytes.getInt()).isEqualTo(160);
        byte[] kept = new byte[64];
        bytes.get(kept);
        assertThat(kept).isEqualTo(Arrays.copyOf(frame(100), 64));
        assertThat(bytes.hasRemaining()).isFalse();
        assertThatThrownBy(() -> Capture.of(new Hub().port(), folder.resolve("none/x"), 64, clock))
                .hasMessage("net dump: can't open " + folder.resolve("none/x") + ": No such file or directory");
    }

    @Test
    void aTapIsAnInterfaceOfTheHostOrSaysWhyNot() throws Exception {
        TapPort tap;
        try {
            tap = TapPort.open("rheatest%d");
        } catch (NetdevException e) {
            assertThat(e).hasMessageMatching("could not (open|configure) /dev/net/tun.*: .+|tap needs a Linux host");
            return;
        }
        try (tap) {
            assertThat(tap.name()).matches("rheatest[0-9]+");
            assertThat(Path.of("/sys/class/net", tap.name())).exists();
            send(tap, frame(1)); // the interface is down: lost, but no error
        }
    }

    private static Map<String, List<String>> options(String text) {
        Map<String, List<String>> map = new java.util.HashMap<>();
        for (String option : text.split(",")) {
            if (!option.isEmpty()) {
                int at = option.indexOf('=');
                map.put(option.substring(0, at), List.of(option.substring(at + 1)));
            }
        }
        return map;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bogus | '' | Parameter 'type' does not accept value 'bogus'
            vde | '' | network backend 'vde' is not compiled into this binary
            socket | '' | exactly one of listen=, connect=, mcast= or udp= is required
            socket | listen=:1,connect=:2 | exactly one of listen=, connect=, mcast= or udp= is required
            socket | listen=bad | host address 'bad' doesn't contain ':' separating host from port
            socket | mcast=230.0.0.1 | host address '230.0.0.1' doesn't contain ':' separating host from port
            socket | mcast=10.0.0.1:1234 | specified mcastaddr 10.0.0.1 (0x0a000001) does not contain a multicast address
            socket | mcast=230.0.0.1:1234,localaddr=bad | localaddr 'bad' is not a valid IPv4 address
            socket | udp=127.0.0.1:1234 | localaddr= is mandatory with udp=
            socket | udp=bad,localaddr=127.0.0.1:1 | host address 'bad' doesn't contain ':' separating host from port
            socket | listen=:1236,localaddr=127.0.0.1:1 | localaddr= is only valid with mcast= or udp=
            stream | '' | Parameter 'addr' is missing
            stream | addr.type=inet | Parameter 'addr.host' is missing
            stream | addr.type=bogus | Parameter 'type' does not accept value 'bogus'
            dgram | '' | dgram requires local= parameter
            dgram | local.type=inet,local.host=127.0.0.1,local.port=1 | type=inet or type=unix requires remote parameter
            dgram | local.type=inet,local.host=127.0.0.1,local.port=1,remote.type=unix,remote.path=/x | remote and local types must be the same
            hubport | '' | Parameter 'hubid' is missing
            hubport | hubid=x | Parameter 'hubid' expects an int64 value
            tap | x=1 | Invalid parameter 'x'
            """)
    void whatIsNoNetworkIsToldInTheReferencesWords(String type, String text, String message) {
        assertThatThrownBy(() -> Netdev.parse(type, options(text))).hasMessage(message);
    }

    @Test
    void anAddressThatIsNotOursCannotBeListenedOn() throws Exception {
        Netdev netdev = Netdev.parse("socket", options("listen=192.0.2.77:1234"));
        assertThatThrownBy(() -> netdev.open(new Hubs()))
                .hasMessage("can't bind ip=192.0.2.77 to socket: Cannot assign requested address");
    }
}
