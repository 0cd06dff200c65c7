package dev.rhea.cli.options;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code value,key.key=value}: the grammar of trees. Dots in keys nest; where all keys below one are numbers it is a list.
 * The first value's key may be implied, and then holds no comma. A comma in another value is doubled. All values are text.
 */
final class TreeText {
    /** The longest part of a key. */
    private static final int KEY_LENGTH = 127;

    private final String text;
    private final JsonObject root = new JsonObject();
    private int at;

    private TreeText(String text) {
        this.text = text;
    }

    /** What was read. */
    record Tree(JsonObject root, boolean helpWanted) {}

    /**
     * @param implied the key of a first value that has none, or null
     */
    static Tree parse(String text, @Nullable String implied) throws OptionException {
        TreeText reader = new TreeText(text);
        boolean helpWanted = reader.parse(implied);
        JsonElement whole = lists(reader.root, "");
        return new Tree(whole.getAsJsonObject(), helpWanted);
    }

    private boolean parse(@Nullable String implied) throws OptionException {
        boolean helpWanted = false;
        while (at < text.length()) {
            int from = at;
            while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ',') {
                at++;
            }
            String key = text.substring(from, at);
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                put(key, value());
                continue;
            }
            at++;
            if (key.equals("help") || key.equals("?")) {
                helpWanted = true;
            } else if (from == 0 && implied != null && !key.isEmpty()) {
                put(implied, key);
            } else if (key.isEmpty()) {
                throw new OptionException("Invalid parameter ''");
            } else {
                throw new OptionException("Expected '=' after parameter '" + key + "'");
            }
        }
        return helpWanted;
    }

    /** Up to a comma that stands alone, and over it. */
    private String value() {
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == ',') {
                if (at == text.length() || text.charAt(at) != ',') {
                    break;
                }
                at++;
            }
            value.append(c);
        }
        return value.toString();
    }

    private void put(String key, String value) throws OptionException {
        JsonObject into = root;
        int from = 0;
        for (int dot; (dot = key.indexOf('.', from)) >= 0; from = dot + 1) {
            String part = part(key, from, dot);
            JsonElement below = into.get(part);
            if (below == null) {
                below = new JsonObject();
                into.add(part, below);
            } else if (!below.isJsonObject()) {
                throw inconsistent(key.substring(0, dot));
            }
            into = below.getAsJsonObject();
        }
        String last = part(key, from, key.length());
        JsonElement before = into.get(last);
        if (before != null && before.isJsonObject()) {
            throw inconsistent(key);
        }
        into.add(last, new JsonPrimitive(value));
    }

    private static OptionException inconsistent(String prefix) {
        return new OptionException("Parameters '" + prefix + ".*' used inconsistently");
    }

    private static String part(String key, int from, int to) throws OptionException {
        String part = key.substring(from, to);
        boolean index = from > 0 && !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean name = !part.isEmpty()
                && Identifiers.letter(part.charAt(0))
                && part.chars().allMatch(c -> Identifiers.letter(c) || c >= '0' && c <= '9' || c == '-' || c == '_');
        if (!index && !name) {
            throw new OptionException("Invalid parameter '" + key + "'");
        }
        if (part.length() > KEY_LENGTH) {
            throw new OptionException("Parameter" + (from == 0 ? "" : " fragment") + " '" + part + "' is too long");
        }
        return part;
    }

    /** The same with objects whose keys are all numbers made lists. */
    private static JsonElement lists(JsonElement element, String path) throws OptionException {
        if (!element.isJsonObject()) {
            return element;
        }
        JsonObject tree = new JsonObject();
        Map<Integer, JsonElement> elements = new TreeMap<>();
        for (Map.Entry<String, JsonElement> entry : element.getAsJsonObject().entrySet()) {
            String key = entry.getKey();
            JsonElement below = lists(entry.getValue(), path + key + ".");
            if (Character.isDigit(key.charAt(0))) {
                // One so large leaves others out before it, so it need not be exact.
                elements.put(key.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(key), below);
            } else {
                tree.add(key, below);
            }
        }
        if (elements.isEmpty()) {
            return tree;
        }
        if (!tree.isEmpty()) {
            throw inconsistent(path.substring(0, path.length() - 1));
        }
        JsonArray list = new JsonArray();
        for (Map.Entry<Integer, JsonElement> entry : elements.entrySet()) {
            if (entry.getKey() != list.size()) {
                throw new OptionException("Parameter '" + path + list.size() + "' missing");
            }
            list.add(entry.getValue());
        }
        return list;
    }
}
