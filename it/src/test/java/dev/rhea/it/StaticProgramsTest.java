package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Debian's static riscv64 programs, single processes: output and status equal to the reference's, in every tier. */
class StaticProgramsTest {
    @TempDir
    Path folder;

    private static Stream<Arguments> casesInAllTiers() {
        return Programs.statics().flatMap(c -> Stream.of(Rhea.Tiers.values()).map(tiers -> Arguments.of(c, tiers)));
    }

    @ParameterizedTest(name = "{0} does what it does under the reference, tiers {1}")
    @MethodSource("casesInAllTiers")
    void doesWhatItDoesUnderTheReference(Programs.Case c, Rhea.Tiers tiers) {
        Outcome expected = c.expected(folder);
        Outcome outcome = Rhea.user(tiers, c.words(Guests.statically().resolve("bin")))
                .in(folder)
                .reading(c.input())
                .run();
        assertThat(outcome.output()).as("standard error: %s", outcome.error()).isEqualTo(expected.output());
        assertThat(outcome.status()).isEqualTo(expected.status());
    }
}
