package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Suggestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What guest code is to be run by: of those that are asked for the first that there is, and that is {@code tcg}. */
final class Accelerators {
    /** The only one here. */
    static final String TCG = "tcg";

    /** @param use the option; null where the complaint has no place */
    private record Wanted(String name, @Nullable OptionUse use) {}

    private final List<Wanted> wanted = new ArrayList<>();

    /** {@code -accel}, each the next choice. */
    void add(String name, OptionUse use) {
        wanted.add(new Wanted(name, use));
    }

    /** {@code -M accel=}: several with colons between them. */
    void addAll(String names) {
        for (String name : names.split(":", -1)) {
            wanted.add(new Wanted(name, null));
        }
    }

    /** Says which one it is not, and which it is. @throws OptionException where none of them is there */
    void settle(Complaints complaints) throws OptionException {
        List<OptionException> missing = new ArrayList<>();
        for (Wanted each : wanted) {
            if (each.name.equals(TCG)) {
                missing.forEach(complaints::report);
                if (!missing.isEmpty()) {
                    complaints.say("falling back to " + TCG);
                }
                return;
            }
            String message = "invalid accelerator " + each.name;
            OptionUse use = each.use;
            missing.add(use == null ? new OptionException(message) : use.wrong(message));
        }
        if (!missing.isEmpty()) {
            Wanted last = wanted.getLast();
            String message = Suggestion.after("invalid accelerator " + last.name, last.name, List.of(TCG));
            OptionUse use = last.use;
            throw use == null ? new OptionException(message) : use.wrong(message);
        }
    }
}
