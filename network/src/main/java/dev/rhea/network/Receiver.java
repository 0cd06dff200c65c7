package dev.rhea.network;

/** The card's side of a cable. */
@FunctionalInterface
public interface Receiver {
    /**
     * A frame for the card. Called on the port's thread, one call at a time. The bytes are the card's until it returns; it
     * must not change them.
     *
     * @return false if the card has no room for it now. The port then offers nothing more until {@link Port#resume}, and stops
     *     whoever sends; the refused frame comes again, or is made anew. A frame that the card does not want (a filter, a
     *     receiver that is switched off) counts as taken.
     */
    boolean receive(byte[] frame, int offset, int length);
}
