package dev.rhea.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code ./dev bench boot} and {@code ./dev bench system}: whole machines on Rhea and on the reference, in turn. Boots are measured from
 * outside, from the command to its end; computing inside a guest by the guest's own clock, which is the host's wall time.
 */
public final class SystemBenchmark {
    private static final String APPEND = "console=ttyS0 panic=-1 quiet";

    private final Path home;
    private final Path folder;
    private final Guests guests;
    private final int rounds;
    private final String kernel;
    private final List<Emulator> emulators;
    private final StringBuilder table = new StringBuilder();

    private SystemBenchmark(Path home, Map<String, String> settings) throws IOException, InterruptedException {
        this.home = home;
        folder = Files.createTempDirectory("rhea-bench");
        guests = new Guests(home);
        rounds = Integer.parseInt(settings.getOrDefault("rounds", "3"));
        kernel = guests.get("kernel", "riscv64").resolve("vmlinuz").toString();
        String reference = guests.get("reference-system", "riscv64").toString();
        String version = Run.of(List.of(reference, "-version"), Map.of(), folder)
                .output()
                .replaceAll("(?s).*version ([0-9.]+).*", "$1");
        emulators = List.of(
                new Emulator("reference " + version, List.of(reference), false),
                new Emulator("Rhea", List.of(home.resolve("rhea").toString(), "system", "riscv64"), true));
    }

    /** @param arguments "boot" or "system", then {@code --name=value} settings: rounds */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String argument : List.of(arguments).subList(1, arguments.length)) {
            if (!argument.matches("--[a-z]+=.*")) {
                System.err.println("usage: ./dev bench boot|system [--rounds=3]");
                System.exit(2);
            }
            settings.put(argument.substring(2, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
        }
        Path home =
                Path.of(System.getProperty("rhea.home", ".")).toAbsolutePath().normalize();
        var benchmark = new SystemBenchmark(home, settings);
        if (arguments[0].equals("boot")) {
            benchmark.boots();
        } else {
            benchmark.computing(Integer.parseInt(settings.getOrDefault("repetitions", "40")));
        }
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

    private Path initrd(String name, String script, Path... programs) throws IOException, InterruptedException {
        Path init = folder.resolve(name);
        String text = "#!/bin/sh\nB=/bin/busybox\n$B mount -t proc proc /proc; $B mount -t sysfs sys /sys\n";
        Files.writeString(init, text + script + "$B poweroff -f\n");
        Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> words = new ArrayList<>(List.of("initrd", "riscv64", init.toString()));
        for (Path program : programs) {
            words.add(program.toString());
        }
        return guests.get(words.toArray(String[]::new));
    }

    private List<String> machine(Emulator emulator, int cpus, String memory, Path initrd) {
        return emulator.running(List.of(
                "-M",
                "virt",
                "-smp",
                Integer.toString(cpus),
                "-m",
                memory,
                "-nographic",
                "-kernel",
                kernel,
                "-initrd",
                initrd.toString(),
                "-append",
                APPEND));
    }

    private void boots() throws IOException, InterruptedException {
        say("\n## Boots: Debian's kernel with busybox, from the command to power-off\n");
        say("| boot | emulator | wall s | CPU s | peak MB | wall ratio | CPU ratio |");
        say("|---|---|--:|--:|--:|--:|--:|");
        Path plain = initrd("boot", "echo INIT UP\n");
        for (int cpus : new int[] {1, 2, 4}) {
            List<List<Measurement>> runs = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < emulators.size(); i++) {
                    Measurement run = Run.of(
                            machine(emulators.get(i), cpus, "512M", plain), Map.of("RHEA_NO_BUILD", "1"), folder);
                    if (!run.output().contains("INIT UP")) {
                        throw new IOException(emulators.get(i).name() + " did not boot:\n" + run.output());
                    }
                    runs.get(i).add(run);
                }
            }
            double wall = median(runs.get(0), Measurement::wall);
            double cpu = median(runs.get(0), Measurement::cpu);
            for (int i = 0; i < emulators.size(); i++) {
                double w = median(runs.get(i), Measurement::wall);
                double c = median(runs.get(i), Measurement::cpu);
                say(format(
                        "| %d vCPU | %s | %.2f | %.2f | %.0f | %.2f | %.2f |",
                        cpus,
                        emulators.get(i).name(),
                        w,
                        c,
                        median(runs.get(i), m -> m.peak() / 1e6),
                        w / wall,
                        c / cpu));
            }
        }
    }

    private static double median(List<Measurement> runs, java.util.function.ToDoubleFunction<Measurement> what) {
        return Run.median(runs.stream().mapToDouble(what).toArray());
    }

    private void computing(int repetitions) throws IOException, InterruptedException {
        say("\n## Inside the guest: time per repetition of kernels by the guest's clock, median of the last half\n");
        say("| kernel | reference ms | Rhea ms | ratio |");
        say("|---|--:|--:|--:|");
        String compiler = guests.get("cc", "riscv64").toString();
        List<Double> ratios = new ArrayList<>();
        for (String name :
                List.of("integer", "sort", "hash", "strings", "calls", "chase", "sha256", "nbody", "matmul")) {
            Path program = folder.resolve(name);
            Run.of(
                    List.of(
                            compiler,
                            "-O2",
                            "-static",
                            home.resolve("bench/src/main/c/" + name + ".c").toString(),
                            "-o",
                            program.toString(),
                            "-lm"),
                    Map.of(),
                    folder);
            Path archive = initrd("run-" + name, "/bin/" + name + " " + repetitions + "\n", program);
            double[] medians = new double[2];
            for (int i = 0; i < emulators.size(); i++) {
                double[] each = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    Measurement run =
                            Run.of(machine(emulators.get(i), 1, "512M", archive), Map.of("RHEA_NO_BUILD", "1"), folder);
                    each[round] = steady(run.output());
                }
                medians[i] = Run.median(each);
            }
            ratios.add(medians[1] / medians[0]);
            say(format("| %s | %.2f | %.2f | %.2f |", name, medians[0], medians[1], medians[1] / medians[0]));
        }
        say(format("| geometric mean | | | %.2f |", Run.geometricMean(ratios)));
    }

    /** Milliseconds per repetition; a kernel prints nanoseconds, one a line: see kernel.h. */
    private static double steady(String output) throws IOException {
        double[] times = output.lines()
                .map(String::strip)
                .filter(line -> line.matches("[0-9]+"))
                .mapToDouble(line -> Double.parseDouble(line) / 1e6)
                .toArray();
        if (times.length < 4) {
            throw new IOException("the guest printed no times:\n" + output);
        }
        return Run.median(java.util.Arrays.copyOfRange(times, times.length / 2, times.length));
    }
}
