package dev.rhea.user.elf;

/** A program that cannot be loaded. The message says which field is wrong and what it holds. */
public final class ElfException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    ElfException(int errno, String message) {
        super(message);
        this.errno = errno;
    }

    /** What the guest's {@code execve} answers. */
    public int errno() {
        return errno;
    }
}
