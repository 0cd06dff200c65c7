package dev.rhea.network;

/** What a user asked for cannot be had; the message says why, in the reference's words where it has some. */
public final class NetdevException extends Exception {
    private static final long serialVersionUID = 1;

    public NetdevException(String message) {
        super(message);
    }

    public NetdevException(String message, Throwable cause) {
        super(message, cause);
    }
}
