package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Shell scripts that fork and execute; what they must print was printed by the same shells on a real Linux. */
class ShellScriptsTest {
    @TempDir
    Path folder;

    private static Stream<Arguments> scriptsInAllTiers() {
        return Programs.scripts()
                .flatMap(script -> Stream.of(Rhea.Tiers.values()).map(tiers -> Arguments.of(script, tiers)));
    }

    @ParameterizedTest(name = "a script of {0} prints what it prints on Linux, tiers {1}")
    @MethodSource("scriptsInAllTiers")
    void aShellRunsPipelinesSubshellsTrapsAndJobs(Programs.Script script, Rhea.Tiers tiers) {
        Path programs = Guests.statically().resolve("bin");
        List<String> words = new ArrayList<>(script.shell());
        words.set(0, programs.resolve(words.getFirst()).toString());
        words.addAll(List.of("-c", Programs.resource(script.script())));
        Outcome outcome = Rhea.user(tiers, words)
                .in(folder)
                .with("BB", programs.resolve("busybox").toString())
                .run();
        assertThat(outcome.output() + "exit status " + outcome.status() + "\n")
                .as("standard error: %s", outcome.error())
                .isEqualTo(Programs.resource(script.expected()));
    }
}
