package dev.rhea.cli.options;

import com.google.gson.JsonElement;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How an option's argument is read. */
public sealed interface OptionSyntax {
    /** There is none. */
    record Flag() implements OptionSyntax {}

    /** Text that means what the option says. */
    record Plain() implements OptionSyntax {}

    /** A number that is not negative: a seed. */
    record Seed() implements OptionSyntax {}

    /** A UUID (RFC 9562, section 4). */
    record Identity() implements OptionSyntax {}

    /**
     * A list, see {@link OptionText}.
     *
     * @param json whether what begins with a brace is JSON instead
     */
    record Flat(OptionGroup group, boolean json) implements OptionSyntax {}

    /**
     * A tree, see {@link TreeText}.
     *
     * @param group as configuration files name it
     * @param implied the parameter whose name may be left out if it is the first
     * @param json whether what begins with a brace is JSON instead
     */
    record Nested(String group, @Nullable String implied, boolean json) implements OptionSyntax {}

    /** Whether an option with it has an argument. */
    default boolean takesArgument() {
        return !(this instanceof Flag);
    }

    /** The group's name in configuration files, or null. */
    default @Nullable String groupName() {
        return switch (this) {
            case Flat flat -> flat.group.name();
            case Nested nested -> nested.group;
            case Flag _, Plain _, Seed _, Identity _ -> null;
        };
    }

    /** Reads an argument, which is empty for an option that takes none. */
    default OptionData parse(String argument, Consumer<String> warnings) throws OptionException {
        return switch (this) {
            case Flag _ -> new OptionData.None();
            case Plain _ -> new OptionData.Text(argument);
            case Seed _ -> new OptionData.Number(seed(argument));
            case Identity _ -> new OptionData.Identity(identity(argument));
            case Flat flat ->
                flat.json && argument.startsWith("{")
                        ? json(argument)
                        : new OptionData.Flat(flat.group, flat.group.parse(argument, warnings));
            case Nested nested ->
                nested.json && argument.startsWith("{")
                        ? json(argument)
                        : tree(TreeText.parse(argument, nested.implied));
        };
    }

    private static long seed(String text) throws OptionException {
        try {
            return Quantities.unsigned("seed", text);
        } catch (OptionException e) {
            throw new OptionException("Invalid seed number: " + text);
        }
    }

    private static UUID identity(String text) throws OptionException {
        // UUID.fromString takes shorter groups too.
        if (!text.matches("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}")) {
            throw new OptionException("failed to parse UUID string: wrong format");
        }
        return UUID.fromString(text);
    }

    private static OptionData tree(TreeText.Tree tree) {
        return new OptionData.Tree(tree.root(), true, tree.helpWanted());
    }

    private static OptionData json(String argument) throws OptionException {
        JsonElement value = JsonText.parse(argument);
        return new OptionData.Tree(value.getAsJsonObject(), false, false);
    }
}
