package dev.rhea.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What the host's processor can do, as Linux tells. */
public final class HostProcessor {
    private HostProcessor() {}

    private static final class Features {
        static final Set<String> ALL = read();
    }

    /** Whether the processor has all of these features, by their names in {@code /proc/cpuinfo}. */
    public static boolean has(List<String> features) {
        return Features.ALL.containsAll(features);
    }

    private static Set<String> read() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line ->
                            Set.of(line.substring(line.indexOf(':') + 1).trim().split(" ")))
                    .orElse(Set.of());
        } catch (IOException | IllegalArgumentException e) {
            return Set.of(); // no Linux, or a name twice: then nothing is known of it
        }
    }
}
