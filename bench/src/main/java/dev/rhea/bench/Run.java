package dev.rhea.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a command and measures it. The shell's {@code time} is the clock, since Java's processes do not tell what they cost;
 * it counts what the kernel charged to the process and the children it waited for.
 */
final class Run {
    private static final int SAMPLE_MILLISECONDS = 20;

    private Run() {}

    static Measurement of(List<String> command, Map<String, String> environment, Path folder)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("rhea-bench", ".out");
        Path times = Files.createTempFile("rhea-bench", ".time");
        try {
            List<String> words = new ArrayList<>(List.of(
                    "bash",
                    "-c",
                    "TIMEFORMAT='%R %U %S'; out=$1 times=$2; shift 2; { time \"$@\" >\"$out\" 2>&1 </dev/null; } 2>\"$times\"",
                    "bash",
                    output.toString(),
                    times.toString()));
            words.addAll(command);
            ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
            builder.environment().put("LC_ALL", "C");
            builder.environment().putAll(environment);
            Process process = builder.start();
            long peak = 0;
            while (!process.waitFor(SAMPLE_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                long[] now = {0};
                process.descendants().forEach(child -> now[0] = Math.max(now[0], peakOf(child.pid())));
                peak = Math.max(peak, now[0]);
            }
            String[] fields = Files.readString(times).strip().split(" ");
            return new Measurement(
                    Double.parseDouble(fields[0]),
                    Double.parseDouble(fields[1]) + Double.parseDouble(fields[2]),
                    peak,
                    Files.readString(output, StandardCharsets.ISO_8859_1),
                    process.exitValue());
        } finally {
            Files.deleteIfExists(output);
            Files.deleteIfExists(times);
        }
    }

    /** The largest resident set so far of a process, in bytes; 0 if it is gone. */
    private static long peakOf(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (IOException e) {
            // It ended between the listing and the look.
        }
        return 0;
    }

    /** The middle value, or the mean of the two in the middle. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    }

    /** The geometric mean. */
    static double geometricMean(List<Double> values) {
        double logs = 0;
        for (double value : values) {
            logs += Math.log(value);
        }
        return Math.exp(logs / values.size());
    }
}
