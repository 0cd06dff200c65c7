package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What names stand for. A text is read twice: the first time symbols are collected, and one that is not there yet may come;
 * the second time all are known. Labels that are numbers may be there several times; {@code 1b} is the nearest before, {@code 1f}
 * the nearest behind.
 */
final class Symbols {
    private final Map<String, Long> values = new HashMap<>();
    private final Map<String, List<Long>> numbered = new HashMap<>();
    /** How many labels of each number were passed in this reading. */
    private final Map<String, Integer> passed = new HashMap<>();

    private boolean complete;

    private Symbols(boolean complete) {
        this.complete = complete;
    }

    /** For a text that is to be read twice. */
    static Symbols collecting() {
        return new Symbols(false);
    }

    /** None, and none will come. */
    static Symbols none() {
        return new Symbols(true);
    }

    /** The text begins anew, with all symbols known. */
    void readAgain() {
        complete = true;
        passed.clear();
    }

    /** Whether a symbol that is not there will never be. */
    boolean isComplete() {
        return complete;
    }

    /** The reading has come to a label. */
    void label(String name, long address) throws AssemblyException {
        if (Character.isDigit(name.charAt(0))) {
            passed.merge(name, 1, Integer::sum);
            if (!complete) {
                numbered.computeIfAbsent(name, k -> new ArrayList<>()).add(address);
            }
            return;
        }
        define("label", name, address);
    }

    /** A symbol gets a value; it keeps it. */
    void define(String what, String name, long value) throws AssemblyException {
        if (!complete && values.put(name, value) != null) {
            throw new AssemblyException(what + " '" + name + "' is there twice");
        }
    }

    /** The value of a symbol; null if it is not known. */
    @Nullable
    Long find(String name) {
        char last = name.charAt(name.length() - 1);
        if (Character.isDigit(name.charAt(0)) && (last == 'b' || last == 'f')) {
            String number = name.substring(0, name.length() - 1);
            List<Long> all = numbered.getOrDefault(number, List.of());
            int index = passed.getOrDefault(number, 0) - (last == 'b' ? 1 : 0);
            return index >= 0 && index < all.size() ? all.get(index) : null;
        }
        return values.get(name);
    }

    /** All that have names. */
    Map<String, Long> named() {
        return Map.copyOf(values);
    }
}
