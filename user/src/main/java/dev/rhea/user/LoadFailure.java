package dev.rhea.user;

/** The first program cannot be loaded: the message, one line, says why. */
public final class LoadFailure extends Exception {
    private static final long serialVersionUID = 1;

    LoadFailure(String message) {
        super(message);
    }
}
