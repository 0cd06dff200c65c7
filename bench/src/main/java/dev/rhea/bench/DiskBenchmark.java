package dev.rhea.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ./dev bench disk}: a virtio disk on a raw file, on Rhea and on the reference in turn, past the guest's page cache and with the
 * host's; see disk.c for what is done. By the guest's clock.
 */
public final class DiskBenchmark {
    private static final Pattern RESULT = Pattern.compile("(?m)^([a-z]+-[a-z]+) ([0-9.]+)\\r?$");

    private DiskBenchmark() {}

    /** @param arguments settings */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings =
                Settings.of(List.of(arguments), "./dev bench disk [--rounds=3] [--megabytes=512] [--operations=20000]");
        var machines = new Machines();
        int megabytes = settings.number("megabytes", 512);
        String script = "/bin/disk /dev/vda " + megabytes + " " + settings.number("operations", 20000) + "\n";
        Path archive = machines.initrd("disk-init", script, List.of("virtio_blk"), machines.compile("disk"));
        byte[] piece = new byte[1 << 20];
        Path image = machines.folder.resolve("disk.raw");
        try (var out = Files.newOutputStream(image)) {
            for (int i = 0; i < megabytes; i++) {
                out.write(piece); // no holes: those are faster
            }
        }
        Map<String, List<List<Double>>> results = new LinkedHashMap<>();
        for (int round = 0; round < settings.number("rounds", 3); round++) {
            for (int i = 0; i < machines.emulators.size(); i++) {
                Measurement run = machines.run(
                        machines.emulators.get(i),
                        1,
                        archive,
                        "-drive",
                        "file=" + image + ",format=raw,if=none,id=d0",
                        "-device",
                        "virtio-blk-pci,drive=d0");
                Matcher matcher = RESULT.matcher(run.output());
                int found = 0;
                for (; matcher.find(); found++) {
                    results.computeIfAbsent(matcher.group(1), k -> List.of(new ArrayList<>(), new ArrayList<>()))
                            .get(i)
                            .add(Double.valueOf(matcher.group(2)));
                }
                if (found != 4) {
                    throw new IOException("the guest printed no results:\n" + run.output());
                }
            }
        }
        Files.delete(image);
        Machines.say("| disk | reference | Rhea | ratio of times |");
        Machines.say("|---|--:|--:|--:|");
        results.forEach((name, values) -> {
            double reference = median(values.get(0));
            double ours = median(values.get(1));
            String unit = name.startsWith("sequential") ? "MB/s, 1 MiB" : "per second, 4 KiB";
            Machines.say(
                    "| %s, %s | %.0f | %.0f | %.2f |", name.replace('-', ' '), unit, reference, ours, reference / ours);
        });
    }

    private static double median(List<Double> values) {
        return Run.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
