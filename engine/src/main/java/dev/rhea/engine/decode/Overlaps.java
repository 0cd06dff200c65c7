package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Finds rows that claim the same instruction without a rule that says whose it is. Two rows may overlap only if the
 * encoding of one is within that of the other, which then gives way, or if their predicates tell them apart.
 */
public final class Overlaps {
    private Overlaps() {}

    private static final int SAMPLES = 4096;

    /** Sentences that name the rows and an instruction that is both; none if the table is sound. */
    public static List<String> in(Table<?> table) {
        List<String> found = new ArrayList<>();
        var random = new SplittableRandom(1);
        List<? extends Row<?>> rows = table.rows();
        for (int i = 0; i < rows.size(); i++) {
            for (int j = 0; j < i; j++) {
                Row<?> a = rows.get(i);
                Row<?> b = rows.get(j);
                Encoding x = a.encoding();
                Encoding y = b.encoding();
                boolean nested = x.mask() != y.mask() && (x.within(y) || y.within(x));
                if (x.overlaps(y) && !nested) {
                    search(a, b, random, found);
                }
            }
        }
        return found;
    }

    private static void search(Row<?> a, Row<?> b, SplittableRandom random, List<String> found) {
        long fixed = a.encoding().mask() | b.encoding().mask();
        long match = a.encoding().match() | b.encoding().match();
        int bits = a.encoding().bits();
        long all = bits == 64 ? -1 : (1L << bits) - 1;
        for (int n = 0; n < SAMPLES; n++) {
            long instruction = match | random.nextLong() & all & ~fixed;
            if (a.legal().test(new Insn(a, instruction)) && b.legal().test(new Insn(b, instruction))) {
                found.add("'" + a.syntax() + "' and '" + b.syntax() + "' are both 0x" + Long.toHexString(instruction));
                return;
            }
        }
    }
}
