package dev.rhea.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code ./dev bench user}: steady state of the kernels in src/main/c, and whole cold runs of real programs, on Rhea and on
 * two versions of the reference, in turn.
 */
public final class UserBenchmark {
    private static final Set<String> FLOATING = Set.of("nbody", "matmul", "mandelbrot");

    private final Path home;
    private final Path folder;
    private final Guests guests;
    private final int rounds;
    private final int repetitions;
    private final String only;
    private final List<Emulator> emulators = new ArrayList<>();
    private final StringBuilder table = new StringBuilder();

    private UserBenchmark(Path home, Map<String, String> settings) throws IOException, InterruptedException {
        this.home = home;
        this.folder = Files.createTempDirectory("rhea-bench");
        this.guests = new Guests(home);
        this.rounds = Integer.parseInt(settings.getOrDefault("rounds", "3"));
        this.repetitions = Integer.parseInt(settings.getOrDefault("repetitions", "60"));
        this.only = settings.getOrDefault("only", "");
        for (String suite : settings.getOrDefault("references", "bookworm,sid").split(",")) {
            String program = guests.get("reference", suite, "riscv64").toString();
            Measurement version = Run.of(List.of(program, "-version"), Map.of(), folder);
            emulators.add(new Emulator(
                    version.output().replaceAll("(?s).*version ([0-9.]+).*", "$1"), List.of(program), false));
        }
        emulators.add(new Emulator("Rhea", List.of(home.resolve("rhea").toString(), "user", "riscv64"), true));
    }

