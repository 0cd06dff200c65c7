package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.u16;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TftpTest {
    @TempDir
    Path outer;

    private final byte[] content = new byte[5000];
    private Path folder;

    @BeforeEach
    void files() throws Exception {
        new Random(1).nextBytes(content);
        folder = Files.createDirectory(outer.resolve("tftp"));
        Files.write(folder.resolve("boot.img"), content);
        Files.writeString(outer.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("link"), outer.resolve("secret"));
    }

    private static byte[] ask(Guest guest, int port, byte[] message) {
        guest.send(Guest.udp(Guest.IP, port, Guest.HOST, 69, message));
        guest.turn();
        byte[] frame = guest.frames.poll();
        if (frame == null) {
            return new byte[0];
        }
        Guest.checkTransport(frame);
        byte[] datagram = Guest.payload(frame);
        return Arrays.copyOfRange(datagram, 8, datagram.length);
    }

    private static byte[] request(String words) {
        return ("\0\1" + words.replace(' ', '\0') + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] ack(int block) {
        return new byte[] {0, 4, (byte) (block >> 8), (byte) block};
    }

    private Guest guest() throws Exception {
        return Guest.with("tftp=" + folder);
    }

    @Test
    void aFileIsReadBlockByBlock() throws Exception {
        try (Guest guest = guest()) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            byte[] data = ask(guest, 5000, request("boot.img octet"));
            int block = 1;
            while (true) {
                assertThat(u16(data, 0)).isEqualTo(3);
                assertThat(u16(data, 2)).isEqualTo(block);
                got.write(data, 4, data.length - 4);
                byte[] next = ask(guest, 5000, ack(block++));
                if (data.length < 516) {
                    assertThat(next).isEmpty();
                    break;
                }
                data = next;
            }
            assertThat(got.toByteArray()).isEqualTo(content);
        }
    }

    @Test
    void withoutAFolderEveryFileIsRefusedAtOnce() throws Exception {
        try (Guest guest = Guest.with()) {
            byte[] answer = ask(guest, 5000, request("boot.scr.uimg octet"));
            assertThat(u16(answer, 0)).isEqualTo(5);
            assertThat(u16(answer, 2)).isEqualTo(2);
        }
    }

    @Test
    void aBlockThatWasLostComesAgain() throws Exception {
        try (Guest guest = guest()) {
            ask(guest, 5000, request("boot.img octet"));
            byte[] second = ask(guest, 5000, ack(1));
            assertThat(ask(guest, 5000, ack(1))).isEqualTo(second);
            assertThat(ask(guest, 5000, ack(7))).isEmpty();
        }
    }

    @Test
    void optionsAreAnsweredAsTheReferenceDoes() throws Exception {
        try (Guest guest = guest()) {
            byte[] answer = ask(guest, 5000, request("/boot.img OCTET blksize 65000 tsize 0 timeout 5 bogus 1"));
            assertThat(new String(answer, StandardCharsets.ISO_8859_1))
                    .isEqualTo("\0\6blksize\0001428\0tsize\0005000\0");
            byte[] first = ask(guest, 5000, ack(0));
            assertThat(first).hasSize(4 + 1428);
        }
    }

    @Test
    void nothingOutsideTheFolderIsRead() throws Exception {
        try (Guest guest = guest()) {
            for (String name : new String[] {"../secret", "/../secret", "a/../../secret", "link", "./../secret"}) {
                byte[] error = ask(guest, 5000, request(name + " octet"));
                assertThat(new String(error, StandardCharsets.ISO_8859_1))
                        .as(name)
                        .isEqualTo("\0\5\0\2Access violation\0");
            }
        }
    }

    @Test
    void whatIsNotThereOrNotSupportedIsAnError() throws Exception {
        try (Guest guest = guest()) {
            assertThat(ask(guest, 1, request("none octet"))).startsWith(0, 5, 0, 1);
            assertThat(ask(guest, 2, request("boot.img netascii"))).startsWith(0, 5, 0, 4);
            assertThat(ask(guest, 3, request("boot.img octet"))).startsWith(0, 3);
            byte[] write = request("boot.img octet");
            write[1] = 2;
            assertThat(ask(guest, 4, write)).startsWith(0, 5, 0, 2);
        }
    }
}
