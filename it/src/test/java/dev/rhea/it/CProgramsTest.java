package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Own programs against glibc, built with Debian's cross compiler. What each must print stands beside it, as Linux on the
 * real thing prints it: compared with native runs, and with the reference where the program is RISC-V's.
 */
class CProgramsTest {
    private static final Path SOURCES = Rhea.HOME.resolve("it/src/test/guest-c");

    @TempDir
    static Path built;

    @BeforeAll
    static void compile() throws IOException {
        Path compiler = Guests.compiler();
        for (String program : programs().toList()) {
            Outcome outcome = Command.of(
                            compiler.toString(),
                            "-O1",
                            "-fno-builtin",
                            "-static",
                            "-pthread",
                            SOURCES.resolve(program + ".c").toString(),
                            "-o",
                            built.resolve(program).toString(),
                            "-lm")
                    .run();
            assertThat(outcome.status()).as(outcome.error()).isZero();
        }
    }

    private static Stream<String> programs() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".expected"))
                    .map(name -> name.substring(0, name.length() - ".expected".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Stream<Arguments> programsInAllTiers() throws IOException {
        return programs().flatMap(program -> Stream.of(Rhea.Tiers.values()).map(tiers -> Arguments.of(program, tiers)));
    }

    @ParameterizedTest(name = "{0} prints and ends as on Linux, tiers {1}")
    @MethodSource("programsInAllTiers")
    void printsAndEndsAsOnLinux(String program, Rhea.Tiers tiers) throws IOException {
        Outcome outcome = Rhea.user(tiers, List.of(built.resolve(program).toString()))
                .in(built)
                .run();
        assertThat(outcome.output() + "exit status " + outcome.status() + "\n")
                .as("standard error: %s", outcome.error())
                .isEqualTo(Files.readString(SOURCES.resolve(program + ".expected")));
    }
}
