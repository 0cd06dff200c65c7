package dev.rhea.network;

/**
 * One end of a cable that carries Ethernet frames, from the destination's address to the last byte of the payload: no
 * preamble, no frame check sequence, padding not required. All methods may be called on any thread, also with locks held: none
 * waits for a card.
 */
public interface Port extends AutoCloseable {
    /** The longest frame that a port takes: Ethernet's header, a VLAN tag, and an IP packet of 65,535 bytes. */
    int MAX_FRAME = 14 + 4 + 65535;

    /**
     * A frame from the card towards the network. It is copied. It is lost, as on any network, where the port is behind with
     * its work, the link is down, or the frame makes no sense.
     */
    void send(byte[] frame, int offset, int length);

    /** Plugs the card in. Until then, what comes from the network is lost. Replaces a card that was there before. */
    void connect(Receiver card);

    /** The card, which refused a frame, has room again. */
    void resume();

    /** Whether frames pass, in either direction; true at first. */
    void setLink(boolean up);

    /**
     * Gives everything back to the host. At most one call of {@link Receiver#receive} is still under way when this returns, and
     * none begins afterwards.
     */
    @Override
    void close();
}
