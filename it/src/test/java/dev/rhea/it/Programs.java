package dev.rhea.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What runs both in user mode and inside a booted guest, and what each must print. */
final class Programs {
    /** Own programs in C; what each must print stands beside it. */
    static final Path SOURCES = Rhea.HOME.resolve("it/src/test/guest-c");

    private Programs() {}

    /**
     * A static program of Debian's: what it does is what it does under the reference.
     *
     * @param words the program's name in {@link Guests#statically}'s bin, and its arguments
     */
    record Case(String name, String input, List<String> words) {
        static Case of(String name, String... words) {
            return new Case(name, "", List.of(words));
        }

        @Override
        public String toString() {
            return name;
        }

        /** What the reference's user mode makes of it. */
        Outcome expected(Path folder) {
            return Command.of(Stream.concat(
                                    Stream.of(Guests.reference().toString()),
                                    words(Guests.statically().resolve("bin")).stream())
                            .toList())
                    .in(folder)
                    .reading(input)
                    .run();
        }

        /** Its words where its program is in {@code bin}. */
        List<String> words(Path bin) {
            return Stream.concat(
                            Stream.of(bin.resolve(words.getFirst()).toString()),
                            words.stream().skip(1))
                    .toList();
        }
    }

    /** A script for a shell, as resources: what it does, and what it prints on a real Linux. */
    record Script(String name, String script, String expected, List<String> shell) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Script> scripts() {
        return Stream.of(
                new Script("ash", "script.sh", "script.expected", List.of("busybox", "ash")),
                new Script("bash", "script.sh", "script.expected", List.of("bash-static")),
                new Script("zsh", "script.sh", "script.expected", List.of("zsh-static", "-f")),
                new Script("jobs of bash", "jobs.sh", "jobs.expected", List.of("bash-static")));
    }

    static String resource(String name) {
        try (InputStream stream = Programs.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of the programs in C. */
    static Stream<String> sources() throws IOException {
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

    /** Makes a program of each of {@link #sources} in {@code folder}. */
    static void compileInto(Path folder) throws IOException {
        Path compiler = Guests.compiler();
        for (String program : sources().toList()) {
            Outcome outcome = Command.of(
                            compiler.toString(),
                            "-O1",
                            "-fno-builtin",
                            "-static",
                            "-pthread",
                            SOURCES.resolve(program + ".c").toString(),
                            "-o",
                            folder.resolve(program).toString(),
                            "-lm")
                    .run();
            if (outcome.status() != 0) {
                throw new AssertionError(outcome.error());
            }
        }
    }

    static Stream<Case> statics() {
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
}
