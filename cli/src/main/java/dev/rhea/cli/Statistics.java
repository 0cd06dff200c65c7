package dev.rhea.cli;

import dev.rhea.engine.cpu.Counters;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Stats;
import dev.rhea.engine.interp.DecodeStats;
import dev.rhea.engine.jit.TranslatorStatistics;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code --stats} prints at exit: where time and instructions went. Times are what the host's kernel charged to the
 * JVM's threads; threads that have ended are only in the total.
 */
public final class Statistics {
    /** Clock ticks of /proc in a second. */
    private static final double TICKS = 100;

    /** Fields of /proc/PID/stat behind the name: utime and stime are the 12th and 13th. */
    private static final int UTIME = 11;

    private Statistics() {}

    /** Prints, one figure a line. Call while the guests' memory and threads are still there. */
    public static void print(PrintStream out, Engine engine) {
        double total = ticks(Path.of("/proc/self/stat")) / TICKS;
        Stats stats = engine.stats();
        Counters counters = stats.counters();
        DecodeStats decode = stats.decode();
        line(out, "instructions executed", "%,d", counters.executed);
        line(out, "  interpreted", "%,d", counters.interpreted);
        line(out, "  in regions", "%,d", counters.executed - counters.interpreted);
        line(out, "processors", "%,d", stats.processors());
        line(out, "CPU time of all threads", "%.2f s", total);
        if (total > 0) {
            line(out, "instructions per CPU second", "%.1f M", counters.executed / total / 1e6);
        }
        for (Map.Entry<String, Double> group : threads().entrySet()) {
            if (group.getValue() >= 1 / TICKS) {
                line(out, "  " + group.getKey(), "%.2f s", group.getValue());
            }
        }
        line(out, "times the interpreter was entered", "%,d", counters.slices);
        line(out, "instructions decoded", "%,d", decode.instructions());
        line(out, "  not remembered from elsewhere", "%,d", decode.lowered());
        line(out, "  time to decode them (wall)", "%.2f s", decode.nanoseconds() / 1e9);
        line(out, "pages with decoded code", "%,d", decode.pages());
        line(out, "  dropped since they were written to", "%,d", decode.invalidations());
        line(out, "misses of the soft TLB", "%,d", counters.tlbMisses);
        TranslatorStatistics t = stats.translator();
        if (t != null) {
            line(out, "times the loop entered a region", "%,d", counters.entries);
            line(out, "regions made", "%,d", t.units);
            line(out, "  guest instructions in them", "%,d", t.instructions);
            line(out, "  bytes of bytecode in them", "%,d", t.bytes);
            line(out, "  time to make them", "%.2f s", t.nanoseconds / 1e9);
            line(out, "  dropped since their code changed", "%,d", t.dropped);
            line(out, "  evicted by the code budget", "%,d", t.evicted);
        }
    }

    private static void line(PrintStream out, String what, String format, Object value) {
        out.println(String.format(Locale.ROOT, "%-38s " + format, what, value));
    }

    /** Seconds of CPU by kind of thread. */
    private static Map<String, Double> threads() {
        Map<String, Double> groups = new TreeMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                groups.merge(
                        kind(Files.readString(task.resolve("comm"), StandardCharsets.ISO_8859_1)
                                .strip()),
                        ticks(task.resolve("stat")) / TICKS,
                        Double::sum);
            }
        } catch (IOException e) {
            // A thread ended while we looked, or this is no Linux: what is there has to do.
        }
        return groups;
    }

    private static String kind(String name) {
        if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
            return "HotSpot's " + name.substring(0, 2);
        }
        if (name.startsWith("VM ")
                || name.startsWith("GC ")
                || name.startsWith("Monitor")
                || name.startsWith("Service")) {
            return "HotSpot's other threads";
        }
        return name;
    }

    private static double ticks(Path stat) {
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return Double.parseDouble(fields[UTIME]) + Double.parseDouble(fields[UTIME + 1]);
        } catch (IOException e) {
            return 0;
        }
    }
}
