package dev.rhea.engine.decode;

import dev.rhea.engine.ir.Builder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An architecture's instructions: rows added in the manual's order, found by bits. */
public final class Table<B extends Builder> {
    private final List<Row<B>> rows = new ArrayList<>();
    private String group = "";

    /** Rows added from now on belong to this group. */
    public Table<B> group(String name) {
        group = name;
        return this;
    }

    /** Adds an instruction. See {@link Encoding} for the pattern and {@link Row} for the syntax. */
    public Table<B> insn(String pattern, String syntax, Row.Meaning<B> meaning) {
        return insn(pattern, syntax, i -> true, meaning);
    }

    /** Adds an instruction that only some of the bits that fit the pattern are. */
    public Table<B> insn(String pattern, String syntax, Predicate<Insn> legal, Row.Meaning<B> meaning) {
        rows.add(new Row<>(group, Encoding.of(pattern), syntax, legal, meaning));
        return this;
    }

    public List<Row<B>> rows() {
        return List.copyOf(rows);
    }

    /** The instruction of {@code bits} bits length that {@code instruction} is, or null: the most specific row that fits. */
    public @Nullable Insn decode(long instruction, int bits) {
        Row<B> best = null;
        for (Row<B> row : rows) {
            if (row.encoding().bits() == bits && row.encoding().matches(instruction)
                    && (best == null || row.encoding().within(best.encoding()))
                    && row.legal().test(new Insn(row, instruction))) {
                best = row;
            }
        }
        return best == null ? null : new Insn(best, instruction);
    }

    /** Emits the meaning of an instruction that {@link #decode} gave. */
    @SuppressWarnings("unchecked") // the row is one of this table's
    public void emit(B builder, Insn insn) {
        ((Row<B>) insn.row()).meaning().emit(builder, insn);
    }
}
