package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shell scripts that fork and execute; what they must print was printed by the same shells on a real Linux. */
class ShellScriptsTest {
    @TempDir
    Path folder;

    private static String resource(String name) {
        try (InputStream stream = ShellScriptsTest.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prints(Rhea.Tiers tiers, String script, String expected, String... shell) {
        Path programs = Guests.statically().resolve("bin");
        List<String> words = new java.util.ArrayList<>(List.of(shell));
        words.set(0, programs.resolve(shell[0]).toString());
        words.addAll(List.of("-c", resource(script)));
        Outcome outcome = Rhea.user(tiers, words)
                .in(folder)
                .with("BB", programs.resolve("busybox").toString())
                .run();
        assertThat(outcome.output() + "exit status " + outcome.status() + "\n")
                .as("standard error: %s", outcome.error())
                .isEqualTo(resource(expected));
    }

    @ParameterizedTest(name = "busybox ash runs a script of pipelines, subshells and traps, tiers {0}")
    @EnumSource(Rhea.Tiers.class)
    void ashRunsPipelinesSubshellsAndTraps(Rhea.Tiers tiers) {
        prints(tiers, "script.sh", "script.expected", "busybox", "ash");
    }

    @ParameterizedTest(name = "bash runs a script of pipelines, subshells and traps, tiers {0}")
    @EnumSource(Rhea.Tiers.class)
    void bashRunsPipelinesSubshellsAndTraps(Rhea.Tiers tiers) {
        prints(tiers, "script.sh", "script.expected", "bash-static");
    }

    @ParameterizedTest(name = "zsh runs a script of pipelines, subshells and traps, tiers {0}")
    @EnumSource(Rhea.Tiers.class)
    void zshRunsPipelinesSubshellsAndTraps(Rhea.Tiers tiers) {
        prints(tiers, "script.sh", "script.expected", "zsh-static", "-f");
    }

    @ParameterizedTest(name = "bash controls jobs, tiers {0}")
    @EnumSource(Rhea.Tiers.class)
    void bashControlsJobs(Rhea.Tiers tiers) {
        prints(tiers, "jobs.sh", "jobs.expected", "bash-static");
    }
}
