package dev.rhea.chardev;

/** The guest's side of a byte stream: a serial port, a console, a monitor. For the threads see the package. */
public interface FrontEnd {
    /**
     * How many bytes {@link #receive} takes now, 0 or more. While it is 0 nothing is read from the host; a front end that had
     * none and has some again calls {@link Chardev#acceptInput}.
     */
    int room();

    /**
     * Takes input.
     *
     * @param data whose bytes from {@code offset} are the input; not to be kept
     * @param length at least 1, at most what {@link #room} said last
     */
    void receive(byte[] data, int offset, int length);

    /** Is told what happens besides bytes. */
    default void event(ChardevEvent event) {}

    /** Is told, after {@link Chardev#write} took less than it was given, that it would take more now. */
    default void writable() {}
}
