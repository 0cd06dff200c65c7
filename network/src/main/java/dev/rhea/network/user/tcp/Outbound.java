package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import java.io.IOException;

/**
 * The direction from the host to the guest: what was read from the host waits in a ring until the guest has acknowledged it,
 * and which part goes out next.
 *
 * <p>There is no congestion control: nothing lies between us and the card, and the card says when it has no room. Only after
 * something was lost, which a hub or a busy guest can do, a window limits what is tried at once (RFC 5681, RFC 6582).
 */
final class Outbound {
    private static final int UNLIMITED = 1 << 30;
    private static final int DUPLICATES = 3;

    private final ByteRing ring;
    final RoundTrip roundTrip = new RoundTrip();
    /** SND.UNA: the first byte that is not acknowledged. */
    int unacknowledged;
    /** SND.NXT. */
    int next;
    /** The highest that {@link #next} ever was. */
    int highest;
    /** SND.WND, in bytes. */
    int window;

    private int windowSequence;
    private int windowAcknowledgement;
    /** How windows from the guest are scaled. */
    int scale;
    /** The most bytes in a segment. */
    int mss;
    /** The host's end was read: a FIN follows the last byte. */
    boolean ended;

    private boolean full;
    private boolean finSent;
    private int fin;

    private int congestionWindow = UNLIMITED;
    private int duplicates;
    private boolean recovering;
    private int recover;

    Outbound(Buffers buffers, int initial, int mss) {
        ring = new ByteRing(buffers);
        unacknowledged = initial;
        next = initial;
        highest = initial;
        this.mss = mss;
    }

    int buffered() {
        return ring.size();
    }

    int flight() {
        return next - unacknowledged;
    }

    /** Whether everything was acknowledged, the FIN too. */
    boolean finished() {
        return finSent && unacknowledged - fin > 0;
    }

    /** Whether it makes sense to read from the host. */
    boolean wantsRead() {
        return !ended && ring.free() >= ring.capacity() / 4;
    }

    /** Reads from the host. False if there is no memory to read into. */
    boolean fill(ByteStream host) throws IOException {
        if (!ring.ensure()) {
            return false;
        }
        int n = ring.fillFrom(host);
        if (n < 0) {
            ended = true;
        }
        full = ring.free() == 0;
        if (full) {
            ring.grow();
        }
        ring.releaseIfIdle();
        return true;
    }

    /** Whether the last {@link #fill} ended because the ring was full. */
    boolean mayHaveMore() {
        return full && !ended;
    }

    /** Takes the window that a segment tells, if it is not an old one (RFC 9293 section 3.10.7.4). */
    void updateWindow(Segment segment) {
        int newer = segment.sequence - windowSequence;
        if (newer > 0 || newer == 0 && segment.acknowledgement - windowAcknowledgement >= 0) {
            boolean opened = window == 0 && segment.window > 0;
            windowSequence = segment.sequence;
            windowAcknowledgement = segment.acknowledgement;
            window = segment.window << scale;
            if (opened) {
                next = unacknowledged; // what went out as a probe was refused
                roundTrip.progress();
            }
        }
    }

    /** The first window, with the guest's SYN. */
    void firstWindow(Segment segment) {
        window = segment.window;
        windowSequence = segment.sequence;
        windowAcknowledgement = segment.acknowledgement;
    }

    /** Something new is acknowledged: at most {@link #highest}. */
    void acknowledge(int acknowledgement, long now) {
        int bytes = acknowledgement - unacknowledged;
        // SYN and FIN take sequence space, but lie in no ring.
        ring.consume(Math.min(bytes, ring.size()));
        unacknowledged = acknowledgement;
        if (next - unacknowledged < 0) {
            next = unacknowledged;
        }
        duplicates = 0;
        roundTrip.acknowledged(acknowledgement, now);
        if (congestionWindow < UNLIMITED) {
            congestionWindow += Math.min(bytes, 2 * mss);
        }
        if (recovering && acknowledgement - recover >= 0) {
            recovering = false;
            congestionWindow = UNLIMITED;
        }
        ring.releaseIfIdle();
    }

    /** Whether the segment after what is acknowledged is to go out again at once: only a part of what was lost has come. */
    boolean partial() {
        // After a timeout everything goes out again anyway.
        return recovering && congestionWindow == UNLIMITED && flight() > 0;
    }

    /** The guest says again what it waits for. True if that is to go out again. */
    boolean duplicate() {
        if (flight() == 0 || recovering) {
            return false;
        }
        if (++duplicates < DUPLICATES) {
            return false;
        }
        duplicates = 0;
        recovering = true;
        recover = highest;
        roundTrip.retransmitted();
        return true;
    }

    /** The retransmission timer ran out: begins again from what is acknowledged, carefully. */
    void timeout() {
        roundTrip.backOff();
        next = unacknowledged;
        duplicates = 0;
        recovering = true;
        recover = highest;
        congestionWindow = 2 * mss;
    }

    /** How many bytes the next segment carries; 0 if none may go out now. */
    int nextLength() {
        int flight = flight();
        int unsent = ring.size() - flight;
        int room = Math.min(window, congestionWindow) - flight;
        int length = Math.min(mss, Math.min(unsent, room));
        if (length <= 0) {
            return 0;
        }
        // Not a bit of what the window cuts off, while acknowledgements are on their way: RFC 9293 section 3.8.6.2.1.
        return length < mss && length < unsent && flight > 0 ? 0 : length;
    }

    /** Whether a FIN goes out with (or as) a segment of {@code length} bytes. */
    boolean finWith(int length) {
        return ended && !finished() && flight() + length == ring.size();
    }

    /** Whether something waits for a window that the guest has closed. */
    boolean stalled() {
        return window == 0 && flight() == 0 && ring.size() > 0;
    }

    /** Copies bytes that go out, from {@code sequence} on. */
    void copy(int sequence, byte[] to, int at, int length) {
        ring.get(sequence - unacknowledged, to, at, length);
    }

    /** A segment with this many bytes after {@link #next} went out. */
    void sent(int length, boolean withFin, long now) {
        if (withFin) {
            finSent = true;
            fin = next + length;
        }
        sent(length + (withFin ? 1 : 0), now);
    }

    /** Our SYN went out. */
    void sentSyn(long now) {
        sent(1, now);
    }

    private void sent(int space, long now) {
        next += space;
        if (next - highest > 0) {
            highest = next;
            roundTrip.sent(next, now);
        }
    }

    /**
     * The first byte went out to see whether the window is still closed. {@link #next} stays where it is: a segment that begins
     * outside the window is dropped with what it acknowledges.
     */
    void probed() {
        if (highest == unacknowledged) {
            highest++;
        }
    }

    /** The sequence number for a segment without content: SND.NXT, unless that is outside a window that was shrunk. */
    int acceptable() {
        return flight() > window ? unacknowledged + window : next;
    }

    /** Bytes in the first segment, to go out again. */
    int firstLength() {
        return Math.min(mss, Math.min(ring.size(), highest - unacknowledged));
    }

    void release() {
        ring.release();
    }
}
