package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs of 32-bit RISC-V: what they print under the reference. They stand alone: Debian has no C library for it. */
class NarrowProgramsTest {
    private static final List<String> PROGRAMS = List.of("calls", "signals", "compute");

    private static final Map<String, Outcome> EXPECTED = new LinkedHashMap<>();

    @TempDir
    static Path folder;

    @BeforeAll
    static void compile() {
        Path compiler = Guests.compiler();
        Path reference = Guests.reference("riscv32");
        for (String program : PROGRAMS) {
            Outcome compiled = Command.of(
                            compiler.toString(),
                            "-march=rv32gc",
                            "-mabi=ilp32d",
                            "-O1",
                            "-nostdlib",
                            "-static",
                            "-ffreestanding",
                            Rhea.HOME
                                    .resolve("it/src/test/guest-c/rv32")
                                    .resolve(program + ".c")
                                    .toString(),
                            "-o",
                            folder.resolve(program).toString())
                    .run();
            assertThat(compiled.status()).as(compiled.error()).isZero();
            Outcome expected = Command.of(
                            reference.toString(), folder.resolve(program).toString())
                    .in(folder)
                    .run();
            EXPECTED.put(program, expected);
        }
    }

    private static Stream<Arguments> programsInAllTiers() {
        return PROGRAMS.stream()
                .flatMap(program -> Stream.of(Rhea.Tiers.values()).map(tiers -> Arguments.of(program, tiers)));
    }

    @ParameterizedTest(name = "{0} does what it does under the reference, tiers {1}")
    @MethodSource("programsInAllTiers")
    void doesWhatItDoesUnderTheReference(String program, Rhea.Tiers tiers) {
        Outcome expected = EXPECTED.get(program);
        Outcome outcome = Rhea.user(
                        "riscv32", tiers, List.of(folder.resolve(program).toString()))
                .in(folder)
                .run();
        assertThat(outcome.output()).as("standard error: %s", outcome.error()).isEqualTo(expected.output());
        assertThat(outcome.status()).isEqualTo(expected.status()).isBetween(5, 7);
    }
}
