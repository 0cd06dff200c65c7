package dev.rhea.engine.abi;

/** A file is no ELF file, or a damaged one. The message goes on behind the file's name: "ends inside its ELF header". */
public final class BadElfException extends Exception {
    private static final long serialVersionUID = 1;

    public BadElfException(String message) {
        super(message);
    }
}
