package dev.rhea.engine.debug;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of unsigned 64-bit addresses as ranges that do not touch each other. Immutable. */
final class Ranges {
    static final Ranges NONE = new Ranges(List.of());

    private final long[] first;
    private final long[] last;

    Ranges(List<StopRange> of) {
        var sorted = new ArrayList<>(of);
        sorted.sort(Comparator.comparing(StopRange::first, Long::compareUnsigned));
        long[] from = new long[sorted.size()];
        long[] to = new long[sorted.size()];
        int count = 0;
        for (StopRange range : sorted) {
            if (count > 0 && Long.compareUnsigned(range.first(), to[count - 1]) <= 0) {
                to[count - 1] = Long.compareUnsigned(range.last(), to[count - 1]) > 0 ? range.last() : to[count - 1];
            } else {
                from[count] = range.first();
                to[count++] = range.last();
            }
        }
        first = java.util.Arrays.copyOf(from, count);
        last = java.util.Arrays.copyOf(to, count);
    }

    boolean isEmpty() {
        return first.length == 0;
    }

    /** Whether an address from {@code from} to {@code to}, both included, is in it. */
    boolean touches(long from, long to) {
        int low = 0;
        int high = first.length;
        while (low < high) { // the first range that does not end before it
            int middle = low + high >>> 1;
            if (Long.compareUnsigned(last[middle], from) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < first.length && Long.compareUnsigned(first[low], to) <= 0;
    }
}
