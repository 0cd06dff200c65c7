package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Machine;
import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks and networks of machines. */
class DisksAndNetworkTest {
    @Test
    void disksAndNetworkReachTheHost(@TempDir Path folder) throws Exception {
        Path disk = folder.resolve("disk");
        byte[] content = new byte[4 << 20];
        new java.util.Random(7).nextBytes(content);
        Files.write(disk, content);
        Path script = folder.resolve("init");
        Files.writeString(
                script,
                "#!/bin/sh\n/bin/busybox --install -s /bin; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev\n"
                        + "while read -r name; do insmod /modules/$name.ko; done </modules/order\n"
                        + "sha256sum /dev/vda; dd if=/dev/vda of=/dev/vda bs=512 count=2 seek=4 conv=notrunc 2>/dev/null; sync\n"
                        + "ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.2.2\n"
                        + "(echo hello from inside; sleep 1) | nc -l -p 80\n"
                        + "echo DONE; poweroff -f\n");
        Path initrd = Guests.initrd(script, "virtio_blk", "virtio_net");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Machine vm = Machine.of("riscv64", "virt")
                .memory(256L << 20)
                .kernel(Guests.kernel())
                .initrd(initrd)
                .append("console=ttyS0 quiet")
                .drive("d0", Guests.rawDisk(disk))
                .device("virtio-blk-pci", "drive", "d0")
                .network(
                        "n0",
                        UserStack.open(UserOptions.parse(Map.of("hostfwd", List.of("tcp:127.0.0.1:" + port + "-:80")))))
                .device("virtio-net-pci", "netdev", "n0")
                .build()) {
            vm.start();
            String sum = vm.console()
                    .expect(Pattern.compile("([0-9a-f]{64})  /dev/vda"), GuestShell.LONG)
                    .group(1);
            assertThat(sum)
                    .isEqualTo(java.util.HexFormat.of()
                            .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                    .digest(content)));
            assertThat(greeting(port)).isEqualTo("hello from inside");
            vm.console().expect("DONE", GuestShell.LONG);
            vm.awaitEnd(GuestShell.LONG);
        }
        byte[] after = Files.readAllBytes(disk);
        System.arraycopy(content, 0, content, 2048, 1024);
        assertThat(after).isEqualTo(content);
    }

    /** What the guest's server says; it may not listen yet. */
    private static String greeting(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + GuestShell.LONG.toNanos();
        while (System.nanoTime() < deadline) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                String line = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
                if (!line.isEmpty()) {
                    return line;
                }
            } catch (IOException e) {
                // Refused, or reset by a guest that has no server yet.
            }
            Thread.sleep(50);
        }
        throw new IOException("nobody answers in the guest");
    }

    private static String sha256(InputStream stream) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] piece = new byte[1 << 16];
        for (int length = stream.read(piece); length >= 0; length = stream.read(piece)) {
            digest.update(piece, 0, length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void aHundredMegabytesComeThroughTheNetworkIntactEachWayAndASnapshotLeavesTheDiskAlone(@TempDir Path folder)
            throws Exception {
        Path disk = folder.resolve("disk");
        byte[] content = new byte[100 << 20];
        new Random(11).nextBytes(content);
        Files.write(disk, content);
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        Path script = folder.resolve("init");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(
                    script,
                    "#!/bin/sh\n/bin/busybox --install -s /bin; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev\n"
                            + "while read -r name; do insmod /modules/$name.ko; done </modules/order\n"
                            + "ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.2.2\n"
                            + "nc 10.0.2.2 " + server.getLocalPort() + " </dev/vda\n"
                            + "mkdir -p /tmp; (nc -l -p 80 >/dev/vda; sync; sha256sum /dev/vda >/tmp/sum) & sleep 1; echo LISTENING; wait\n"
                            + "cat /tmp/sum; poweroff -f\n");
            try (Machine vm = Machine.of("riscv64", "virt")
                    .memory(512L << 20)
                    .kernel(Guests.kernel())
                    .initrd(Guests.initrd(script, "virtio_blk", "virtio_net"))
                    .append("console=ttyS0 quiet")
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
                            UserStack.open(
                                    UserOptions.parse(Map.of("hostfwd", List.of("tcp:127.0.0.1:" + port + "-:80")))))
                    .device("virtio-net-pci", "netdev", "n0")
                    .build()) {
                vm.start();
                server.setSoTimeout((int) GuestShell.LONG.toMillis());
                try (Socket guest = server.accept()) {
                    assertThat(sha256(guest.getInputStream())).isEqualTo(sum);
                }
                vm.console().expect("LISTENING", GuestShell.LONG);
                // Other bytes than the disk has already.
                content[0]++;
                String other = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
                content[0]--;
                try (Socket guest = new Socket("127.0.0.1", port)) {
                    guest.getOutputStream().write(content[0] + 1);
                    guest.getOutputStream().write(content, 1, content.length - 1);
                    guest.shutdownOutput();
                    vm.console().expect(other, GuestShell.LONG);
                }
                vm.awaitEnd(GuestShell.LONG);
            }
        }
        assertThat(Files.mismatch(disk, Files.write(folder.resolve("expected"), content)))
                .isEqualTo(-1);
    }
}
