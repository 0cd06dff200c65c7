package dev.rhea.machine.irq;

/**
 * A wire that is high or low: the end a device drives. Whoever is at the other end (an interrupt controller, a processor's
 * pin) implements it. Called with the machine lock held; must not block.
 */
@FunctionalInterface
public interface Line {
    /** A wire that leads nowhere. */
    Line UNCONNECTED = level -> {};

    /** Drives the wire; setting it to the level it has already is allowed and changes nothing. */
    void set(boolean level);

    /** High. */
    default void raise() {
        set(true);
    }

    /** Low. */
    default void lower() {
        set(false);
    }

    /** High and low again: an edge. */
    default void pulse() {
        set(true);
        set(false);
    }
}
