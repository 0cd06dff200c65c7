package dev.rhea.cli;

import org.jspecify.annotations.Nullable;

/**
 * One option of user mode.
 *
 * @param name without its dash
 * @param argument what its argument is called in the help; null if it takes none
 * @param variable the environment variable that means the same
 * @param help one line
 * @param effect what it does
 */
record Option(String name, @Nullable String argument, String variable, String help, Effect effect) {
    /** Puts an option's argument (empty for an option without one) where it belongs. */
    @FunctionalInterface
    interface Effect {
        void apply(UserOptions.Builder options, String argument) throws UsageError;
    }
}
