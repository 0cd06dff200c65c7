package dev.rhea.device.net;

import dev.rhea.network.Port;
import dev.rhea.network.Receiver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network that a test plays. Cards with threads of their own may send while the test waits. */
public final class FakeNetwork implements Port {
    /** What the card sent. */
    public final List<byte[]> sent = new ArrayList<>();
    /** How often the card said that it has room again. */
    public int resumed;

    private volatile Receiver card = (frame, offset, length) -> true;

    /** A frame for the card. @return whether it took it */
    public boolean deliver(byte[] frame) {
        return card.receive(frame, 0, frame.length);
    }

    /** Waits for a frame of the card, and takes it from {@link #sent}. */
    public synchronized byte[] takeSent() throws InterruptedException {
        while (sent.isEmpty()) {
            wait();
        }
        return sent.removeFirst();
    }

    /** Waits until the card has said that it has room again. */
    public synchronized void awaitResumed() throws InterruptedException {
        while (resumed == 0) {
            wait();
        }
    }

    @Override
    public synchronized void send(byte[] frame, int offset, int length) {
        sent.add(Arrays.copyOfRange(frame, offset, offset + length));
        notifyAll();
    }

    @Override
    public void connect(Receiver receiver) {
        card = receiver;
    }

    @Override
    public synchronized void resume() {
        resumed++;
        notifyAll();
    }

    @Override
    public void setLink(boolean up) {}

    @Override
    public void close() {}
}
