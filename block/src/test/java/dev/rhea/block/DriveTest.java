package dev.rhea.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.host.RawMemory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DriveTest {
    @TempDir
    Path folder;

    private Path image(int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(3).nextBytes(content);
        return Files.write(folder.resolve("disk.img"), content);
    }

    private static Drive open(Path file, String... more) throws BadDriveException {
        Map<String, String> given = new HashMap<>(Map.of("file", file.toString(), "format", "raw"));
        for (int i = 0; i < more.length; i += 2) {
            given.put(more[i], more[i + 1]);
        }
        return Drive.open(DriveOptions.of(given), false);
    }

    private static Drive guessed(Path file, List<String> warnings) throws BadDriveException {
        return Drive.open(DriveOptions.of(Map.of("file", file.toString())), false, warnings::add);
    }

    @Test
    void aGuessedFormatIsRawAndTheUserIsWarned() throws Exception {
        Path file = image(1024);
        List<String> warnings = new ArrayList<>();
        long memory = RawMemory.allocate(1024);
        try (Drive drive = guessed(file, warnings)) {
            assertThat(drive.format()).isEqualTo("raw");
            assertThat(warnings)
                    .containsExactly(
                            "WARNING: Image format was not specified for '" + file + "' and probing guessed raw.",
                            "         Automatically detecting the format is dangerous for raw images, write operations on"
                                    + " block 0 will be restricted.",
                            "         Specify the 'raw' format explicitly to remove the restrictions.");
            RawMemory.fill(memory, 1024, (byte) 7);
            drive.backend().write(0, memory, 1024);
            RawMemory.copyIn(new byte[] {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3}, 0, memory, 8);
            assertThatThrownBy(() -> drive.backend().write(0, memory, 512)).hasMessage("Operation not permitted");
            drive.backend().write(512, memory, 512);
        } finally {
            RawMemory.free(memory);
        }
        assertThat(Files.readAllBytes(file)).startsWith(7, 7, 7, 7).endsWith(7, 7);
    }

    @Test
    void theHeaderOfAnotherFormatIsNotMadeOfPieces() throws Exception {
        Path file = image(1024);
        long memory = RawMemory.allocate(64);
        try (Drive drive = guessed(file, new ArrayList<>())) {
            RawMemory.copyIn(new byte[] {'K', 'D', 'M', 'V'}, 0, memory, 4);
            drive.backend().write(2, memory + 2, 2);
            assertThatThrownBy(() -> drive.backend().write(0, memory, 2)).hasMessage("Operation not permitted");
        } finally {
            RawMemory.free(memory);
        }
    }

    @ParameterizedTest
    @CsvSource({"'QFI\u00fb\0\0\0\3',qcow2", "KDMV,vmdk", "conectix,vpc", "vhdxfile,vhdx", "LUKS\u00ba\u00be,luks"})
    void anImageInAnotherFormatIsNotTakenForRaw(String magic, String format) throws Exception {
        byte[] content = new byte[1024];
        byte[] begin = magic.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(begin, 0, content, 0, begin.length);
        Path file = Files.write(folder.resolve("other"), content);
        assertThatThrownBy(() -> guessed(file, new ArrayList<>()))
                .hasMessageStartingWith(
                        "Could not open '" + file + "': images in the format " + format + " are not there yet");
        // Who says that it is raw is believed.
        open(file).close();
    }

    @Test
    void aPartOfAnImageIsADiskOfItsOwn() throws Exception {
        Path file = image(4096);
        byte[] all = Files.readAllBytes(file);
        long memory = RawMemory.allocate(1024);
        try (Drive drive = open(file, "offset", "512", "size", "1024")) {
            assertThat(drive.backend().size()).isEqualTo(1024);
            drive.backend().read(512, memory, 512);
            byte[] got = new byte[512];
            RawMemory.copyOut(memory, got, 0, 512);
            assertThat(got).isEqualTo(Arrays.copyOfRange(all, 1024, 1536));
            RawMemory.fill(memory, 512, (byte) 9);
            drive.backend().write(0, memory, 512);
        } finally {
            RawMemory.free(memory);
        }
        byte[] after = Files.readAllBytes(file);
        assertThat(Arrays.copyOfRange(after, 512, 1024)).containsOnly(9);
        assertThat(Arrays.copyOfRange(after, 1024, 4096)).isEqualTo(Arrays.copyOfRange(all, 1024, 4096));
        assertThatThrownBy(() -> open(file, "offset", "8192"))
                .hasMessage("Offset (8192) cannot be greater than size of the containing file (4096)");
        assertThatThrownBy(() -> open(file, "offset", "3584", "size", "1024"))
                .hasMessage(
                        "The sum of offset (3584) and size (1024) has to be smaller or equal to the  actual size of the"
                                + " containing file (4096)");
        assertThatThrownBy(() -> open(file, "size", "1000")).hasMessage("Specified size is not multiple of 512");
    }

    @ParameterizedTest
    @ValueSource(strings = {"writeback", "none", "writethrough", "directsync", "unsafe"})
    void whatIsWrittenIsReadBackInEveryCacheMode(String cache) throws Exception {
        Path file = image(1 << 20);
        byte[] model = Files.readAllBytes(file);
        long memory = RawMemory.allocate(1 << 17);
        try (Drive drive = open(file, "cache", cache)) {
            Random random = new Random(1);
            for (int i = 0; i < 200; i++) {
                int offset = random.nextInt(2048 - 64) * 512;
                int length = (1 + random.nextInt(64)) * 512;
                // Aligned as direct I/O wants it, and not.
                long at = memory + (random.nextBoolean() ? -memory & 4095 : 24);
                if (random.nextBoolean()) {
                    byte[] fresh = new byte[length];
                    random.nextBytes(fresh);
                    RawMemory.copyIn(fresh, 0, at, length);
                    drive.backend().write(offset, at, length);
                    System.arraycopy(fresh, 0, model, offset, length);
                } else {
                    drive.backend().read(offset, at, length);
                    byte[] got = new byte[length];
                    RawMemory.copyOut(at, got, 0, length);
                    assertThat(java.util.Arrays.equals(got, 0, length, model, offset, offset + length))
                            .isTrue();
                }
            }
            drive.backend().flush();
        }
        assertThat(java.util.Arrays.equals(Files.readAllBytes(file), model)).isTrue();
        RawMemory.free(memory);
    }

    @Test
    void aSnapshotLeavesTheImageAlone() throws Exception {
        Path file = image(300_000);
        byte[] before = Files.readAllBytes(file);
        byte[] model = java.util.Arrays.copyOf(before, 300_032);
        long memory = RawMemory.allocate(1 << 17);
        try (Drive drive = open(file, "snapshot", "on")) {
            assertThat(drive.backend().size()).isEqualTo(300_032);
            Random random = new Random(2);
            for (int i = 0; i < 300; i++) {
                int length = (1 + random.nextInt(200)) * 512;
                int offset = random.nextInt((300_032 - length) / 512 + 1) * 512;
                if (random.nextInt(3) == 0) {
                    byte[] fresh = new byte[length];
                    random.nextBytes(fresh);
                    RawMemory.copyIn(fresh, 0, memory, length);
                    drive.backend().write(offset, memory, length);
                    System.arraycopy(fresh, 0, model, offset, length);
                } else if (random.nextInt(6) == 0) {
                    drive.backend().writeZeroes(offset, length, false);
                    java.util.Arrays.fill(model, offset, offset + length, (byte) 0);
                } else {
                    drive.backend().read(offset, memory, length);
                    byte[] got = new byte[length];
                    RawMemory.copyOut(memory, got, 0, length);
                    assertThat(java.util.Arrays.equals(got, 0, length, model, offset, offset + length))
                            .isTrue();
                }
            }
        }
        RawMemory.free(memory);
        assertThat(java.util.Arrays.equals(Files.readAllBytes(file), before)).isTrue();
    }

    @Test
    void discardsReachTheFileOnlyIfTheUserSaysSo() throws Exception {
        Path file = image(1 << 20);
        byte[] before = Files.readAllBytes(file);
        try (Drive drive = open(file)) {
            drive.backend().discard(0, 1 << 20);
        }
        assertThat(java.util.Arrays.equals(Files.readAllBytes(file), before)).isTrue();
        try (Drive drive = open(file, "discard", "unmap")) {
            drive.backend().discard(4096, 8192);
        }
        byte[] after = Files.readAllBytes(file);
        assertThat(java.util.Arrays.copyOfRange(after, 4096, 4096 + 8192)).containsOnly(0);
        assertThat(after[4095]).isEqualTo(before[4095]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cache|foo|invalid cache option",
                "discard|foo|Invalid discard option",
                "detect-zeroes|foo|invalid parameter value: foo",
                "aio|foo|invalid aio option",
                "aio|native|aio=native was specified, but it requires cache.direct=on, which was not specified.",
                "format|rawx|Unknown driver 'rawx'",
                "foo|bar|Block format 'raw' does not support the option 'foo'"
            })
    void badOptionsGetTheReferencesMessages(String key, String value, String message) throws Exception {
        Path file = image(512);
        assertThatThrownBy(() -> open(file, key, value))
                .isInstanceOf(BadDriveException.class)
                .hasMessage(message);
    }

    @Test
    void filesThatCannotBeOpenedGetTheReferencesMessages() {
        assertThatThrownBy(() -> open(folder.resolve("nope")))
                .hasMessage("Could not open '" + folder.resolve("nope") + "': No such file or directory");
        assertThatThrownBy(() -> open(folder))
                .hasMessage("'file' driver requires '" + folder + "' to be a regular file");
    }
}
