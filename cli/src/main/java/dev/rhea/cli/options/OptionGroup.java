package dev.rhea.cli.options;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parameters that a flat option knows.
 *
 * @param name as configuration files, {@code -set} and messages name it, such as "drive"
 * @param implied the parameter whose name may be left out if it is the first, or null
 * @param types of the known parameters, without {@code id}
 * @param open whether unknown ones are taken too: what they are is known only to the device, or driver, they are for
 */
public record OptionGroup(String name, @Nullable String implied, Map<String, Type> types, boolean open) {
    /** What a parameter's value is. */
    public enum Type {
        /** Any text. */
        TEXT,
        /** {@link Quantities#flag}. */
        FLAG,
        /** {@link Quantities#number}. */
        NUMBER,
        /** {@link Quantities#size}. */
        SIZE
    }

    public OptionGroup {
        types = Map.copyOf(types);
    }

    /** A group of given texts, flags, numbers and sizes, whose names stand with blanks between them. */
    static OptionGroup of(
            String name, @Nullable String implied, String texts, String flags, String numbers, String sizes) {
        Map<String, Type> types = new HashMap<>();
        add(types, texts, Type.TEXT);
        add(types, flags, Type.FLAG);
        add(types, numbers, Type.NUMBER);
        add(types, sizes, Type.SIZE);
        return new OptionGroup(name, implied, types, false);
    }

    /** A group that knows nothing but, maybe, the implied parameter, and takes all. */
    static OptionGroup open(String name, @Nullable String implied) {
        return new OptionGroup(name, implied, Map.of(), true);
    }

    /** The same that takes unknown parameters too. */
    OptionGroup opened() {
        return new OptionGroup(name, implied, types, true);
    }

    private static void add(Map<String, Type> types, String names, Type type) {
        for (String name : names.split(" ")) {
            if (!name.isEmpty()) {
                types.put(name, type);
            }
        }
    }

    /**
     * Reads an option's argument.
     *
     * @param warnings is told what the reference means to refuse one day
     * @throws OptionException for what is unknown or not of its type
     */
    public Parameters parse(String text, Consumer<String> warnings) throws OptionException {
        Parameters parameters = OptionText.parse(text, implied, types::containsKey, warnings);
        for (Parameters.Parameter each : parameters.list()) {
            check(each.name(), each.value(), warnings);
        }
        return parameters;
    }

    /** Refuses a parameter that is unknown or not of its type. */
    void check(String parameter, String value, Consumer<String> warnings) throws OptionException {
        Type type = types.get(parameter);
        if (type == null) {
            if (open) {
                return;
            }
            throw new OptionException(
                    Suggestion.after("Invalid parameter '" + parameter + "'", parameter, types.keySet()));
        }
        switch (type) {
            case TEXT -> {}
            case FLAG -> Quantities.flag(parameter, value);
            case NUMBER -> Quantities.number(parameter, value);
            case SIZE -> {
                Quantities.size(parameter, value);
                if (Quantities.deprecated(value)) {
                    warnings.accept("warning: Using a multiplier suffix on hex numbers is deprecated: " + value);
                }
            }
        }
    }

    /** The last values by their names with flags as on and off, and numbers and sizes as decimal numbers. */
    public Map<String, String> normalized(Parameters parameters) throws OptionException {
        Map<String, String> map = parameters.toMap();
        for (Map.Entry<String, String> each : map.entrySet()) {
            String name = each.getKey();
            Type type = types.get(name);
            if (type == Type.FLAG) {
                each.setValue(Quantities.flag(name, each.getValue()) ? "on" : "off");
            } else if (type == Type.NUMBER) {
                each.setValue(Long.toUnsignedString(Quantities.number(name, each.getValue())));
            } else if (type == Type.SIZE) {
                each.setValue(Long.toUnsignedString(Quantities.size(name, each.getValue())));
            }
        }
        return map;
    }

    /** What {@code help} among the parameters prints. */
    public String help() {
        StringBuilder help = new StringBuilder(name).append(" options:\n");
        types.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> help.append("  ")
                        .append(each.getKey())
                        .append(
                                switch (each.getValue()) {
                                    case TEXT -> "=<str>";
                                    case FLAG -> "=<bool (on/off)>";
                                    case NUMBER -> "=<num>";
                                    case SIZE -> "=<size>";
                                })
                        .append('\n'));
        return help.toString();
    }
}
