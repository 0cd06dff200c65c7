package dev.rhea.engine.decode;

import dev.rhea.engine.ir.Builder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node of the tree that finds a row by an instruction's bits: it looks at one run of bits and goes on among the rows that
 * agree with them. Children are made when an instruction first needs them, so a program pays only for what it executes.
 */
final class Decision<B extends Builder> {
    /** So few rows are compared one by one. */
    private static final int FEW = 3;

    private static final int MOST_BITS = 8;

    /** The rows that may fit, those with more fixed bits first: a row within another comes before it. */
    private final List<Row<B>> rows;

    private final int shift;
    /** Mask of the run of bits after shifting; 0 in a leaf. */
    private final int run;

    /** Written by any thread; a race makes equal nodes, and nodes never change but for this. */
    private final @Nullable Decision<B>[] children;

    private Decision(List<Row<B>> rows, int bits) {
        this.rows = rows;
        int low = 0;
        int width = 0;
        if (rows.size() > FEW) {
            int[] zeros = new int[bits];
            int[] ones = new int[bits];
            count(rows, zeros, ones);
            int best = 0;
            for (int i = 1; i < bits; i++) {
                best = Math.min(zeros[i], ones[i]) > Math.min(zeros[best], ones[best]) ? i : best;
            }
            if (Math.min(zeros[best], ones[best]) > 0) {
                int high = best;
                low = best;
                while (high - low + 1 < MOST_BITS) {
                    int up = high + 1 < bits ? zeros[high + 1] + ones[high + 1] : 0;
                    int down = low > 0 ? zeros[low - 1] + ones[low - 1] : 0;
                    if (Math.max(up, down) * 2 < rows.size()) {
                        break;
                    }
                    if (up >= down) {
                        high++;
                    } else {
                        low--;
                    }
                }
                width = high - low + 1;
            }
        }
        shift = low;
        run = (1 << width) - 1;
        children = newChildren(width == 0 ? 0 : 1 << width);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic class cannot be made otherwise
    private static <B extends Builder> @Nullable Decision<B>[] newChildren(int count) {
        return new Decision[count];
    }

    /** How many rows fix each bit to 0 and to 1. */
    private static <B extends Builder> void count(List<Row<B>> rows, int[] zeros, int[] ones) {
        for (Row<B> row : rows) {
            long match = row.encoding().match();
            for (long left = row.encoding().mask(); left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                if ((match >>> bit & 1) == 0) {
                    zeros[bit]++;
                } else {
                    ones[bit]++;
                }
            }
        }
    }

    /** The tree for the rows of one length. */
    static <B extends Builder> Decision<B> of(List<Row<B>> all, int bits) {
        List<Row<B>> rows = new ArrayList<>();
        for (Row<B> row : all) {
            if (row.encoding().bits() == bits) {
                rows.add(row);
            }
        }
        rows.sort((a, b) ->
                Long.bitCount(b.encoding().mask()) - Long.bitCount(a.encoding().mask()));
        return new Decision<>(rows, bits);
    }

    /** The first row that fits, in the order said at {@link #rows}, or null. */
    @Nullable
    Insn find(long instruction, int bits) {
        Decision<B> at = this;
        while (at.run != 0) {
            int index = (int) (instruction >>> at.shift) & at.run;
            Decision<B> child = at.children[index];
            if (child == null) {
                child = at.child(index, bits);
                at.children[index] = child;
            }
            at = child;
        }
        for (int i = 0, n = at.rows.size(); i < n; i++) {
            Row<B> row = at.rows.get(i);
            if (row.encoding().matches(instruction)) {
                Insn insn = new Insn(row, instruction);
                if (row.legal().test(insn)) {
                    return insn;
                }
            }
        }
        return null;
    }

    private Decision<B> child(int index, int bits) {
        long looked = (long) run << shift;
        long seen = (long) index << shift;
        List<Row<B>> fitting = new ArrayList<>();
        for (Row<B> row : rows) {
            Encoding e = row.encoding();
            if (((e.match() ^ seen) & e.mask() & looked) == 0) {
                fitting.add(row);
            }
        }
        // one bit of the run is 0 in some rows and 1 in others, so a child has fewer rows than its parent, and this
        // ends
        return new Decision<>(fitting, bits);
    }
}
