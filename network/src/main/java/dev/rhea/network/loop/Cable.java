package dev.rhea.network.loop;

import dev.rhea.network.Port;
import dev.rhea.network.Receiver;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The meeting place of a card and the thread of a port: what {@link Port} promises about threads and room is kept here.
 *
 * <p>Towards the port: a ring that loses what does not fit. Towards the card: nothing is queued but a few frames that cannot
 * be made anew ({@link #deliverOrHold}); whoever can wait asks {@link #blocked} and waits.
 */
public final class Cable {
    private static final int RING_BYTES = 1 << 20;
    private static final int HELD_FRAMES = 64;

    private final EventLoop loop;
    private final FrameRing ring = new FrameRing(RING_BYTES);
    private volatile @Nullable Receiver card;
    private volatile boolean link = true;
    private volatile boolean resumed;
    private boolean blocked;
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();

    public Cable(EventLoop loop) {
        this.loop = loop;
    }

    /** As {@link Port#send}. */
    public void send(byte[] frame, int offset, int length) {
        if (link && length > 0 && length <= Port.MAX_FRAME && ring.offer(frame, offset, length)) {
            loop.wake();
        }
    }

    /** As {@link Port#connect}. */
    public void connect(Receiver receiver) {
        card = receiver;
        resume();
    }

    /** As {@link Port#resume}. */
    public void resume() {
        resumed = true;
        loop.wake();
    }

    /** As {@link Port#setLink}. */
    public void setLink(boolean up) {
        link = up;
        resume();
    }

    /** What the card sent. For the port's thread. */
    public FrameRing sent() {
        return ring;
    }

    /** Whether the card has no room. For the port's thread. */
    public boolean blocked() {
        return blocked;
    }

    /**
     * Offers a frame to the card. For the port's thread.
     *
     * @return false if the card has no room; true if it took it or no card is there to take it
     */
    public boolean deliver(byte[] frame, int offset, int length) {
        if (blocked) {
            return false;
        }
        Receiver receiver = card;
        if (receiver == null || !link || loop.isClosed()) {
            return true;
        }
        // Before the question, since the card may say on another thread that it has room before its refusal is back
        // here.
        resumed = false;
        if (receiver.receive(frame, offset, length)) {
            return true;
        }
        blocked = true;
        return false;
    }

    /** Offers a frame to the card and keeps it for later if there is no room, unless many are kept. For the port's thread. */
    public void deliverOrHold(byte[] frame, int offset, int length) {
        if (!deliver(frame, offset, length) && held.size() < HELD_FRAMES) {
            held.add(Arrays.copyOfRange(frame, offset, offset + length));
        }
    }

    /** Whether {@link #unblock} would find something to do. For the port's thread. */
    public boolean mayUnblock() {
        return blocked && resumed;
    }

    /** If the card has said that it has room: hands over what was kept. True if there is room for more. For the port's thread. */
    public boolean unblock() {
        if (!mayUnblock()) {
            return false;
        }
        blocked = false;
        while (!held.isEmpty()) {
            byte[] frame = held.peek();
            if (!deliver(frame, 0, frame.length)) {
                return false;
            }
            held.poll();
        }
        return true;
    }
}
