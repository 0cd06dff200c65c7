package dev.rhea.chardev;

/** The host's side of a byte stream. For the threads see the package. */
public interface Chardev extends AutoCloseable {
    /** Its id, as options and monitors name it. */
    String label();

    /**
     * Where its bytes come from and go to, as the monitors' {@code info chardev} says it: "stdio", "pty:/dev/pts/3",
     * "disconnected:unix:/run/serial,server=on".
     */
    String description();

    /**
     * Gives it its front end, from now until {@link #detach}. If someone is at the other end already, the front end is told
     * so ({@link ChardevEvent#OPENED}) before this returns. What arrived before stays with the host, or in the back end, and
     * comes now.
     *
     * @throws IllegalStateException if it has a front end
     */
    void attach(FrontEnd frontEnd);

    /** Takes the front end away, if it has one. A call into it that is under way may still end after this returns. */
    void detach();

    /** Whether it has a front end. */
    boolean attached();

    /** Whether what is typed comes to its front end, and not to another one on the same back end. */
    default boolean hasKeys() {
        return true;
    }

    /** Whether someone is at the other end. */
    boolean connected();

    /**
     * Sends output. Does not wait for the other end: what does not fit into the back end's buffer is not accepted, and the
     * front end is told by {@link FrontEnd#writable} when it is worth trying again. Only files are written to at once, which
     * may take as long as the host's disk. What is written while nobody is at the other end is accepted and lost, as on a
     * serial line.
     *
     * @return how many bytes were accepted, from the first one on: 0 to {@code length}
     */
    int write(byte[] data, int offset, int length);

    /** Tells that {@link FrontEnd#room} may be more than 0 again. */
    void acceptInput();

    /**
     * Sends what was accepted, as far as the other end takes it within a second, then closes what was opened and puts a
     * terminal's modes back. Calls after the first do nothing. The front end is not told.
     */
    @Override
    void close();
}
