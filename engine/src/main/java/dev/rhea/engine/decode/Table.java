package dev.rhea.engine.decode;

import dev.rhea.engine.ir.Builder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An architecture's instructions: rows added in the manual's order, found by bits. Rows are added by one thread; after
 * that any number of threads may decode.
 */
public final class Table<B extends Builder> {
    private static final Predicate<Insn> ALL = new Predicate<>() {
        @Override
        public boolean test(Insn insn) {
            return true;
        }
    };

    private final List<Row<B>> rows = new ArrayList<>();
    private String group = "";

    /** By length in bytes, made at the first decode of that length; a race makes equal trees. */
    private final @Nullable Decision<B>[] trees = newTrees();

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic class cannot be made otherwise
    private static <B extends Builder> @Nullable Decision<B>[] newTrees() {
        return new Decision[9];
    }

    /** Rows added from now on belong to this group. */
    public Table<B> group(String name) {
        group = name;
        return this;
    }

    /** Adds an instruction. See {@link Encoding} for the pattern and {@link Row} for the syntax. */
    public Table<B> insn(String pattern, String syntax, Row.Meaning<B> meaning) {
        return insn(pattern, syntax, ALL, meaning);
    }

    /** Adds an instruction that only some of the bits that fit the pattern are. */
    public Table<B> insn(String pattern, String syntax, Predicate<Insn> legal, Row.Meaning<B> meaning) {
        var row = new Row<>(group, Encoding.of(pattern), syntax, legal, meaning);
        rows.add(row);
        trees[row.length()] = null;
        return this;
    }

    /** All rows in the order they were added. */
    public List<Row<B>> rows() {
        return List.copyOf(rows);
    }

    /** Whether a row takes everything that fits its encoding. */
    static boolean takesAll(Row<?> row) {
        return row.legal() == ALL;
    }

    /**
     * The instruction of {@code bits} bits length that {@code instruction} is, or null: the most specific row that fits,
     * which is one whose encoding is within those of the others.
     */
    public @Nullable Insn decode(long instruction, int bits) {
        Decision<B> tree = trees[bits >> 3];
        if (tree == null) {
            tree = Decision.of(rows, bits);
            trees[bits >> 3] = tree;
        }
        return tree.find(instruction, bits);
    }

    /** Emits the meaning of an instruction that {@link #decode} gave. */
    @SuppressWarnings("unchecked") // the row is one of this table's
    public void emit(B builder, Insn insn) {
        ((Row<B>) insn.row()).meaning().emit(builder, insn);
    }
}
