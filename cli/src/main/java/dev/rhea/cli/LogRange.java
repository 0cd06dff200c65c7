package dev.rhea.cli;

import java.util.List;
import java.util.function.LongPredicate;

/** Addresses from {@code first} to {@code last}, both included, unsigned: {@code -dfilter}. */
public record LogRange(long first, long last) {
    /** Whether it holds an address. */
    public boolean holds(long address) {
        return Long.compareUnsigned(address, first) >= 0 && Long.compareUnsigned(address, last) <= 0;
    }

    /** What several let through: everything where there are none. */
    public static LongPredicate filter(List<LogRange> ranges) {
        return ranges.isEmpty() ? address -> true : address -> ranges.stream().anyMatch(range -> range.holds(address));
    }

    /**
     * Reads ranges separated by commas: {@code start+length}, {@code end-length} or {@code first..last}.
     *
     * @throws UsageError for what is none
     */
    public static List<LogRange> parse(String text) throws UsageError {
        List<LogRange> ranges = new java.util.ArrayList<>();
        for (String range : text.split(",")) {
            ranges.add(Numbers.range("dfilter", range));
        }
        return ranges;
    }
}
