package dev.rhea.user.process;

/**
 * A terminal as far as job control is concerned: whose it is, and who is in the foreground. Bytes, modes and sizes are the
 * host's business. Guarded by the kernel's lock.
 */
public final class Terminal {
    /** The JVM's own controlling terminal. */
    public static final int HOST = -1;

    /** Of no terminal, or one whose sessions are none of ours. */
    public static final int NONE = -2;

    private final int number;

    /** The session that it controls, or 0. */
    int session;

    /** The process group in the foreground, or 0. */
    int foreground;

    Terminal(int number) {
        this.number = number;
    }

    /** N of {@code /dev/pts/N}, or {@link #HOST}. */
    public int number() {
        return number;
    }
}
