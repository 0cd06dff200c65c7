package dev.rhea.cli.options;

import java.util.List;

/**
 * An option that there is.
 *
 * @param section the heading under which the help has it
 * @param names without dashes, the main one first
 * @param argument what the help shows after the name; empty for none
 * @param help what it does, in a line or more
 */
public record OptionSpec(String section, List<String> names, OptionSyntax syntax, String argument, String help) {
    public OptionSpec {
        names = List.copyOf(names);
    }

    /** The main name. */
    public String name() {
        return names.getFirst();
    }
}
