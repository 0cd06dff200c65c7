package dev.rhea.block;

/** A drive cannot be made as asked; the message is the reference's. */
public final class BadDriveException extends Exception {
    private static final long serialVersionUID = 1;

    public BadDriveException(String message) {
        super(message);
    }
}