    /** @param arguments {@code --name=value} settings: rounds, repetitions, references, only, parts, write */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String argument : arguments) {
            if (!argument.matches("--[a-z]+=.*")) {
                System.err.println("usage: ./dev bench user [--rounds=3] [--repetitions=60] [--references=bookworm,sid]"
                        + " [--only=NAME] [--parts=kernels,programs] [--write=yes]");
                System.exit(2);
            }
            settings.put(argument.substring(2, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
        }
        Path home =
                Path.of(System.getProperty("rhea.home", ".")).toAbsolutePath().normalize();
        UserBenchmark benchmark = new UserBenchmark(home, settings);
        String parts = settings.getOrDefault("parts", "kernels,programs");
        String command = "./dev bench user " + String.join(" ", arguments);
        benchmark.say("# Benchmarks\n\nMade by `" + command.strip() + "` on " + LocalDate.now() + ", "
                + Runtime.getRuntime().availableProcessors() + " processors, " + benchmark.rounds
                + " rounds in turn; figures are medians. Ratios are Rhea's CPU time to the faster reference's: below 1, Rhea is"
                + " faster.");
        if (parts.contains("kernels")) {
            benchmark.kernels();
        }
        if (parts.contains("programs")) {
            benchmark.programs();
        }
        if (settings.getOrDefault("write", settings.containsKey("only") ? "no" : "yes")
                .equals("yes")) {
            Files.writeString(home.resolve("docs/BENCHMARKS.md"), benchmark.table);
        }
        try (Stream<Path> files = Files.list(benchmark.folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(benchmark.folder);
    }

    private void say(String line) {
        PrintStream out = System.out;
        out.println(line);
        out.flush();
        table.append(line).append('\n');
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private Map<String, String> environment(Emulator emulator, Program program) {
        Map<String, String> all = new LinkedHashMap<>(program.environment());
        // The reference's guests cannot execute guest programs unless the host's kernel is told to: they name it
        // instead.
        all.put("RUN", emulator.executes() ? "" : emulator.command().getFirst());
        all.put("RHEA_NO_BUILD", "1");
        return all;
    }

    private void heading(String title, String first, String unit, String more) {
        StringBuilder head = new StringBuilder("| " + first);
        StringBuilder rule = new StringBuilder("|---");
        for (Emulator emulator : emulators) {
            head.append(" | ")
                    .append(emulator.executes() ? emulator.name() : "reference " + emulator.name())
                    .append(", ")
                    .append(unit);
            rule.append("|--:");
        }
        say("\n## " + title + "\n");
        say(head + more + " |");
        say(rule + "|--:".repeat((int) more.chars().filter(c -> c == '|').count()) + "|");
    }

    private void kernels() throws IOException, InterruptedException {
        String compiler = guests.get("cc", "riscv64").toString();
        List<String> names = new ArrayList<>();
        try (Stream<Path> sources = Files.list(home.resolve("bench/src/main/c"))) {
            for (Path source : sources.sorted().toList()) {
                String name = source.getFileName().toString().replace(".c", "");
                if (source.toString().endsWith(".c") && name.contains(only)) {
                    Run.of(
                            List.of(
                                    compiler,
                                    "-O2",
                                    "-static",
                                    source.toString(),
                                    "-o",
                                    folder.resolve(name).toString(),
                                    "-lm"),
                            Map.of(),
                            folder);
                    names.add(name);
                }
            }
        }
        heading(
                "Steady state of kernels: thread CPU per repetition, median of the last half of " + repetitions,
                "kernel",
                "ms",
                " | ratio | first repetition, ratio | whole run, ratio of all CPU");
        List<Double> ratios = new ArrayList<>();
        List<Double> floating = new ArrayList<>();
        for (String name : names) {
            double[][] steady = new double[emulators.size()][rounds];
            double[][] first = new double[emulators.size()][rounds];
            double[][] whole = new double[emulators.size()][rounds];
            String check = "";
            boolean wrong = false;
            for (int round = 0; round < rounds; round++) {
                for (int e = 0; e < emulators.size(); e++) {
                    Program program =
                            new Program(name, List.of(folder.resolve(name).toString(), "" + repetitions), Map.of());
                    Measurement m = Run.of(
                            emulators.get(e).running(program.words()), environment(emulators.get(e), program), folder);
                    String[] lines = m.output().strip().split("\n");
                    String last = lines[lines.length - 1];
                    check = check.isEmpty() ? last : check;
                    if (!last.equals(check) || lines.length != repetitions + 1) {
                        wrong = true;
                        steady[e][round] = first[e][round] = whole[e][round] = Double.NaN;
                        continue;
                    }
                    double[] half = new double[repetitions - repetitions / 2];
                    for (int i = 0; i < half.length; i++) {
                        half[i] = Double.parseDouble(lines[repetitions / 2 + i]) / 1e6;
                    }
                    steady[e][round] = Run.median(half);
                    first[e][round] = Double.parseDouble(lines[0]) / 1e6;
                    whole[e][round] = m.cpu();
                }
            }
            StringBuilder row = new StringBuilder("| " + name);
            for (double[] values : steady) {
                row.append(format(" | %.2f", Run.median(values)));
            }
            double ratio = ratio(steady);
            if (wrong) {
                say(row + " | wrong result | | |");
                continue;
            }
            ratios.add(ratio);
            if (FLOATING.contains(name)) {
                floating.add(ratio);
            }
            say(row + format(" | **%.2f** | %.2f | %.2f |", ratio, ratio(first), ratio(whole)));
        }
        if (!ratios.isEmpty()) {
            say(format("\nGeometric mean **%.2f**", Run.geometricMean(ratios))
                    + (floating.isEmpty()
                            ? ""
                            : format("; of the floating-point kernels **%.2f**", Run.geometricMean(floating)))
                    + ". Targets: 0.6, floating point 0.25.");
        }
    }

    /** The last emulator's median to the least of the others'. */
    private static double ratio(double[][] values) {
        double least = Double.MAX_VALUE;
        for (int e = 0; e < values.length - 1; e++) {
            least = Math.min(least, Run.median(values[e]));
        }
        return Run.median(values[values.length - 1]) / least;
    }

    private void programs() throws IOException, InterruptedException {
        heading(
                "Whole cold runs of real programs: CPU of all threads and processes",
                "program",
                "s",
                " | ratio | wall, ratio | Rhea's peak memory, MB | reference's");
        List<Double> ratios = new ArrayList<>();
        List<Double> walls = new ArrayList<>();
        for (Program program : Programs.all(guests, folder)) {
            if (!program.name().contains(only)) {
                continue;
            }
            double[][] cpu = new double[emulators.size()][rounds];
            double[][] wall = new double[emulators.size()][rounds];
            long[] peak = new long[emulators.size()];
            int expected = -1;
            boolean wrong = false;
            for (int round = 0; round < rounds; round++) {
                for (int e = 0; e < emulators.size(); e++) {
                    Measurement m = Run.of(
                            emulators.get(e).running(program.words()), environment(emulators.get(e), program), folder);
                    // What a program says of the time it took may differ; what it computes may not.
                    int result = m.output().replaceAll("[0-9.]+m?s", "").hashCode() * 31 + m.status();
                    expected = round == 0 && e == 0 ? result : expected;
                    wrong |= result != expected;
                    cpu[e][round] = m.cpu();
                    wall[e][round] = m.wall();
                    peak[e] = Math.max(peak[e], m.peak());
                }
            }
            StringBuilder row = new StringBuilder("| " + program.name());
            for (double[] values : cpu) {
                row.append(format(" | %.2f", Run.median(values)));
            }
            if (wrong) {
                say(row + " | wrong result | | | |");
                continue;
            }
            ratios.add(ratio(cpu));
            walls.add(ratio(wall));
            say(row
                    + format(
                            " | **%.2f** | %.2f | %d | %d |",
                            ratio(cpu), ratio(wall), peak[peak.length - 1] >> 20, peak[0] >> 20));
        }
        if (!ratios.isEmpty()) {
            say(format(
                    "\nGeometric mean **%.2f** in CPU, %.2f in wall time. Target: 1.5 in CPU.",
                    Run.geometricMean(ratios), Run.geometricMean(walls)));
        }
    }
}
