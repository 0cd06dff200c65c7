package dev.rhea.cli.options;

import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/**
 * One option on a command line, or one section of a configuration file.
 *
 * @param place where it stands, for messages: "-drive if=none", or "FILE:LINE" of a file
 * @param inFile whether it stands in a file
 */
public record OptionUse(OptionSpec spec, String place, boolean inFile, OptionData data) {
    /** The option's main name, without dashes. */
    public String name() {
        return spec.name();
    }

    /** The text of an option that has {@link OptionData.Text}; empty for others. */
    public String text() {
        return data instanceof OptionData.Text text ? text.text() : "";
    }

    /**
     * The parameters of an option that has {@link OptionData.Flat}.
     *
     * @throws IllegalStateException if it has not
     */
    public Parameters parameters() {
        if (data instanceof OptionData.Flat flat) {
            return flat.parameters();
        }
        throw new IllegalStateException("-" + name() + " is no list of parameters");
    }

    /** Its {@code id}, or null. */
    public @Nullable String id() {
        return switch (data) {
            case OptionData.Flat flat -> flat.parameters().id();
            case OptionData.Tree tree -> tree.root().get("id") instanceof JsonPrimitive id ? id.getAsString() : null;
            case OptionData.None _, OptionData.Text _, OptionData.Number _, OptionData.Identity _ -> null;
        };
    }

    /** A complaint about it: the message with its place. */
    public OptionException wrong(String message) {
        return wrong(new OptionException(message));
    }

    /** The same complaint with the option's place, unless it has one. */
    public OptionException wrong(OptionException bare) {
        if (inFile) {
            int colon = place.lastIndexOf(':');
            return bare.at(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
        }
        return bare.at(place);
    }

    OptionUse with(OptionData other) {
        return new OptionUse(spec, place, inFile, other);
    }
}
