package dev.rhea.cli.options;

import com.google.gson.JsonObject;
import java.util.UUID;

/** What an option's argument says. */
public sealed interface OptionData {
    /** The option has no argument. */
    record None() implements OptionData {}

    /** Text that means what the option says. */
    record Text(String text) implements OptionData {}

    /** A number, 64 bits without sign. */
    record Number(long value) implements OptionData {}

    /** A machine's identity. */
    record Identity(UUID value) implements OptionData {}

    /** A flat list of parameters, checked against what the group knows. */
    record Flat(OptionGroup group, Parameters parameters) implements OptionData {}

    /**
     * A tree.
     *
     * @param untyped whether all its values are text, whatever they mean: it was written with dotted keys, not as JSON. {@link
     *     Quantities} reads such values
     * @param helpWanted whether {@code help} or {@code ?} stands where a parameter could
     */
    record Tree(JsonObject root, boolean untyped, boolean helpWanted) implements OptionData {}
}
