package dev.rhea.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one flat option in their order. Where a name is repeated the last holds, unless all are asked for.
 *
 * @param id the {@code id}, which is not among the list, or null
 * @param list all others
 * @param helpWanted whether {@code help} or {@code ?} stands where a parameter could
 */
public record Parameters(@Nullable String id, List<Parameter> list, boolean helpWanted) {
    /** A name and its value. */
    public record Parameter(String name, String value) {}

    public Parameters {
        list = List.copyOf(list);
    }

    /** The last value of a name, or null. */
    public @Nullable String get(String name) {
        String last = null;
        for (Parameter each : list) {
            if (each.name.equals(name)) {
                last = each.value;
            }
        }
        return last;
    }

    /** All values of a name, in order. */
    public List<String> all(String name) {
        return list.stream()
                .filter(each -> each.name.equals(name))
                .map(Parameter::value)
                .toList();
    }

    /** Whether a name is given. */
    public boolean has(String name) {
        return get(name) != null;
    }

    /**
     * The last value of a name that has to be there.
     *
     * @throws OptionException "Parameter 'driver' is missing"
     */
    public String required(String name) throws OptionException {
        String value = get(name);
        if (value == null) {
            throw new OptionException("Parameter '" + name + "' is missing");
        }
        return value;
    }

    /** {@link Quantities#flag} of the last value, or what holds if there is none. */
    public boolean flag(String name, boolean otherwise) throws OptionException {
        String value = get(name);
        return value == null ? otherwise : Quantities.flag(name, value);
    }

    /** {@link Quantities#number} of the last value, or what holds if there is none. */
    public long number(String name, long otherwise) throws OptionException {
        String value = get(name);
        return value == null ? otherwise : Quantities.number(name, value);
    }

    /** {@link Quantities#size} of the last value, or what holds if there is none. */
    public long size(String name, long otherwise) throws OptionException {
        String value = get(name);
        return value == null ? otherwise : Quantities.size(name, value);
    }

    /**
     * The last value, which has to be one of these.
     *
     * @return null if there is none
     * @throws OptionException "Parameter 'mode' does not accept value 'x'"
     */
    public @Nullable String oneOf(String name, List<String> allowed) throws OptionException {
        String value = get(name);
        if (value != null && !allowed.contains(value)) {
            throw new OptionException(
                    Suggestion.after("Parameter '" + name + "' does not accept value '" + value + "'", value, allowed));
        }
        return value;
    }

    /** The same with one more parameter behind the others: what {@code -set} does. */
    public Parameters with(String name, String value) {
        List<Parameter> longer = new ArrayList<>(list);
        longer.add(new Parameter(name, value));
        return new Parameters(id, longer, helpWanted);
    }

    /** The last values by their names, {@code id} among them. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        list.forEach(each -> map.put(each.name, each.value));
        if (id != null) {
            map.put("id", id);
        }
        return map;
    }
}
