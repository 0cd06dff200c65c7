package dev.rhea.cli;

/** The user asked for something that cannot be done; the message is what to print, the program's name not in it. */
public final class UsageError extends Exception {
    private static final long serialVersionUID = 1;

    public UsageError(String message) {
        super(message, null, false, false);
    }
}
