package dev.rhea.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real programs, with inputs made on the spot. */
final class Programs {
    private Programs() {}

    /** @param folder where inputs are written */
    static List<Program> all(Guests guests, Path folder) throws IOException, InterruptedException {
        Path bin = guests.get("static", "riscv64").resolve("bin");
        Path sysroot = guests.get("sysroot", "riscv64");
        Path three = guests.get("npm", "three").resolve("build/three.module.js");
        String busybox = bin.resolve("busybox").toString();
        StringBuilder numbers = new StringBuilder();
        for (int i = 1; i <= 2_000_000; i++) {
            numbers.append(i).append('\n');
        }
        Files.writeString(folder.resolve("seq.txt"), numbers);
        Files.writeString(
                folder.resolve("loop.py"), "s = 0\nfor i in range(1000000):\n    s = (s * 31 + i) % 65521\nprint(s)\n");
        Files.writeString(
                folder.resolve("words.pl"),
                "my %h; my $t = 'the quick brown fox jumps over the lazy dog ' x 8000; $h{$1}++ while $t =~ /(\\w+)/g;"
                        + " print join(',', map { \"$_=$h{$_}\" } sort keys %h), \"\\n\";\n");
        Files.writeString(
                folder.resolve("queries.sql"),
                "create table t(a integer primary key, b text);\n"
                        + "with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000)"
                        + " insert into t select i, printf('%08x', i * 2654435761 % 4294967296) from n;\n"
                        + "create index x on t(b);\nselect count(*), sum(a), min(b), max(b) from t where b > '4';\n");
        List<Program> programs = new ArrayList<>();
        programs.add(of("hello world", busybox, "echo", "hello, world"));
        programs.add(of("sha256sum of 15 MB", busybox, "sha256sum", "seq.txt"));
        programs.add(of("gzip of 15 MB", busybox, "gzip", "-c", "seq.txt"));
        programs.add(of(
                "awk, 1 M iterations", busybox, "awk", "BEGIN { for (i = 0; i < 1000000; i++) s += i % 7; print s }"));
        programs.add(of(
                "bash, 100 k loop",
                bin.resolve("bash-static").toString(),
                "-c",
                "for ((i = 0; i < 100000; i++)); do ((s += i)); done; echo $s"));
        programs.add(of(
                "esbuild bundling three",
                guests.get("esbuild", "riscv64").toString(),
                three.toString(),
                "--bundle",
                "--minify",
                "--outfile=out.js"));
        programs.add(in(sysroot, "python3, 1 M iterations", "python3", "-S", "loop.py"));
        programs.add(in(sysroot, "sqlite3, 200 k rows", "sqlite3", ":memory:", ".read queries.sql"));
        programs.add(in(sysroot, "xz -0 of 15 MB", "xz", "-0", "-c", "-T1", "seq.txt"));
        programs.add(in(sysroot, "perl, regex and hash", "perl", "words.pl"));
        programs.add(new Program(
                "sh, 500 fork and exec",
                List.of(busybox, "ash", "-c", "i=0; while [ $i -lt 500 ]; do $RUN $BB true; i=$((i + 1)); done"),
                Map.of("BB", busybox)));
        return programs;
    }

    private static Program of(String name, String... words) {
        return new Program(name, List.of(words), Map.of());
    }

    private static Program in(Path sysroot, String name, String... words) {
        List<String> all = new ArrayList<>(List.of("-L", sysroot.toString()));
        all.addAll(List.of(words));
        all.set(2, sysroot.resolve("usr/bin").resolve(words[0]).toString());
        return new Program(name, all, Map.of());
    }
}
