package dev.rhea.device.net;

import dev.rhea.network.Port;
import dev.rhea.network.Receiver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network that a test plays. */
public final class FakeNetwork implements Port {
    /** What the card sent. */
    public final List<byte[]> sent = new ArrayList<>();
    /** How often the card said that it has room again. */
    public int resumed;

    private Receiver card = (frame, offset, length) -> true;

    /** A frame for the card. @return whether it took it */
    public boolean deliver(byte[] frame) {
        return card.receive(frame, 0, frame.length);
    }

    @Override
    public void send(byte[] frame, int offset, int length) {
        sent.add(Arrays.copyOfRange(frame, offset, offset + length));
    }

    @Override
    public void connect(Receiver receiver) {
        card = receiver;
    }

    @Override
    public void resume() {
        resumed++;
    }

    @Override
    public void setLink(boolean up) {}

    @Override
    public void close() {}
}
