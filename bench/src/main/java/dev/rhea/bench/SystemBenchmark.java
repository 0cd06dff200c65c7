package dev.rhea.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * {@code ./dev bench boot} and {@code ./dev bench system}: whole machines on Rhea and on the reference, in turn. Boots are measured from
 * outside, from the command to its end; computing inside a guest by the guest's own clock, which is the host's wall time.
 */
public final class SystemBenchmark {
    private final Machines machines = new Machines();
    private final int rounds;

    private SystemBenchmark(Settings settings) throws IOException, InterruptedException {
        rounds = settings.number("rounds", 3);
    }

    /** @param arguments "boot" or "system", then settings */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> words = List.of(arguments);
        Settings settings =
                Settings.of(words.subList(1, words.size()), "./dev bench boot|system [--rounds=3] [--repetitions=40]");
        var benchmark = new SystemBenchmark(settings);
        if (words.getFirst().equals("boot")) {
            benchmark.boots();
        } else {
            benchmark.computing(settings.number("repetitions", 40));
        }
    }

    private void boots() throws IOException, InterruptedException {
        Machines.say("%n## Boots: Debian's kernel with busybox, from the command to power-off%n");
        Machines.say("| boot | emulator | wall s | CPU s | peak MB | wall ratio | CPU ratio |");
        Machines.say("|---|---|--:|--:|--:|--:|--:|");
        Path plain = machines.initrd("boot", "echo INIT UP\n", List.of());
        for (int cpus : new int[] {1, 2, 4}) {
            List<List<Measurement>> runs = List.of(new ArrayList<>(), new ArrayList<>());
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < runs.size(); i++) {
                    Emulator emulator = machines.emulators.get(i);
                    Measurement run = machines.run(emulator, cpus, plain);
                    if (!run.output().contains("INIT UP")) {
                        throw new IOException(emulator.name() + " did not boot:\n" + run.output());
                    }
                    runs.get(i).add(run);
                }
            }
            double wall = median(runs.get(0), Measurement::wall);
            double cpu = median(runs.get(0), Measurement::cpu);
            for (int i = 0; i < runs.size(); i++) {
                double w = median(runs.get(i), Measurement::wall);
                double c = median(runs.get(i), Measurement::cpu);
                double peak = median(runs.get(i), m -> m.peak() / 1e6);
                String name = machines.emulators.get(i).name();
                Machines.say(
                        "| %d vCPU | %s | %.2f | %.2f | %.0f | %.2f | %.2f |",
                        cpus, name, w, c, peak, w / wall, c / cpu);
            }
        }
    }

    private static double median(List<Measurement> runs, ToDoubleFunction<Measurement> what) {
        return Run.median(runs.stream().mapToDouble(what).toArray());
    }

    private void computing(int repetitions) throws IOException, InterruptedException {
        Machines.say(
                "%n## Inside the guest: time per repetition of kernels by the guest's clock, median of the last half%n");
        Machines.say("| kernel | reference ms | Rhea ms | ratio |");
        Machines.say("|---|--:|--:|--:|");
        List<Double> ratios = new ArrayList<>();
        for (String name :
                List.of("integer", "sort", "hash", "strings", "calls", "chase", "sha256", "nbody", "matmul")) {
            Path program = machines.compile(name);
            Path archive =
                    machines.initrd("run-" + name, "/bin/" + name + " " + repetitions + "\n", List.of(), program);
            double[] medians = new double[2];
            for (int i = 0; i < medians.length; i++) {
                double[] each = new double[rounds];
                for (int round = 0; round < rounds; round++) {
                    each[round] = steady(
                            machines.run(machines.emulators.get(i), 1, archive).output());
                }
                medians[i] = Run.median(each);
            }
            ratios.add(medians[1] / medians[0]);
            Machines.say("| %s | %.2f | %.2f | %.2f |", name, medians[0], medians[1], medians[1] / medians[0]);
        }
        Machines.say("| geometric mean | | | %.2f |", Run.geometricMean(ratios));
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
        return Run.median(Arrays.copyOfRange(times, times.length / 2, times.length));
    }
}
