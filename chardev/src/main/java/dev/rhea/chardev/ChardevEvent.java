package dev.rhea.chardev;

/** What happens to a byte stream besides bytes. */
public enum ChardevEvent {
    /** Someone is at the other end: from now on bytes arrive there. */
    OPENED,
    /** Nobody is at the other end any more; what is written is lost. */
    CLOSED,
    /** The line's break condition, as a serial line knows it. */
    BREAK,
    /** The front end has the multiplexer's input from now on. */
    MUX_IN,
    /** Another front end has the multiplexer's input from now on. */
    MUX_OUT
}
