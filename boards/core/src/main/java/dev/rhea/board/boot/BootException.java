package dev.rhea.board.boot;

/** What was to be booted cannot be; the message says which file is wrong and how. */
public final class BootException extends Exception {
    private static final long serialVersionUID = 1;

    public BootException(String message) {
        super(message);
    }
}
