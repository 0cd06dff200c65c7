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

/** Debian's static riscv64 programs, single processes: output and status equal to the reference's, in every tier. */
class StaticProgramsTest {
    @TempDir
    Path folder;

    /** @param words the program's name in {@link Guests#statically}'s bin, and its arguments */
    record Case(String name, String input, List<String> words) {
        static Case of(String name, String... words) {
            return new Case(name, "", List.of(words));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                Case.of("echo", "busybox", "echo", "hello", "two words"),
                new Case("sha256sum", "abc".repeat(100_000), List.of("busybox", "sha256sum")),
                new Case("sha512sum", "abc".repeat(10_000), List.of("busybox", "sha512sum")),
                new Case("gzip", "some text that repeats; ".repeat(5_000), List.of("busybox", "gzip", "-nc")),
                new Case("bzip2", "some text that repeats; ".repeat(2_000), List.of("busybox", "bzip2", "-c")),
                Case.of("seq", "busybox", "seq", "1", "20000"),
                new Case("sort", "pear\napple\nfig\n".repeat(500), List.of("busybox", "sort")),
                Case.of(
                        "awk",
                        "busybox",
                        "awk",
                        "BEGIN { for (i = 1; i < 20000; i++) { s += i / 7; t = t (i % 10) } print s, length(t), sqrt(2), exp(1), log(10) }"),
                Case.of("bc", "busybox", "dc", "-e", "20 k 2 v p 3 5 ^ p"),
                Case.of("printf of floats", "busybox", "printf", "%e %g %.3f %a\n", "3.14159", "1e-300", "2.5", "0.1"),
                Case.of(
                        "ash arithmetic",
                        "busybox",
                        "ash",
                        "-c",
                        "i=0; s=0; while [ $i -lt 3000 ]; do s=$(((s*31+i)%65521)); i=$((i+1)); done; echo $s"),
                Case.of("exit status", "busybox", "ash", "-c", "exit 42"),
                Case.of("death by signal", "busybox", "ash", "-c", "kill -TERM $$"),
                Case.of("missing applet", "busybox", "nosuch"),
                Case.of(
                        "bash loop",
                        "bash-static",
                        "-c",
                        "s=0; for ((i=0;i<5000;i++)); do ((s+=i*i)); done; echo $s ${BASH_VERSINFO[5]}"),
                Case.of(
                        "bash strings",
                        "bash-static",
                        "-c",
                        "a=(one two three); echo ${a[@]^^} ${#a[@]} ${a[1]/t/T}; printf '%q\\n' 'a b$c'"),
                Case.of(
                        "bash trap and subshell",
                        "bash-static",
                        "-c",
                        "trap 'echo bye' EXIT; (echo sub; exit 3); echo $?"),
                Case.of(
                        "zsh",
                        "zsh-static",
                        "-fc",
                        "a=(3 1 2); print ${(o)a} ${(j:,:)a}; print $(( sqrt(2) )) 2>/dev/null; print -f '%08.3f\\n' 3.14159"));
    }

    private static Stream<Arguments> casesInAllTiers() {
        return cases().flatMap(c -> Stream.of(Rhea.Tiers.values()).map(tiers -> Arguments.of(c, tiers)));
    }

    @ParameterizedTest(name = "{0} does what it does under the reference, tiers {1}")
    @MethodSource("casesInAllTiers")
    void doesWhatItDoesUnderTheReference(Case c, Rhea.Tiers tiers) {
        List<String> words = new ArrayList<>(c.words);
        words.set(
                0,
                Guests.statically().resolve("bin").resolve(c.words.getFirst()).toString());
        List<String> reference = new ArrayList<>(words);
        reference.addFirst(Guests.reference().toString());
        Outcome expected = Command.of(reference).in(folder).reading(c.input).run();
        Outcome outcome = Rhea.user(tiers, words).in(folder).reading(c.input).run();
        assertThat(outcome.output()).as("standard error: %s", outcome.error()).isEqualTo(expected.output());
        assertThat(outcome.status()).isEqualTo(expected.status());
    }
}
