package dev.rhea.engine.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Processor time of this JVM's threads, HotSpot's own included, as Linux tells it in {@code /proc}: the JDK's beans do not
 * tell the compilers from one another and cost half a second at their first use.
 */
final class ThreadTimes {
    private ThreadTimes() {}

    /** Seconds by sort of thread; empty where the host does not tell. Threads that have ended are the difference to the total. */
    static Map<String, Double> bySort() {
        Map<String, Double> times = new LinkedHashMap<>();
        Path tasks = Path.of("/proc/self/task");
        if (!Files.isDirectory(tasks)) {
            return times;
        }
        times.put("guest", 0.0);
        try (var threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                String name = Files.readString(thread.resolve("comm")).trim();
                String[] numbers = Files.readString(thread.resolve("schedstat")).split(" ");
                times.merge(sort(name), Long.parseLong(numbers[0]) / 1e9, Double::sum);
            }
        } catch (IOException | NumberFormatException e) {
            times.clear(); // a thread ended while we looked, or the host keeps no such account
        }
        return times;
    }

    private static String sort(String name) {
        if (name.startsWith("C1 Compiler")) {
            return "C1";
        }
        if (name.startsWith("C2 Compiler")) {
            return "C2";
        }
        if (name.equals("rhea-translator") || name.startsWith("rhea-translat")) {
            return "translator";
        }
        return name.startsWith("rhea") ? "guest" : "rest of the JVM";
    }
}
