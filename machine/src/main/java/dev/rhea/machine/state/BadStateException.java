package dev.rhea.machine.state;

/** A saved state that cannot be loaded; the message says what is wrong with it. */
public final class BadStateException extends Exception {
    private static final long serialVersionUID = 1;

    public BadStateException(String message) {
        super(message);
    }
}
