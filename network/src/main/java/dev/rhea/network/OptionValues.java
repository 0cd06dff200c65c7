package dev.rhea.network;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options of a network by name, read with the reference's errors. Of an option that is given twice, the last counts. */
public final class OptionValues {
    private final Map<String, List<String>> options;

    /**
     * @param known the names that there are
     * @throws NetdevException if another one is among them
     */
    public OptionValues(Map<String, List<String>> options, Set<String> known) throws NetdevException {
        this.options = options;
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new NetdevException("Invalid parameter '" + name + "'");
            }
        }
    }

    /** All values, in order. */
    public List<String> all(String name) {
        return options.getOrDefault(name, List.of());
    }

    /** The value, or null. */
    public @Nullable String text(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.getLast();
    }

    /** The value of an option that must be there. */
    public String required(String name) throws NetdevException {
        String value = text(name);
        if (value == null) {
            throw new NetdevException("Parameter '" + name + "' is missing");
        }
        return value;
    }

    /** on or off, yes or no, true or false, y or n. */
    public boolean flag(String name, boolean otherwise) throws NetdevException {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        return switch (value) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default -> throw new NetdevException("Parameter '" + name + "' expects 'on' or 'off'");
        };
    }

    /** A number, or {@code otherwise}. */
    public long number(String name, long otherwise, String kind) throws NetdevException {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.decode(value);
        } catch (NumberFormatException e) {
            throw new NetdevException("Parameter '" + name + "' expects " + kind, e);
        }
    }
}
