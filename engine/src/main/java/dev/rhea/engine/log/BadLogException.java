package dev.rhea.engine.log;

/** What is to be logged, or where to, makes no sense; the message is one for the user. */
public final class BadLogException extends Exception {
    private static final long serialVersionUID = 1;

    BadLogException(String message) {
        super(message, null, false, false);
    }
}
