package dev.rhea.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code ./dev bench demo}: {@code ./rhea demo} from the command to the shell's prompt, with everything built and fetched, and what its
 * process takes of memory then, beside the guest's. The reference runs the same machine by the same command line.
 */
public final class DemoBenchmark {
    private static final String PROMPT = "~ # ";
    private static final int LIMIT_SECONDS = 120;
    private static final long GUEST_KILOBYTES = 512 << 10;
    private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-([0-9a-f]+) (rw)?.*");
    private static final Pattern HEAP = Pattern.compile("(?m)^ *\\S.*?total (\\d+)K, used (\\d+)K");

    /** What one start showed; bytes as kilobytes. */
    private record Start(double seconds, long resident, long guest, long heap) {}

    private final Machines machines = new Machines();

    private DemoBenchmark() throws IOException, InterruptedException {}

    /** @param arguments settings */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Settings settings = Settings.of(List.of(arguments), "./dev bench demo [--rounds=5]");
        new DemoBenchmark().measure(settings.number("rounds", 5));
    }

    private void measure(int rounds) throws IOException, InterruptedException {
        Path shell = machines.guests.get("initrd", "riscv64");
        List<String> reference = machines.emulators
                .getFirst()
                .running(List.of(
                        "-M",
                        "virt",
                        "-m",
                        "512M",
                        "-nographic",
                        "-kernel",
                        machines.kernel,
                        "-initrd",
                        shell.toString(),
                        "-append",
                        "console=ttyS0 quiet"));
        List<String> demo = List.of(machines.home.resolve("rhea").toString(), "demo");
        List<List<Start>> starts = List.of(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            starts.get(0).add(start(reference));
            starts.get(1).add(start(demo));
        }
        Machines.say("| to the prompt | s | resident MB | of it guest RAM | the rest | Java heap in use |");
        Machines.say("|---|--:|--:|--:|--:|--:|");
        for (int i = 0; i < starts.size(); i++) {
            List<Start> all = starts.get(i);
            double resident = median(all.stream().mapToDouble(Start::resident)) * 1024 / 1e6;
            double guest = median(all.stream().mapToDouble(Start::guest)) * 1024 / 1e6;
            double heap = median(all.stream().mapToDouble(Start::heap)) * 1024 / 1e6;
            Machines.say(
                    "| %s | %.2f | %.0f | %.0f | %.0f | %s |",
                    i == 0 ? machines.emulators.getFirst().name() : "`./rhea demo`",
                    median(all.stream().mapToDouble(Start::seconds)),
                    resident,
                    guest,
                    resident - guest,
                    i == 0 ? "" : Math.round(heap));
        }
    }

    private static double median(java.util.stream.DoubleStream values) {
        return Run.median(values.toArray());
    }

    private Start start(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(machines.folder.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        long from = System.nanoTime();
        Process process = builder.start();
        try {
            process.onExit()
                    .completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS)
                    .thenAccept(DemoBenchmark::end);
            awaitPrompt(process.getInputStream());
            double seconds = (System.nanoTime() - from) / 1e9;
            for (ProcessHandle each : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .toList()) {
                long[] memory = resident(each.pid());
                if (memory[1] > 0) {
                    return new Start(seconds, memory[0], memory[1], heap(each.pid()));
                }
            }
            throw new IOException("no process of " + command + " has a guest's memory");
        } finally {
            end(process);
            process.waitFor();
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static void awaitPrompt(InputStream output) throws IOException {
        var seen = new StringBuilder();
        while (seen.indexOf(PROMPT) < 0) {
            int c = output.read();
            if (c < 0) {
                throw new IOException("it ended without a prompt:\n" + seen);
            }
            seen.append((char) c);
        }
    }

    /** Resident kilobytes of a process, and of them those in the mapping that holds the guest's RAM; zeros where it has ended. */
    private static long[] resident(long pid) {
        long all = 0;
        long guest = 0;
        boolean inGuest = false;
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of("/proc/" + pid + "/smaps"));
        } catch (IOException e) {
            return new long[] {0, 0};
        }
        for (String line : lines) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long bytes =
                        Long.parseUnsignedLong(mapping.group(2), 16) - Long.parseUnsignedLong(mapping.group(1), 16);
                // The kernel makes one mapping of the guest's RAM and what was mapped next to it.
                inGuest = mapping.group(3) != null && bytes >> 10 >= GUEST_KILOBYTES;
            } else if (line.startsWith("Rss:")) {
                long kilobytes = Long.parseLong(line.replaceAll("[^0-9]", ""));
                all += kilobytes;
                guest += inGuest ? kilobytes : 0;
            }
        }
        return new long[] {all, guest};
    }

    /** Kilobytes in use of a Java process's heap; 0 for another process. */
    private static long heap(long pid) throws IOException, InterruptedException {
        if (!ProcessHandle.of(pid).flatMap(p -> p.info().command()).orElse("").endsWith("java")) {
            return 0;
        }
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        Long.toString(pid),
                        "GC.heap_info")
                .redirectErrorStream(true)
                .start();
        String text;
        try (BufferedReader reader = jcmd.inputReader(StandardCharsets.UTF_8)) {
            text = String.join("\n", reader.lines().toList());
        }
        jcmd.waitFor();
        long used = 0;
        for (Matcher part = HEAP.matcher(text); part.find(); ) {
            if (!part.group().contains("Metaspace")) {
                used += Long.parseLong(part.group(2));
            }
        }
        return used;
    }
}
