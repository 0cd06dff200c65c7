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
    @TempDir
    static Path built;

    @BeforeAll
    static void compile() throws IOException {
        Programs.compileInto(built);
    }

    private static Stream<Arguments> programsInAllTiers() throws IOException {
        return Programs.sources()
                .flatMap(program -> Stream.of(Rhea.Tiers.values()).map(tiers -> Arguments.of(program, tiers)));
    }

    @ParameterizedTest(name = "{0} prints and ends as on Linux, tiers {1}")
    @MethodSource("programsInAllTiers")
    void printsAndEndsAsOnLinux(String program, Rhea.Tiers tiers) throws IOException {
        Outcome outcome = Rhea.user(tiers, List.of(built.resolve(program).toString()))
                .in(built)
                .run();
        assertThat(outcome.output() + "exit status " + outcome.status() + "\n")
                .as("standard error: %s", outcome.error())
                .isEqualTo(Files.readString(Programs.SOURCES.resolve(program + ".expected")));
    }
}
