package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import java.io.IOException;

/**
 * The direction from the guest to the host: bytes that came in order wait in a ring for the host to take them; those that came
 * early lie in the same ring behind a gap. The window is what the ring has room for.
 */
final class Inbound {
    /** Gaps at a time; what would make more is dropped and comes again. */
    private static final int INTERVALS = 32;

    private final ByteRing ring;
    private final int[] from = new int[INTERVALS];
    private final int[] to = new int[INTERVALS];
    private int intervals;
    /** RCV.NXT. */
    int next;
    /** The window's right edge as the guest knows it; never moves left. */
    int edge;
    /** The scale of the windows that we tell. */
    int scale;

    private boolean finished;
    private int finish;
    private int sinceGrowth;

    Inbound(Buffers buffers) {
        ring = new ByteRing(buffers);
    }

    /** The guest's SYN had this sequence number. */
    void begin(int initial) {
        next = initial + 1;
        edge = next;
    }

    boolean ensure() {
        return ring.ensure();
    }

    int buffered() {
        return ring.size();
    }

    /** The guest's last byte is before {@code sequence}. */
    void finish(int sequence) {
        if (!finished) {
            finished = true;
            finish = sequence;
        }
    }

    /** Whether all came that the guest will ever send. */
    boolean complete() {
        return finished && next - finish > 0;
    }

    /** What a segment is to the window. */
    enum Fit {
        WHOLE,
        /** What was outside is cut off. */
        CUT,
        /** It asks whether we are there, or whether our window is still closed: only what it acknowledges counts. */
        PROBE,
        /** Everything in it came before. */
        OLD,
        OUTSIDE,
        /** A reset that is not for this connection as it is now. */
        STRAY_RESET
    }

    /** Cuts off what is outside the window (RFC 9293 section 3.10.7.4, first); only {@link Fit#WHOLE} and CUT are to be used. */
    Fit trim(Segment segment) {
        boolean reset = segment.has(Segment.RST);
        Fit fit = Fit.WHOLE;
        int early = next - segment.sequence;
        if (early > 0) {
            if (early >= segment.space()) {
                return reset ? Fit.STRAY_RESET : segment.space() == 0 && early == 1 ? Fit.PROBE : Fit.OLD;
            }
            if (segment.has(Segment.SYN)) {
                return Fit.OUTSIDE;
            }
            segment.sequence += early;
            segment.payload += early;
            segment.length -= early;
            fit = Fit.CUT;
        }
        int room = edge - segment.sequence;
        if (room < 0) {
            return reset ? Fit.STRAY_RESET : Fit.OUTSIDE;
        }
        if (segment.length > room) {
            if (room == 0) {
                return segment.has(Segment.RST | Segment.SYN) ? Fit.OUTSIDE : Fit.PROBE;
            }
            segment.length = room;
            segment.flags &= ~Segment.FIN;
            fit = Fit.CUT;
        }
        return fit;
    }

    /**
     * Takes the bytes of a segment that begins at or after {@link #next} and ends at or before {@link #edge}.
     *
     * @return whether they were the next ones
     */
    boolean take(int sequence, byte[] data, int at, int length) {
        int gap = sequence - next;
        if (gap == 0 && intervals == 0) {
            ring.put(ring.size(), data, at, length);
            ring.extend(length);
            next += length;
            sinceGrowth += length;
            return true;
        }
        if (insert(sequence, sequence + length)) {
            ring.put(ring.size() + gap, data, at, length);
        }
        if (gap != 0) {
            return false;
        }
        // The first interval begins here now, and whatever touches it has become part of it.
        int came = to[0] - next;
        remove(0);
        ring.extend(came);
        next += came;
        return true;
    }

    /** After data: counts the FIN if all before it is here. */
    boolean reachFinish() {
        if (finished && next == finish) {
            next++;
            return true;
        }
        return false;
    }

    private boolean insert(int start, int end) {
        int i = 0;
        while (i < intervals && to[i] - start < 0) {
            i++;
        }
        if (i == intervals || end - from[i] < 0) {
            if (intervals == INTERVALS) {
                if (i > 0) {
                    return false;
                }
                remove(intervals - 1); // what fills the first gap matters more than the last piece
            }
            System.arraycopy(from, i, from, i + 1, intervals - i);
            System.arraycopy(to, i, to, i + 1, intervals - i);
            from[i] = start;
            to[i] = end;
            intervals++;
            return true;
        }
        if (start - from[i] < 0) {
            from[i] = start;
        }
        if (end - to[i] > 0) {
            to[i] = end;
        }
        while (i + 1 < intervals && from[i + 1] - to[i] <= 0) {
            if (to[i + 1] - to[i] > 0) {
                to[i] = to[i + 1];
            }
            remove(i + 1);
        }
        return true;
    }

    private void remove(int i) {
        intervals--;
        System.arraycopy(from, i + 1, from, i, intervals - i);
        System.arraycopy(to, i + 1, to, i, intervals - i);
    }

    /** Whether bytes lie behind a gap. */
    boolean hasGap() {
        return intervals > 0;
    }

    /** Gives the host what it takes; false if it takes no more now. */
    boolean drain(ByteStream host) throws IOException {
        if (ring.size() > 0) {
            ring.drainTo(host);
        }
        boolean all = ring.size() == 0;
        // The guest fills more than half the window before we look: a larger one lets it go on.
        if (all && sinceGrowth > ring.capacity() / 2) {
            ring.grow();
        }
        sinceGrowth = 0;
        if (intervals == 0) {
            ring.releaseIfIdle();
        }
        return all;
    }

    /** The window's right edge if it were told now. */
    private int newEdge() {
        int window = Math.min(ring.free(), 65535 << scale) & -1 << scale;
        int candidate = next + window;
        return candidate - edge > 0 ? candidate : edge;
    }

    /** Whether the guest should hear that the window has grown: RFC 9293 section 3.8.6.2.2, against silly windows. */
    boolean worthTelling(int mss) {
        int growth = newEdge() - edge;
        return growth >= Math.min(ring.capacity() / 2, 2 * mss) && edge - next < ring.capacity() / 2;
    }

    /** The window to put into a segment; from then on the guest may use it. */
    int window() {
        edge = newEdge();
        return Math.min(65535, edge - next >>> scale);
    }

    /** The window to put into our SYN, which is never scaled; the guest may use it. */
    int synWindow() {
        int window = Math.min(65535, ring.free());
        edge = next + window;
        return window;
    }

    void release() {
        ring.release();
        intervals = 0;
    }
}
