package dev.rhea.engine.decode;

/** A line of assembly that cannot be read. */
public final class AssemblyException extends Exception {
    private static final long serialVersionUID = 1;

    public AssemblyException(String message) {
        super(message);
    }
}
