package dev.rhea.chardev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.host.Descriptor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileChardevsTest {
    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Chardev open(Map<String, String> values) throws ChardevException {
        return new ChardevOptions(values).open(values.getOrDefault("id", ""), message -> {});
    }

    @Test
    void aFileIsWrittenAnewOrAppendedTo() throws Exception {
        String path = folder.resolve("o").toString();
        for (String append : List.of("on", "on", "off", "on")) {
            try (Chardev file = open(Map.of("backend", "file", "id", "f", "path", path, "append", append))) {
                assertThat(file.write(bytes("-abc-"), 1, 3)).isEqualTo(3);
            }
        }
        assertThat(Files.readString(Path.of(path))).isEqualTo("abcabc");
    }

    @Test
    void aFileMayHaveInputFromAnother() throws Exception {
        Path input = Files.writeString(folder.resolve("i"), "typed");
        RecordingFrontEnd guest = new RecordingFrontEnd(2);
        Map<String, String> values = Map.of(
                "backend", "file", "id", "f", "path", folder.resolve("o").toString(), "input-path", input.toString());
        try (Chardev file = open(values)) {
            file.attach(guest);
            guest.awaitReceived("ty");
            guest.room(10);
            file.acceptInput();
            guest.awaitReceived("typed");
        }
    }

    @Test
    void outputIsLoggedWithoutWhatWasNotAccepted() throws Exception {
        String log = folder.resolve("log").toString();
        try (Chardev none = open(Map.of("backend", "null", "id", "n", "logfile", log))) {
            none.write(bytes("one"), 0, 3);
        }
        try (Chardev none = open(Map.of("backend", "null", "id", "n", "logfile", log, "logappend", "on"))) {
            none.write(bytes("two"), 0, 3);
        }
        assertThat(Files.readString(Path.of(log))).isEqualTo("onetwo");
    }

    @Test
    void namedPipesAreUsedInPairsOrAlone() throws Exception {
        for (String name : List.of("p.in", "p.out", "q")) {
            assertThat(new ProcessBuilder("mkfifo", folder.resolve(name).toString())
                            .start()
                            .waitFor())
                    .isZero();
        }
        RecordingFrontEnd guest = new RecordingFrontEnd();
        try (Chardev pipe = open(Map.of(
                        "backend",
                        "pipe",
                        "id",
                        "p",
                        "path",
                        folder.resolve("p").toString()));
                Descriptor in = Descriptor.open(folder.resolve("p.in").toString(), true);
                Descriptor out = Descriptor.open(folder.resolve("p.out").toString(), false)) {
            pipe.attach(guest);
            in.write(bytes("question"), 0, 8);
            guest.awaitReceived("question");
            pipe.write(bytes("answer"), 0, 6);
            byte[] answer = new byte[6];
            assertThat(out.read(answer, 0, 6)).isEqualTo(6);
            assertThat(answer).isEqualTo(bytes("answer"));
        }
        RecordingFrontEnd other = new RecordingFrontEnd();
        try (Chardev pipe = open(
                Map.of("backend", "pipe", "id", "q", "path", folder.resolve("q").toString()))) {
            pipe.attach(other);
            Files.writeString(folder.resolve("q"), "alone");
            other.awaitReceived("alone");
        }
    }

    @Test
    void aRingKeepsTheLastBytes() throws Exception {
        RingBufferChardev ring = new RingBufferChardev("r", 4);
        ring.write(bytes("abcdef"), 0, 6);
        assertThat(ring.available()).isEqualTo(4);
        assertThat(ring.read(2)).isEqualTo(bytes("cd"));
        ring.put(bytes("gh"));
        assertThat(ring.read(10)).isEqualTo(bytes("efgh"));
        assertThat(ring.read(10)).isEmpty();
        for (long size : new long[] {3, 0, -8, Long.MIN_VALUE}) {
            assertThatThrownBy(() -> new RingBufferChardev("r", size))
                    .hasMessage("size of ringbuf chardev must be power of two");
        }
    }
}
