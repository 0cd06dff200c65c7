package dev.rhea.engine.cpu;

import dev.rhea.engine.interp.DecodeStats;
import dev.rhea.engine.jit.TranslatorStatistics;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine's time and instructions went, at the moment it was asked.
 *
 * @param processors how many processors there were
 * @param counters of all processors together
 * @param decode of the decoded code
 * @param translator of the translator, or null where there is none
 */
public record Stats(int processors, Counters counters, DecodeStats decode, @Nullable TranslatorStatistics translator) {
    /** A report of some lines, each ended, for people. */
    public String report() {
        var out = new StringBuilder("statistics:\n");
        long regions = counters.executed - counters.interpreted;
        line(out, "  instructions    %,d: %,d interpreted (%.1f %%), %,d in regions, by %,d processors",
                counters.executed, counters.interpreted, percent(counters.interpreted, counters.executed), regions, processors);
        line(out, "  interpreter     entered %,d times; %,d instructions decoded in %.1f ms, %,d of them new; %,d pages",
                counters.slices, decode.instructions(), decode.nanoseconds() / 1e6, decode.lowered(), decode.pages());
        if (translator != null) {
            line(out, "  regions         entered %,d times; %,d made, of %,d instructions and %,d bytes of bytecode, in %.1f ms",
                    counters.entries, translator.units, translator.instructions, translator.bytes, translator.nanoseconds / 1e6);
            line(out, "                  %,d dropped with their code, %,d to make room; %,d requests in vain",
                    translator.dropped, translator.evicted, translator.impossible);
        }
        line(out, "  memory          %,d misses of the soft TLB; decoded code dropped %,d times", counters.tlbMisses, decode.invalidations());
        Map<String, Double> threads = ThreadTimes.bySort();
        if (!threads.isEmpty()) {
            out.append("  processor time ");
            threads.forEach((sort, seconds) -> out.append(String.format(Locale.ROOT, " %s %.2f s;", sort, seconds)));
            out.setCharAt(out.length() - 1, '\n');
        }
        return out.toString();
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 0 : 100.0 * part / whole;
    }

    private static void line(StringBuilder out, String format, Object... arguments) {
        out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
