package dev.rhea.control.hmp;

/** A command cannot be done; the message is what the user is told. */
public final class MonitorError extends Exception {
    private static final long serialVersionUID = 1;

    MonitorError(String message) {
        super(message);
    }
}
