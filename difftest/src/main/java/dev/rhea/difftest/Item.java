package dev.rhea.difftest;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a sequence that can be left out.
 *
 * @param text lines of assembly; {@code TARGET} stands for the label of the item jumped to, {@code HERE} for that of this one
 * @param target index of the item that is jumped to, or -1
 */
record Item(String text, int target) {
    Item(String text) {
        this(text, -1);
    }

    /** The item as assembly; {@code label} is this item's, {@code to} the target's. */
    String write(String label, @Nullable String to) {
        return label + ":\n" + (to == null ? text : text.replace("TARGET", to)).replace("HERE", label) + "\n";
    }
}
