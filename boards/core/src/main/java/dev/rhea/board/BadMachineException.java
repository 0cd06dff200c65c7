package dev.rhea.board;

/** A machine cannot be built as asked; the message is a sentence in the reference's words where it has some. */
public final class BadMachineException extends Exception {
    private static final long serialVersionUID = 1;

    public BadMachineException(String message) {
        super(message);
    }
}
