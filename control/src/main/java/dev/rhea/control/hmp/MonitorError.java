package dev.rhea.control.hmp;

/** A command cannot be done; the message is what the user is told. */
public final class MonitorError extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean misread;

    MonitorError(String message) {
        this(message, false);
    }

    private MonitorError(String message, boolean misread) {
        super(message);
        this.misread = misread;
    }

    /** The arguments cannot be read at all: the user is told where the help is, too. */
    static MonitorError misread(String message) {
        return new MonitorError(message, true);
    }

    boolean isMisread() {
        return misread;
    }
}
