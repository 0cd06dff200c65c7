package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * Which instruction words of a length no row takes: what a manual must call reserved, custom or another extension's.
 * Predicates count as taking all, since they choose among what an encoding has.
 *
 * @param bits the length
 * @param taken how many words some row takes
 * @param holes the others as patterns of {@code 0}, {@code 1} and {@code -}, disjoint
 */
public record Completeness(int bits, long taken, List<String> holes) {
    /**
     * Looks at the words of one length.
     *
     * @param bits up to 32
     * @param pattern only words that fit it: {@code 0}, {@code 1} and {@code -}, highest bit first
     */
    public static Completeness of(Table<?> table, int bits, String pattern) {
        long mask = 0;
        long match = 0;
        for (int i = 0; i < bits; i++) {
            char c = pattern.charAt(i);
            mask = mask << 1 | (c == '-' ? 0 : 1);
            match = match << 1 | (c == '1' ? 1 : 0);
        }
        List<Encoding> rows = new ArrayList<>();
        for (Row<?> row : table.rows()) {
            Encoding e = row.encoding();
            if (e.bits() == bits && ((e.match() ^ match) & e.mask() & mask) == 0) {
                rows.add(e);
            }
        }
        List<String> holes = new ArrayList<>();
        long taken = split(rows, bits, mask, match, holes);
        return new Completeness(bits, taken, holes);
    }

    /** Counts the words that fit mask and match and that one of the rows takes; adds the patterns of the others. */
    private static long split(List<Encoding> rows, int bits, long mask, long match, List<String> holes) {
        if (rows.isEmpty()) {
            holes.add(pattern(bits, mask, match));
            return 0;
        }
        int best = -1;
        int most = 0;
        int[] fixed = new int[bits];
        for (Encoding row : rows) {
            if ((row.mask() & ~mask) == 0) {
                return 1L << bits - Long.bitCount(mask);
            }
            for (long left = row.mask() & ~mask; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                if (++fixed[bit] > most) {
                    most = fixed[bit];
                    best = bit;
                }
            }
        }
        long taken = 0;
        for (long value = 0; value < 2; value++) {
            long bit = 1L << best;
            List<Encoding> fitting = new ArrayList<>();
            for (Encoding row : rows) {
                if ((row.mask() & bit) == 0 || (row.match() >>> best & 1) == value) {
                    fitting.add(row);
                }
            }
            taken += split(fitting, bits, mask | bit, match | value << best, holes);
        }
        return taken;
    }

    private static String pattern(int bits, long mask, long match) {
        var text = new StringBuilder(bits);
        for (int i = bits - 1; i >= 0; i--) {
            text.append((mask >>> i & 1) == 0 ? '-' : (char) ('0' + (match >>> i & 1)));
        }
        return text.toString();
    }
}
