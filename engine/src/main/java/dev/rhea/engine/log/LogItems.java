package dev.rhea.engine.log;

import dev.rhea.engine.abi.NearMiss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words of {@code -d}, and those of the reference's that mean nothing here. */
public final class LogItems {
    /** Where explanations begin. */
    private static final int COLUMN = 16;

    private LogItems() {}

    private static final Map<String, String> ELSEWHERE = Map.of(
            "out_asm", "host code is HotSpot's: -XX:+PrintAssembly shows it",
            "op_opt", "'op' shows the operations as they are first emitted",
            "op_ind", "'op' shows the operations as they are first emitted",
            "tid", "there is one log for all threads",
            "plugin", "plugins for the reference's C interface do not load here");

    /** Of the reference's, but about what user mode (or this architecture) has not: accepted, and nothing is printed. */
    private static final Set<String> EMPTY = Set.of("mmu", "pcall", "cpu_reset", "vpu", "op_plugin");

    private static final String NONE = "none";
    private static final String ALL = "all";

    /**
     * Adds what a list of words names; {@code none} takes all away, {@code all} is each of them.
     *
     * @throws BadLogException for a word that is none; then the list of all items is to be printed too
     */
    public static void add(Set<LogItem> items, String words) throws BadLogException {
        List<String> names = new ArrayList<>();
        for (LogItem item : LogItem.values()) {
            names.add(item.text());
        }
        for (String word : words.split(",")) {
            int index = names.indexOf(word);
            if (word.equals(NONE)) {
                items.clear();
            } else if (word.equals(ALL)) {
                items.addAll(List.of(LogItem.values()));
            } else if (index >= 0) {
                items.add(LogItem.values()[index]);
            } else if (!EMPTY.contains(word)) {
                String elsewhere = ELSEWHERE.get(word);
                String near = NearMiss.of(word, names);
                throw new BadLogException("there is no log item '" + word + "'"
                        + (elsewhere != null ? ": " + elsewhere : near == null ? "" : "; did you mean '" + near + "'?")
                        + "\n" + list().stripTrailing());
            }
        }
    }

    /** The list of {@code -d help}. */
    public static String list() {
        StringBuilder s = new StringBuilder("Log items (comma separated):\n");
        s.append(NONE).append(" ".repeat(COLUMN - NONE.length())).append("nothing: takes away those before it\n");
        for (LogItem item : LogItem.values()) {
            s.append(item.text())
                    .append(" ".repeat(COLUMN - item.text().length()))
                    .append(item.help())
                    .append('\n');
        }
        return s.toString();
    }
}
