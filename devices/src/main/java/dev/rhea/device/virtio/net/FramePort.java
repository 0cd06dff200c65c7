package dev.rhea.device.virtio.net;

/** The network's end of a card's cable. All methods on any thread; none waits for the card. */
public interface FramePort {
    /** The card's end. */
    @FunctionalInterface
    interface Receiver {
        /** Takes a frame, one call at a time. @return false if there is no room: it comes again after {@link #resume} */
        boolean receive(byte[] frame, int offset, int length);
    }

    /** A frame from the card; it is copied. */
    void send(byte[] frame, int offset, int length);

    /** Plugs the card in. */
    void connect(Receiver card);

    /** The card, which refused a frame, has room again. */
    void resume();
}
