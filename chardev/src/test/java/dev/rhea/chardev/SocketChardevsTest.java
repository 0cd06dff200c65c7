package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.host.AbstractSocket;
import dev.rhea.host.Descriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketChardevsTest {
    private final BlockingQueue<String> messages = new ArrayBlockingQueue<>(100);
    private final RecordingFrontEnd guest = new RecordingFrontEnd();

    private Chardev open(String... keysAndValues) throws ChardevException {
        Map<String, String> values = new HashMap<>(Map.of("id", "x"));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return new ChardevOptions(values).open("x", messages::add);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int port(Chardev server) {
        String text = server.description().replaceAll(",server=on.*", "");
        return Integer.parseInt(text.substring(text.lastIndexOf(':') + 1));
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String read(Socket from, int length) throws IOException {
        return new String(from.getInputStream().readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aServerServesOneAfterAnother() throws Exception {
        try (Chardev server =
                open("backend", "socket", "host", "127.0.0.1", "port", "0", "server", "on", "wait", "off")) {
            assertThat(server.description()).matches("disconnected:tcp:127\\.0\\.0\\.1:\\d+,server=on");
            int port = port(server);
            server.attach(guest);
            assertThat(server.write(bytes("lost"), 0, 4)).isEqualTo(4);
            for (String text : new String[] {"one", "onetwo"}) {
                try (Socket client = connect(port)) {
                    guest.awaitEvent(ChardevEvent.OPENED);
                    assertThat(server.description())
                            .isEqualTo("tcp:127.0.0.1:" + port + ",server=on <-> 127.0.0.1:" + client.getLocalPort());
                    client.getOutputStream().write(bytes(text), text.length() - 3, 3);
                    guest.awaitReceived(text);
                    server.write(bytes("reply"), 0, 5);
                    assertThat(read(client, 5)).isEqualTo("reply");
                }
                guest.awaitEvent(ChardevEvent.CLOSED);
            }
        }
    }

    @Test
    void aServerThatWaitsReturnsConnected(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("s");
        CompletableFuture<Chardev> opening = CompletableFuture.supplyAsync(() -> {
            try {
                return open("backend", "socket", "path", path.toString(), "server", "on");
            } catch (ChardevException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(messages.poll(20, TimeUnit.SECONDS))
                .isEqualTo("info: waiting for a connection on: disconnected:unix:" + path + ",server=on");
        assertThat(opening).isNotDone();
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Chardev server = opening.get(20, TimeUnit.SECONDS)) {
            assertThat(server.connected()).isTrue();
            assertThat(server.description()).isEqualTo("unix:" + path + ",server=on");
            server.write(bytes("first"), 0, 5);
            ByteBuffer read = ByteBuffer.allocate(5);
            while (read.hasRemaining() && client.read(read) > 0) {}
            assertThat(read.array()).isEqualTo(bytes("first"));
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void whatWasAcceptedArrivesBeforeItCloses() throws Exception {
        byte[] much = new byte[50_000];
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Chardev client = open(
                    "backend", "socket", "host", "localhost", "port", "" + listening.getLocalPort(), "nodelay", "on");
            assertThat(client.write(much, 0, much.length)).isEqualTo(much.length);
            client.close();
            try (Socket accepted = listening.accept()) {
                accepted.setSoTimeout(20_000);
                assertThat(accepted.getInputStream().readAllBytes().length).isEqualTo(much.length);
            }
        }
    }

    @Test
    void aClientConnectsAgain() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Chardev client = open(
                        "backend",
                        "socket",
                        "host",
                        "127.0.0.1",
                        "port",
                        "" + listening.getLocalPort(),
                        "reconnect",
                        "1")) {
            client.attach(guest);
            try (Socket accepted = listening.accept()) {
                guest.awaitEvent(ChardevEvent.OPENED);
            }
            guest.awaitEvent(ChardevEvent.CLOSED);
            try (Socket accepted = listening.accept()) {
                guest.awaitEvent(ChardevEvent.OPENED);
                accepted.getOutputStream().write(bytes("again"));
                guest.awaitReceived("again");
            }
        }
    }

    @Test
    void aClientWhoseServerIsNotThereSaysSoOnce(@TempDir Path folder) throws Exception {
        String path = folder.resolve("s").toString();
        try (Chardev client = open("backend", "socket", "path", path, "reconnect", "1")) {
            assertThat(messages.poll(20, TimeUnit.SECONDS))
                    .isEqualTo("Unable to connect character device x: Failed to connect to '" + path
                            + "': No such file or directory");
            assertThat(client.description()).isEqualTo("disconnected:unix:" + path);
        }
        assertThat(messages).isEmpty();
    }

    @Test
    void aSocketLeftBehindIsReplacedAndAFileIsNot(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("s");
        try (var left = java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        open("backend", "socket", "path", path.toString(), "server", "on", "wait", "off")
                .close();
        Files.writeString(path, "precious");
        assertThatThrownBy(() -> open("backend", "socket", "path", path.toString(), "server", "on", "wait", "off"))
                .hasMessage("Failed to bind socket to " + path + ": Address already in use");
        assertThat(path).hasContent("precious");
    }

    @Test
    void abstractSocketsHaveNoFile() throws Exception {
        String name = "rhea-test-" + ProcessHandle.current().pid();
        try (Chardev server =
                open("backend", "socket", "path", name, "abstract", "on", "server", "on", "wait", "off")) {
            assertThat(server.description()).isEqualTo("disconnected:unix:" + name + ",abstract=on,tight=on,server=on");
            server.attach(guest);
            try (Descriptor client = AbstractSocket.connect(bytes(name), true)) {
                guest.awaitEvent(ChardevEvent.OPENED);
                client.write(bytes("hello"), 0, 5);
                guest.awaitReceived("hello");
                server.write(bytes("you"), 0, 3);
                byte[] read = new byte[3];
                assertThat(client.read(read, 0, 3)).isEqualTo(3);
                assertThat(read).isEqualTo(bytes("you"));
            }
            guest.awaitEvent(ChardevEvent.CLOSED);
        }
        assertThatThrownBy(() -> open("backend", "socket", "path", name, "abstract", "on"))
                .hasMessage("Failed to connect to '" + name + "': Connection refused");
    }

    @Test
    void telnetIsTakenOutOfTheData() throws Exception {
        try (Chardev server = open(
                "backend", "socket", "host", "127.0.0.1", "port", "0", "server", "on", "wait", "off", "telnet", "on")) {
            server.attach(guest);
            try (Socket client = connect(port(server))) {
                // What the reference was seen to send.
                assertThat(read(client, 12))
                        .isEqualTo("\u00ff\u00fb\u0001\u00ff\u00fb\u0003\u00ff\u00fb\u0000\u00ff\u00fd\u0000");
                client.getOutputStream()
                        .write(bytes("\u00ff\u00fd\u0003x\u00ff\u00ff\u00ff\u00fa\u0018abc\u00ff\u00f0y"));
                guest.awaitReceived("x\u00ffy");
                client.getOutputStream().write(bytes("\u00ff\u00f3"));
                guest.awaitEvent(ChardevEvent.BREAK);
                server.write(bytes("a\u00ffb"), 0, 3);
                assertThat(read(client, 4)).isEqualTo("a\u00ff\u00ffb");
            }
        }
    }

    @Test
    void whoLeavesWhileTheGuestDoesNotReadMakesWayForTheNext() throws Exception {
        try (Chardev server =
                open("backend", "socket", "host", "127.0.0.1", "port", "0", "server", "on", "wait", "off")) {
            guest.room(0);
            server.attach(guest);
            int port = port(server);
            try (Socket client = connect(port)) {
                guest.awaitEvent(ChardevEvent.OPENED);
                client.getOutputStream().write(1);
            }
            // The first write after that finds out, or the second.
            while (server.description().startsWith("tcp")) {
                server.write(bytes("."), 0, 1);
                Thread.onSpinWait();
            }
            guest.awaitEvent(ChardevEvent.CLOSED);
        }
    }

    @Test
    void datagramsGoBothWays() throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (DatagramChannel other = DatagramChannel.open().bind(new InetSocketAddress(here, 0))) {
            int port = ((InetSocketAddress) other.getLocalAddress()).getPort();
            try (UdpChardev udp = (UdpChardev)
                    open("backend", "udp", "host", "127.0.0.1", "port", "" + port, "localaddr", "127.0.0.1")) {
                guest.room(3);
                udp.attach(guest);
                other.send(ByteBuffer.wrap(bytes("datagram")), udp.local());
                guest.awaitReceived("dat");
                guest.room(100);
                udp.acceptInput();
                guest.awaitReceived("datagram");
                udp.write(bytes("reply"), 0, 5);
                ByteBuffer reply = ByteBuffer.allocate(10);
                assertThat(other.receive(reply)).isEqualTo(udp.local());
                assertThat(reply.position()).isEqualTo(5);
            }
        }
    }
}
