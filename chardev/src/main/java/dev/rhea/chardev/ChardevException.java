package dev.rhea.chardev;

/** A back end cannot be made as asked. The message is one for the user; a hint may follow on a second line. */
public final class ChardevException extends Exception {
    private static final long serialVersionUID = 1;

    public ChardevException(String message) {
        super(message);
    }

    public ChardevException(String message, Throwable cause) {
        super(message, cause);
    }
}
