package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Dynamic programs of a Debian riscv64 system, found below {@code -L}. */
class SysrootProgramsTest {
    @TempDir
    Path folder;

    record Case(String name, String input, List<String> words) {
        static Case of(String name, String... words) {
            return new Case(name, "", List.of(words));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String PYTHON = """
            import json, hashlib, re, struct, math, collections, zlib, threading, decimal, random
            random.seed(7)
            words = [''.join(random.choice('abcde') for _ in range(4)) for _ in range(2000)]
            print(collections.Counter(words).most_common(3))
            print(hashlib.sha256(' '.join(words).encode()).hexdigest(), zlib.crc32(b'rhea'), len(zlib.compress(b'a' * 10000)))
            print(json.dumps({'pi': math.pi, 'e': [math.exp(i) for i in range(-2, 3)]}), struct.pack('>dI', 0.1, 7).hex())
            print(re.sub(r'(\\w+) (\\w+)', r'\\2 \\1', 'hello world'), decimal.Decimal(2).sqrt(), 2 ** 200)
            total = []
            threads = [threading.Thread(target=lambda n=n: total.append(sum(range(n * 1000)))) for n in range(8)]
            [t.start() for t in threads]; [t.join() for t in threads]
            print(sorted(total), sorted(words)[:3], math.fsum([0.1] * 10))
            """;

    private static final String PERL = """
            my %h; my $t = "the quick brown fox jumps over the lazy dog " x 200;
            $h{$1}++ while $t =~ /(\\w+)/g;
            print join(",", map { "$_=$h{$_}" } sort keys %h), "\\n";
            printf "%.10f %s %d\\n", atan2(1,1)*4, sprintf("%b", 1234), length($t);
            print join(" ", sort { $a <=> $b } map { ($_ * 7919) % 101 } 1..20), "\\n";
            """;

    private static final String SQL = """
            create table t(a integer primary key, b text, c real);
            with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
              insert into t select i, printf('%08x', i * 2654435761 % 4294967296), i / 7.0 from n;
            create index x on t(b);
            select count(*), sum(a), round(avg(c), 6), min(b), max(b) from t;
            select a, b from t where b like '00%' order by b limit 5;
            """;

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("python3", PYTHON, List.of("python3", "-S", "-")),
                new Case("perl", PERL, List.of("perl", "-")),
                new Case("sqlite3", SQL, List.of("sqlite3", ":memory:")),
                new Case("openssl digests", "some text\n".repeat(1000), List.of("openssl", "dgst", "-sha3-256")),
                new Case(
                        "openssl ciphers",
                        "some text\n".repeat(1000),
                        List.of(
                                "openssl",
                                "enc",
                                "-aes-256-cbc",
                                "-K",
                                "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                                "-iv",
                                "000102030405060708090a0b0c0d0e0f",
                                "-base64")),
                new Case("xz", "some text that repeats; ".repeat(3000), List.of("xz", "-1", "-c", "--threads=1")),
                Case.of("coreutils factor", "factor", "18446744073709551557", "1000000007"),
                Case.of("coreutils date", "date", "-u", "-d", "@1234567890", "+%F %T %A"),
                new Case("coreutils sort", "10\n9\n2\n33\n1\n", List.of("sort", "-n")),
                Case.of("coreutils ls of a missing file", "ls", "/nonexistent"));
    }

    private static Stream<Arguments> casesInAllTiers() {
        // Translating all that Python executes once takes minutes; the smaller programs go through every tier.
        return cases().flatMap(c -> Stream.of(Rhea.Tiers.values())
                .filter(tiers -> tiers != Rhea.Tiers.REGIONS || !c.name.equals("python3"))
                .map(tiers -> Arguments.of(c, tiers)));
    }

    private static List<String> inSysroot(List<String> words) {
        List<String> all = new ArrayList<>(words);
        all.set(0, Guests.sysroot().resolve("usr/bin").resolve(words.getFirst()).toString());
        all.addAll(0, List.of("-L", Guests.sysroot().toString()));
        return all;
    }

    private Command rhea(Rhea.Tiers tiers, String... words) {
        return Rhea.user(tiers, inSysroot(List.of(words))).in(folder);
    }

    @ParameterizedTest(name = "{0} does what it does under the reference, tiers {1}")
    @MethodSource("casesInAllTiers")
    void doesWhatItDoesUnderTheReference(Case c, Rhea.Tiers tiers) {
        List<String> reference = inSysroot(c.words);
        reference.addFirst(Guests.reference().toString());
        Outcome expected = Command.of(reference).in(folder).reading(c.input).run();
        Outcome outcome =
                Rhea.user(tiers, inSysroot(c.words)).in(folder).reading(c.input).run();
        assertThat(outcome.output()).as("standard error: %s", outcome.error()).isEqualTo(expected.output());
        assertThat(outcome.status()).isEqualTo(expected.status());
    }

