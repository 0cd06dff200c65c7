package dev.rhea.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process to be run to its end: words, environment, folder and standard input. Immutable. */
record Command(
        List<String> words,
        Map<String, String> environment,
        @Nullable Path folder,
        String input) {
    /** Nothing here takes longer; what does, hangs. */
    private static final int SECONDS = 300;

    static Command of(List<String> words) {
        return new Command(List.copyOf(words), Map.of(), null, "");
    }

    static Command of(String... words) {
        return of(List.of(words));
    }

    Command with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new Command(words, more, folder, input);
    }

    Command in(Path where) {
        return new Command(words, environment, where, input);
    }

    Command reading(String text) {
        return new Command(words, environment, folder, text);
    }

    /** Runs it. A process that does not end is killed, and the test fails with what it had printed. */
    Outcome run() {
        Path output = temporary();
        Path error = temporary();
        Path given = temporary();
        try {
            Files.writeString(given, input, StandardCharsets.ISO_8859_1);
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(words))
                    .redirectInput(given.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(error.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("RHEA_TIERS") || name.startsWith("QEMU_"));
            builder.environment().put("LC_ALL", "C");
            builder.environment().putAll(environment);
            if (folder != null) {
                builder.directory(folder.toFile());
            }
            Process process = builder.start();
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            Outcome outcome = new Outcome(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.ISO_8859_1),
                    Files.readString(error, StandardCharsets.ISO_8859_1));
            if (!ended) {
                throw new AssertionError(
                        "did not end in " + SECONDS + " s: " + String.join(" ", words) + "\n" + outcome);
            }
            return outcome;
        } catch (IOException e) {
            throw new AssertionError("cannot run " + words, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            for (Path file : List.of(output, error, given)) {
                file.toFile().delete();
            }
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("rhea-it", ".txt");
        } catch (IOException e) {
            throw new AssertionError("no temporary file", e);
        }
    }
}
