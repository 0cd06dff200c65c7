package dev.rhea.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code value,key=value,flag}: the flat grammar. A comma in a value is doubled. The first value's key may be implied. A
 * key alone is {@code key=on}, and {@code nokey} is {@code key=off}, with a warning: the reference means to refuse both one day.
 */
final class OptionText {
    private final String text;
    private int at;

    private OptionText(String text) {
        this.text = text;
    }

    /**
     * @param implied the key of a first value that has none, or null
     * @param known whether there is a parameter of that name: if there is {@code nodelay} it is not {@code delay=off}
     * @param warnings is told of keys alone
     * @throws OptionException for an {@code id} that is none; unknown names are none of its business
     */
    static Parameters parse(String text, @Nullable String implied, Predicate<String> known, Consumer<String> warnings)
            throws OptionException {
        return new OptionText(text).parse(implied, known, warnings);
    }

    private Parameters parse(@Nullable String implied, Predicate<String> known, Consumer<String> warnings)
            throws OptionException {
        List<Parameters.Parameter> list = new ArrayList<>();
        String id = null;
        boolean helpWanted = false;
        while (at < text.length()) {
            boolean first = at == 0;
            String name = name();
            String value;
            if (at < text.length() && text.charAt(at) == '=') {
                at++;
                value = value();
            } else if (first && implied != null) {
                at = 0;
                value = value();
                name = implied;
            } else {
                at++;
                if (name.equals("help") || name.equals("?")) {
                    helpWanted = true;
                    continue;
                }
                boolean off = name.startsWith("no") && !known.test(name);
                String written = name;
                name = off ? name.substring(2) : name;
                value = off ? "off" : "on";
                warnings.accept("warning: short-form boolean option '" + written + "' deprecated\nPlease use " + name
                        + "=" + value + " instead");
            }
            if (first && implied != null && name.equals(implied)) {
                helpWanted = value.equals("help") || value.equals("?");
            }
            // The first id holds, unlike other keys.
            if (!name.equals("id")) {
                list.add(new Parameters.Parameter(name, value));
            } else if (id == null) {
                Identifiers.check("id", value);
                id = value;
            }
        }
        return new Parameters(id, list, helpWanted);
    }

    private String name() {
        int from = at;
        while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ',') {
            at++;
        }
        return text.substring(from, at);
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

    /** A value with its commas doubled, to be put into such a text. */
    static String escaped(String value) {
        return value.replace(",", ",,");
    }
}
