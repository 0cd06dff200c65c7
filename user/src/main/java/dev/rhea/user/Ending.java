package dev.rhea.user;

/**
 * How a process ended.
 *
 * @param status as wait(2) has it
 */
public record Ending(int status) {
    /** The signal that killed it, or 0. */
    public int signal() {
        return status & 127;
    }

    /** Its exit status, if no signal killed it. */
    public int exitStatus() {
        return status >> 8 & 255;
    }

    /** Whether a core would have been written. */
    public boolean core() {
        return (status & 128) != 0;
    }
}