    @Test
    void aShellInATerminalOfPythonsControlsItsJobs() {
        String script = """
                import os, pty, signal
                pid, fd = pty.fork()
                if pid == 0:
                    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
                    print("foreground", os.tcgetpgrp(0) == os.getpgrp(), "leader", os.getsid(0) == os.getpid(), flush=True)
                    print("got", signal.sigwait({signal.SIGINT}).name, flush=True)
                    signal.signal(signal.SIGINT, signal.SIG_DFL) # whoever runs the tests may ignore it
                    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
                    os.execlp("bash", "bash", "--norc", "--noediting", "-i")
                out = b""
                def until(text):
                    global out
                    while text not in out:
                        out += os.read(fd, 1000)
                    out = out[out.index(text) + len(text):]
                def line(text):
                    os.write(fd, text.encode() + b"\\n")
                def typed(text): # echoed by the terminal, then printed by cat
                    line(text)
                    until(text.encode())
                    until(text.encode())
                until(b"foreground True leader True")
                os.write(fd, b"\\x03")
                until(b"got SIGINT")
                line("PS1='rea''dy '")
                until(b"ready ")
                line("cat")
                typed("first")
                os.write(fd, b"\\x03")
                until(b"ready ")
                line("echo interrupted $?; cat")
                until(b"interrupted 130")
                typed("second")
                os.write(fd, b"\\x1a")
                until(b"ready ")
                line("echo stopped $?; jobs; fg")
                until(b"stopped 148")
                until(b"Stopped")
                typed("third")
                os.write(fd, b"\\x04")
                until(b"ready ")
                line("echo back $?")
                until(b"back 0")
                line("exit 7")
                print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                """;
        Outcome outcome = rhea(Rhea.Tiers.DEFAULT, "python3", "-S", "-c", script)
                .with("PATH", "/usr/bin:/bin")
                .run();
        assertThat(outcome.output()).as(outcome.error()).isEqualTo("7\n");
    }

    @Test
    void whatAProgramPrintsBecauseOfAKeyIsNotThrownAwayWithIt() {
        String script = """
                import os, pty, signal
                pid, fd = pty.fork()
                if pid == 0:
                    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
                    os.write(1, b"ready ")
                    for n in range(500):
                        signal.sigwait({signal.SIGINT})
                        os.write(1, b"<%d>" % n)
                    os._exit(0)
                out = b""
                def until(text):
                    global out
                    while text not in out:
                        out += os.read(fd, 1000)
                    out = out[out.index(text) + len(text):]
                until(b"ready ")
                for n in range(500):
                    os.write(fd, b"\\x03")
                    until(b"<%d>" % n)
                print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                """;
        Outcome outcome =
                rhea(Rhea.Tiers.DEFAULT, "python3", "-S", "-c", script).run();
        assertThat(outcome.output()).as(outcome.error()).isEqualTo("0\n");
    }

    @Test
    void gccCompilesAndLinksAProgramThatRuns() throws IOException {
        Files.writeString(
                folder.resolve("hello.c"),
                "#include <stdio.h>\nint main(void) { return printf(\"hello from %d\\n\", 6 * 7) - 14; }\n");
        Outcome compiled =
                rhea(Rhea.Tiers.DEFAULT, "gcc", "-O2", "hello.c", "-o", "hello").run();
        assertThat(compiled.status()).as(compiled.error()).isZero();
        Outcome run = Rhea.user(
                        Rhea.Tiers.DEFAULT,
                        List.of(
                                "-L",
                                Guests.sysroot().toString(),
                                folder.resolve("hello").toString()))
                .run();
        assertThat(run.output()).isEqualTo("hello from 42\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void gitMakesTheCommitThatGitMakesEverywhere() throws IOException {
        Files.writeString(folder.resolve("file"), "content\n");
        String script = """
                set -e
                git init -q -b main . && git add file
                git commit -q -m 'a commit' && git log --format='%H %an %s' && git status --short && git fsck --strict
                """;
        Command command = rhea(Rhea.Tiers.DEFAULT, "bash", "-c", script).with("HOME", folder.toString());
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            command = command.with("GIT_" + who + "_NAME", "N")
                    .with("GIT_" + who + "_EMAIL", "n@example.org")
                    .with("GIT_" + who + "_DATE", "1700000000 +0000");
        }
        Outcome outcome = command.run();
        assertThat(outcome.output())
                .as(outcome.error())
                .isEqualTo("1c85f573addaa25beffe81d703b572211523f9e5 N a commit\n");
        assertThat(outcome.status()).isZero();
    }

    @Test
    void aTreeOfCoreutilsProcessesWorksOnFiles() {
        String script = """
                mkdir -p a/b && for i in $(seq 1 20); do echo $i $((i * i)) > a/b/f$i; done
                cat a/b/* | sort -n | tail -n 2; ls a/b | wc -l; du -s --apparent-size a/b/f1 | cut -f2
                cp -r a c && rm -rf a && find c -name 'f1*' | sort | head -n 3 | xargs cat | paste -sd+ ; stat -c '%s %F' c/b/f7
                ln -s b/f2 c/link && readlink c/link && cat c/link | tee d | md5sum && mv d e && test -f e && echo moved
                """;
        Outcome outcome = rhea(Rhea.Tiers.DEFAULT, "bash", "-c", script).run();
        assertThat(outcome.output()).as(outcome.error()).isEqualTo("""
                19 361
                20 400
                20
                a/b/f1
                1 1+10 100+11 121
                5 regular file
                b/f2
                48f5df9177ba700f3f0d8e00876c8f41  -
                moved
                """);
    }

    @Test
    void esbuildBundlesARealPackage() throws IOException {
        Path three = Guests.npm("three");
        Path esbuild = Guests.esbuild();
        Files.writeString(
                folder.resolve("entry.js"),
                "import {Vector3} from '" + three.resolve("build/three.module.js")
                        + "'; console.log(new Vector3(1, 2, 3).length());\n");
        List<String> words = List.of(
                esbuild.toString(), "entry.js", "--bundle", "--minify", "--target=es2020", "--log-level=warning");
        List<String> reference = new ArrayList<>(words);
        reference.addFirst(Guests.reference().toString());
        Outcome expected = Command.of(reference).in(folder).run();
        for (Rhea.Tiers tiers : List.of(Rhea.Tiers.DEFAULT, Rhea.Tiers.INTERPRETER)) {
            Outcome outcome = Rhea.user(tiers, words).in(folder).run();
            assertThat(outcome.status()).as(outcome.error()).isZero();
            assertThat(outcome.output()).hasSizeGreaterThan(10_000).isEqualTo(expected.output());
        }
    }
}
