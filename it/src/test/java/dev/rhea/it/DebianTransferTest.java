package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Console;
import dev.rhea.board.Machine;
import dev.rhea.machine.RunState;
import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Much data through the network and onto the disk of a whole Debian, and back; the disk's file is only looked at. */
class DebianTransferTest {
    /** Nothing takes longer, on a busy host either. */
    private static final Duration LONG = Duration.ofMinutes(8);

    /** Bytes that go each way. */
    private static final int SIZE = 100_000_000;

    private static byte[] content() {
        byte[] bytes = new byte[SIZE];
        new Random(11).nextBytes(bytes);
        return bytes;
    }

    private static MessageDigest sha256() throws Exception {
        return MessageDigest.getInstance("SHA-256");
    }

    private static HttpServer serving(byte[] content) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            }
        });
        server.start();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Its drive keeps what is written to itself; connections to the port reach the guest's port 80. */
    private static Machine debian(Path disk, int port) throws Exception {
        return Machine.of("riscv64", "virt")
                .memory(1L << 30)
                .cpus(2)
                .kernel(Guests.kernel())
                .initrd(Guests.diskInitrd())
                .append("console=ttyS0 quiet root=/dev/vda")
                .drive(
                        "d0",
                        Drive.open(
                                DriveOptions.of(Map.of(
                                        "file",
                                        disk.toString(),
                                        "format",
                                        "raw",
                                        "if",
                                        "none",
                                        "id",
                                        "d0",
                                        "snapshot",
                                        "on")),
                                false))
                .device("virtio-blk-pci", "drive", "d0")
                .network(
                        "n0",
                        UserStack.open(UserOptions.parse(Map.of("hostfwd", List.of("tcp:127.0.0.1:" + port + "-:80")))))
                .device("virtio-net-pci", "netdev", "n0")
                .build();
    }

    @Test
    void hundredMegabytesComeInThroughTheNetworkAndGoOutAgainAndASnapshotsDiskStaysAsItWas(@TempDir Path folder)
            throws Exception {
        Path disk = folder.resolve("disk");
        Outcome copied = Command.of("cp", "--sparse=always", Guests.disk().toString(), disk.toString())
                .run();
        assertThat(copied.status()).as(copied.error()).isZero();
        byte[] content = content();
        String sum = HexFormat.of().formatHex(sha256().digest(content));
        HttpServer server = serving(content);
        int port = freePort();
        try (Machine vm = debian(disk, port)) {
            vm.start();
            Console console = vm.console();
            console.expect("login: ", LONG);
            console.type("root\n");
            console.expect("# ", LONG);
            console.type(
                    "/usr/lib/systemd/systemd-networkd-wait-online; cd /var/tmp; python3 -c 'import urllib.request;"
                            + " urllib.request.urlretrieve(\"http://10.0.2.2:"
                            + server.getAddress().getPort()
                            + "/\", \"data\")'; sync; echo 3 >/proc/sys/vm/drop_caches; sha256sum data\n");
            assertThat(console.expect(Pattern.compile("([0-9a-f]{64})  data"), LONG)
                            .group(1))
                    .isEqualTo(sum);
            console.type("python3 -um http.server 80 &\n");
            console.expect("Serving HTTP on", LONG);
            MessageDigest received = sha256();
            try (InputStream stream = new DigestInputStream(
                    URI.create("http://127.0.0.1:" + port + "/data").toURL().openStream(), received)) {
                assertThat(stream.transferTo(java.io.OutputStream.nullOutputStream()))
                        .isEqualTo(SIZE);
            }
            assertThat(HexFormat.of().formatHex(received.digest())).isEqualTo(sum);
            console.type("systemctl poweroff\n");
            assertThat(vm.awaitEnd(LONG).exitCode()).isZero();
            assertThat(vm.state()).isEqualTo(RunState.SHUTDOWN);
        } finally {
            server.stop(0);
        }
        Outcome compared =
                Command.of("cmp", Guests.disk().toString(), disk.toString()).run();
        assertThat(compared.status()).as(compared.output()).isZero();
    }
}
