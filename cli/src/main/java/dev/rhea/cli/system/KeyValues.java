package dev.rhea.cli.system;

import dev.rhea.cli.UsageError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reference's {@code key=value,key=value}: a comma in a value is written twice, the first key may be left out where the option has
 * an implied one, and a key alone means {@code on} (with {@code no} before it, {@code off}).
 */
final class KeyValues {
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private KeyValues() {}

    /** @param implied the key that the first value belongs to if it has none, or null */
    static KeyValues parse(String text, @Nullable String implied) throws UsageError {
        var result = new KeyValues();
        boolean first = true;
        for (String part : split(text)) {
            int equals = part.indexOf('=');
            String key;
            String value;
            if (equals >= 0) {
                key = part.substring(0, equals);
                value = part.substring(equals + 1);
            } else if (first && implied != null) {
                key = implied;
                value = part;
            } else if (part.startsWith("no") && part.length() > 2) {
                key = part.substring(2);
                value = "off";
            } else {
                key = part;
                value = "on";
            }
            first = false;
            if (key.isEmpty()) {
                throw new UsageError("Invalid parameter ''");
            }
            if (key.equals("id") && !value.matches("[a-zA-Z][a-zA-Z0-9._-]*")) {
                throw new UsageError("Parameter 'id' expects an identifier\n"
                        + "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.");
            }
            result.values.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
        }
        return result;
    }

    /** Pieces between single commas; double ones become one. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        var part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                part.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(',');
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        parts.removeIf(String::isEmpty);
        return parts;
    }

    /** The last value of a key, which is taken out; null where there is none. */
    @Nullable
    String take(String key) {
        List<String> all = values.remove(key);
        return all == null ? null : all.getLast();
    }

    /** The same with a default. */
    String take(String key, String initial) {
        String value = take(key);
        return value == null ? initial : value;
    }

    /** A key whose value is {@code on} or {@code off}. */
    boolean takeFlag(String key, boolean initial) throws UsageError {
        String value = take(key);
        if (value == null) {
            return initial;
        }
        return switch (value) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default -> throw new UsageError("Parameter '" + key + "' expects 'on' or 'off'");
        };
    }

    /** What is left, each key with its last value. */
    Map<String, String> rest() {
        Map<String, String> result = new LinkedHashMap<>();
        values.forEach((key, all) -> result.put(key, all.getLast()));
        return result;
    }

    /** What is left, each key with all its values in order. */
    Map<String, List<String>> all() {
        return values;
    }

    /** Says that nothing may be left. */
    void finish() throws UsageError {
        for (String key : values.keySet()) {
            throw new UsageError("Invalid parameter '" + key + "'");
        }
    }
}
