package dev.rhea.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Code that checks several fields of a structure at once, and then works for long where the structure lies in two pages: it
 * is made anew, with a check for each field. What it computes is {@code it}'s business (straddle.c).
 */
class StraddlingUnitTest {
    @TempDir
    Path folder;

    @ParameterizedTest(
            name = "a unit that straddles two pages for long is made anew without its shared check, tiers {0}")
    @EnumSource(names = {"NATIVE", "REGIONS", "DEFAULT"})
    void aUnitThatStraddlesTwoPagesForLongIsMadeAnew(Engine.Tiers tiers) throws Exception {
        byte[] program =
                GuestPrograms.bytes(GuestPrograms.compiled("straddle", folder).toString());
        long turns = 600_000;
        try (UserMode linux = new UserMode(GuestPrograms.riscv64(), GuestPrograms.settings(tiers))) {
            Ending ending =
                    linux.runDetached(program, List.of(program, GuestPrograms.bytes(Long.toString(turns))), List.of());
            assertThat(ending.exitStatus()).isZero();
            // As it was, each turn leaves for the interpreter.
            assertThat(linux.engine().stats().counters().slices).isLessThan(turns / 2);
        }
    }
}
