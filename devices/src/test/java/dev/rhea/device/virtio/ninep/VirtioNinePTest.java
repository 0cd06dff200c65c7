package dev.rhea.device.virtio.ninep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.host.Errno;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VirtioNinePTest {
    @TempDir
    Path outside;

    private Path shared() throws Exception {
        return Files.createDirectories(outside.resolve("shared"));
    }

    private static void refuses(int errno, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        NinePClient.Refused.class, e -> assertThat(e.errno).isEqualTo(errno));
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "MAPPED_XATTR"})
    void filesAreCreatedWrittenReadRenamedAndRemoved(SecurityModel model) throws Exception {
        Path folder = shared();
        try (var client = new NinePClient(folder, model, false).attach()) {
            client.call(NineP.TMKDIR, 0, "sub", 0755, 0);
            client.walk(0, 1, "sub");
            client.call(NineP.TLCREATE, 1, "file", NineP.O_RDWR, 0644, 0);
            assertThat(client.write(1, 0, "hello world")).isEqualTo(11);
            assertThat(client.write(1, 6, "there")).isEqualTo(5);
            assertThat(client.read(1, 0, 100)).isEqualTo("hello there");
            assertThat(client.read(1, 11, 100)).isEmpty();
            client.call(NineP.TFSYNC, 1, 0);
            assertThat(Files.readString(folder.resolve("sub/file"))).isEqualTo("hello there");

            client.walk(0, 2);
            client.call(NineP.TRENAMEAT, 0, "sub", 2, "other");
            ByteBuffer attributes = client.call(NineP.TGETATTR, 1, NineP.GETATTR_BASIC);
            assertThat(attributes.getInt(attributes.position() + 8 + 13)).isEqualTo(0100644);
            assertThat(attributes.getLong(attributes.position() + 8 + 13 + 12 + 16))
                    .isEqualTo(11);
            assertThat(client.read(1, 0, 5)).isEqualTo("hello");
            client.walk(0, 3, "other", "file");
            client.call(NineP.TSETATTR, 3, NineP.SETATTR_MODE | NineP.SETATTR_SIZE, 0600, 0, 0, 5L, 0L, 0L, 0L, 0L);
            assertThat(Files.readString(folder.resolve("other/file"))).isEqualTo("hello");
            attributes = client.call(NineP.TGETATTR, 3, NineP.GETATTR_BASIC);
            assertThat(attributes.getInt(attributes.position() + 8 + 13)).isEqualTo(0100600);

            client.walk(0, 4, "other");
            client.call(NineP.TLINK, 4, 3, "again");
            client.call(NineP.TUNLINKAT, 4, "file", 0);
            attributes = client.call(NineP.TGETATTR, 1, NineP.GETATTR_BASIC);
            assertThat(attributes.getLong(attributes.position() + 8 + 13 + 12 + 16))
                    .as("open, but removed")
                    .isEqualTo(5);
            assertThat(client.walk(0, 5, "other", "file").getShort())
                    .as("one of two")
                    .isEqualTo((short) 1);
            refuses(Errno.ENOENT, () -> client.call(NineP.TCLUNK, 5));
            client.call(NineP.TCLUNK, 1);
            client.call(NineP.TUNLINKAT, 4, "again", 0);
            refuses(Errno.EISDIR, () -> client.call(NineP.TUNLINKAT, 0, "other", 0));
            client.call(NineP.TUNLINKAT, 0, "other", NineP.AT_REMOVEDIR);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "MAPPED_XATTR"})
    void linksAreMadeAndRead(SecurityModel model) throws Exception {
        try (var client = new NinePClient(shared(), model, false).attach()) {
            client.call(NineP.TSYMLINK, 0, "link", "/etc/passwd", 0);
            ByteBuffer qid = client.walk(0, 1, "link");
            assertThat(qid.getShort()).isEqualTo((short) 1);
            if (model == SecurityModel.NONE) {
                assertThat(qid.get()).isEqualTo((byte) NineP.QTSYMLINK);
            }
            ByteBuffer target = client.call(NineP.TREADLINK, 1);
            byte[] bytes = new byte[target.getShort()];
            target.get(bytes);
            assertThat(new String(bytes)).isEqualTo("/etc/passwd");
            assertThat(Files.isSymbolicLink(shared().resolve("link"))).isEqualTo(model == SecurityModel.NONE);
        }
    }

    @Test
    void nobodyGetsOutOfTheFolder() throws Exception {
        Path folder = shared();
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(folder.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(folder.resolve("direct"), outside.resolve("secret"));
        Files.createDirectory(folder.resolve("sub"));
        try (var client = new NinePClient(folder, SecurityModel.NONE, false).attach()) {
            ByteBuffer here = client.walk(0, 1, "sub", "..", "..", "..");
            assertThat(here.getShort()).isEqualTo((short) 4);
            client.call(NineP.TLOPEN, 1, 0);
            assertThat(client.list(1, 8000)).contains("sub").doesNotContain("secret", "shared");
            assertThat(client.walk(0, 2, "up", "secret").getShort()).isEqualTo((short) 1);
            refuses(Errno.ENOENT, () -> client.call(NineP.TLOPEN, 2, 0));
            client.walk(0, 3, "direct");
            refuses(Errno.EINVAL, () -> client.call(NineP.TLOPEN, 3, 0));
            refuses(Errno.ENOENT, () -> client.walk(0, 4, "../secret"));
            refuses(Errno.ENOENT, () -> client.call(NineP.TMKDIR, 0, "../evil", 0755, 0));
            refuses(Errno.EEXIST, () -> client.call(NineP.TMKDIR, 0, "..", 0755, 0));
            refuses(Errno.ENOENT, () -> client.call(NineP.TRENAMEAT, 0, "sub", 0, "../moved"));
            refuses(Errno.ELOOP, () -> {
                client.walk(0, 5);
                client.call(NineP.TLCREATE, 5, "direct", NineP.O_RDWR, 0644, 0);
            });
            assertThat(Files.readString(outside.resolve("secret"))).isEqualTo("secret");
            assertThat(Files.exists(outside.resolve("moved"), LinkOption.NOFOLLOW_LINKS))
                    .isFalse();
        }
    }

    @Test
    void aFolderOfManyFilesIsListedInPieces() throws Exception {
        Path folder = shared();
        for (int i = 0; i < 700; i++) {
            Files.writeString(folder.resolve("file-with-a-long-name-" + i), "");
        }
        try (var client = new NinePClient(folder, SecurityModel.NONE, false).attach()) {
            client.walk(0, 1);
            client.call(NineP.TLOPEN, 1, 0);
            assertThat(client.list(1, 1000))
                    .hasSize(702)
                    .doesNotHaveDuplicates()
                    .contains(".", "..");
        }
    }

    @Test
    void extendedAttributesAreSetReadListedAndRemoved() throws Exception {
        Path folder = shared();
        Files.writeString(folder.resolve("file"), "");
        try (var client = new NinePClient(folder, SecurityModel.MAPPED_XATTR, false).attach()) {
            client.walk(0, 1, "file");
            client.call(NineP.TXATTRCREATE, 1, "user.colour", 5L, 0);
            client.write(1, 0, "green");
            client.call(NineP.TCLUNK, 1);
            client.walk(0, 1, "file");
            client.call(NineP.TSETATTR, 1, NineP.SETATTR_UID, 0, 1234, 0, 0L, 0L, 0L, 0L, 0L);
            assertThat(client.call(NineP.TXATTRWALK, 1, 2, "user.colour").getLong())
                    .isEqualTo(5);
            assertThat(client.read(2, 0, 100)).isEqualTo("green");
            client.call(NineP.TXATTRWALK, 1, 3, "");
            assertThat(client.read(3, 0, 100))
                    .as("the owner's attribute is hidden")
                    .isEqualTo("user.colour\0");
            ByteBuffer attributes = client.call(NineP.TGETATTR, 1, NineP.GETATTR_BASIC);
            assertThat(attributes.getInt(attributes.position() + 8 + 13 + 4)).isEqualTo(1234);
            refuses(Errno.EACCES, () -> client.call(NineP.TXATTRWALK, 1, 4, "user.virtfs.uid"));
            client.walk(0, 5, "file");
            client.call(NineP.TXATTRCREATE, 5, "user.colour", 0L, 0);
            client.call(NineP.TCLUNK, 5);
            refuses(Errno.ENODATA, () -> client.call(NineP.TXATTRWALK, 1, 6, "user.colour"));
        }
    }

    @Test
    void aReadOnlyFolderIsNotChanged() throws Exception {
        Path folder = shared();
        Files.writeString(folder.resolve("file"), "text");
        try (var client = new NinePClient(folder, SecurityModel.NONE, true).attach()) {
            client.walk(0, 1, "file");
            refuses(Errno.EROFS, () -> client.call(NineP.TLOPEN, 1, NineP.O_RDWR));
            refuses(Errno.EROFS, () -> client.call(NineP.TMKDIR, 0, "sub", 0755, 0));
            refuses(Errno.EROFS, () -> client.call(NineP.TUNLINKAT, 0, "file", 0));
            client.call(NineP.TLOPEN, 1, 0);
            assertThat(client.read(1, 0, 10)).isEqualTo("text");
        }
    }

    @Test
    void messagesThatMakeNoSenseAreRefused() throws Exception {
        Path folder = shared();
        Files.writeString(folder.resolve("file"), "text");
        Random random = new Random(5);
        try (var client = new NinePClient(folder, SecurityModel.NONE, true).attach()) {
            for (int i = 0; i < 5000; i++) {
                byte[] junk = new byte[random.nextInt(40)];
                random.nextBytes(junk);
                for (int j = 0; j < junk.length; j++) {
                    junk[j] = random.nextInt(3) == 0 ? junk[j] : (byte) random.nextInt(3);
                }
                int type = 2 * random.nextInt(64);
                try {
                    client.call(type, (Object) junk);
                } catch (NinePClient.Refused e) {
                    assertThat(e.errno).isBetween(1, 133);
                }
            }
            client.attach();
            client.walk(0, 1, "file");
            client.call(NineP.TLOPEN, 1, 0);
            assertThat(client.read(1, 0, 10)).isEqualTo("text");
        }
    }

    @Test
    void openFilesGoOnAfterTheStateWasLoaded() throws Exception {
        Path folder = shared();
        Files.writeString(folder.resolve("file"), "text");
        try (var client = new NinePClient(folder, SecurityModel.NONE, false).attach()) {
            client.walk(0, 1, "file");
            client.call(NineP.TLOPEN, 1, 0);
            client.guest.lock.lock();
            var slot = client.guest.mmio.saveState();
            VirtioNineP.State state = client.device.saveState();
            client.guest.mmio.reset();
            client.guest.mmio.loadState(slot);
            client.device.loadState(state);
            client.guest.lock.unlock();
            assertThat(client.read(1, 0, 10)).isEqualTo("text");
        }
    }
}
