package dev.rhea.cli.options;

import dev.rhea.engine.abi.NearMiss;

/** What the user may have meant, on a line of its own after the reference's message. */
public final class Suggestion {
    private Suggestion() {}

    /** The message, with a line behind it if a known word is close to the one that was given. */
    public static String after(String message, String word, Iterable<String> known) {
        String near = word.isEmpty() ? null : NearMiss.of(word, known);
        return near == null ? message : message + "\nDid you mean '" + near + "'?";
    }
}
