package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.Timer;
import java.io.IOException;

/**
 * One TCP connection of the guest, which ends here, joined to a byte stream of the host: RFC 9293 from the side that the guest
 * takes for its peer. Belongs to the loop's thread; other threads may read {@link #state} and the counts.
 */
final class TcpConnection {
    /** How often the same segment goes out before the guest is given up; more than two minutes. */
    private static final int RETRIES = 15;
    /** For a segment that was delayed nowhere: the guest's last acknowledgement was lost, and it sends its FIN again. */
    private static final long TIME_WAIT = 2_000_000_000L;

    private final Tcp tcp;
    final TcpFlow flow;
    private final Timer timer;
    final Inbound in;
    final Outbound out;
    private final HostSide host = new HostSide();
    private final SegmentSender sender;
    private volatile TcpState state;
    /** How often the timer ran out since the guest said anything. */
    private int unanswered;

    /** Whether it stands in {@link Tcp}'s list of those that want to send. */
    boolean dirty;

    TcpConnection(Tcp tcp, TcpFlow flow, TcpState state) {
        this.tcp = tcp;
        this.flow = flow;
        this.state = state;
        timer = tcp.loop.timer(this::timeout);
        in = new Inbound(tcp.buffers);
        out = new Outbound(tcp.buffers, tcp.initialSequence(), flow.guest().isV4() ? 1460 : 1440);
        sender = new SegmentSender(tcp, this, timer);
    }

    TcpState state() {
        return state;
    }

    IpAddress guest() {
        return flow.guest();
    }

    /** The guest's SYN, the first of the connection. */
    void syn(Segment segment) {
        in.begin(segment.sequence);
        options(segment);
        out.firstWindow(segment);
    }

    private void options(Segment segment) {
        out.mss = Math.min(out.mss, segment.mss == 0 ? 536 : Math.max(64, segment.mss));
        if (segment.windowScale >= 0) {
            out.scale = segment.windowScale;
            in.scale = SegmentSender.WINDOW_SCALE;
        }
    }

    /** The host's side, which may not stand yet. */
    void join(ByteStream stream) {
        host.join(stream, () -> tcp.touch(this));
        tcp.touch(this);
    }

    /** The host's side stands: now the guest hears that it is connected. */
    void connected() {
        if (state == TcpState.CONNECTING) {
            state = TcpState.SYN_RECEIVED;
            tcp.touch(this);
        }
    }

    /** A segment of this connection. */
    void input(Segment segment) {
        switch (state) {
            case CLOSED -> {}
            case CONNECTING -> {
                if (segment.has(Segment.RST)) {
                    destroy(true);
                }
            }
            case SYN_SENT -> inputSynSent(segment);
            default -> inputSynchronized(segment);
        }
        if (state != TcpState.CLOSED) {
            tcp.touch(this);
        }
    }

    private void inputSynSent(Segment segment) {
        boolean ack = segment.has(Segment.ACK);
        if (ack && segment.acknowledgement != out.highest) {
            if (!segment.has(Segment.RST)) {
                tcp.resetFor(flow, segment);
            }
            return;
        }
        if (segment.has(Segment.RST)) {
            if (ack) {
                destroy(true);
            }
            return;
        }
        if (!segment.has(Segment.SYN)) {
            return;
        }
        syn(segment);
        sender.acknowledge();
        if (ack) {
            out.acknowledge(segment.acknowledgement, tcp.loop.now());
            state = TcpState.ESTABLISHED;
            timer.cancel();
        } else {
            state = TcpState.SYN_RECEIVED;
            out.next = out.unacknowledged; // both began at once: our SYN again, now with an ACK
        }
    }

    private void inputSynchronized(Segment segment) {
        if (state == TcpState.SYN_RECEIVED && segment.has(Segment.SYN) && segment.sequence == in.next - 1) {
            if (!segment.has(Segment.ACK)) {
                out.next = out.unacknowledged; // our SYN was lost
                return;
            }
            segment.flags &= ~Segment.SYN;
            segment.sequence++;
        }
        switch (in.trim(segment)) {
            case WHOLE -> {}
            case CUT -> sender.acknowledge();
            case PROBE -> {
                sender.acknowledge();
                if (segment.has(Segment.ACK)) {
                    acknowledgement(segment);
                }
                return;
            }
            case OLD -> {
                sender.acknowledge();
                if (state == TcpState.TIME_WAIT) {
                    timer.in(TIME_WAIT);
                }
                return;
            }
            case OUTSIDE -> {
                sender.acknowledge();
                return;
            }
            case STRAY_RESET -> {
                return;
            }
        }
        if (segment.has(Segment.RST)) {
            // RFC 5961 section 3.2: only the exact number resets; another one is asked back.
            if (segment.sequence == in.next) {
                destroy(true);
            } else {
                sender.acknowledge();
            }
            return;
        }
        if (segment.has(Segment.SYN)) {
            sender.acknowledge(); // RFC 5961 section 4.2
            return;
        }
        if (!segment.has(Segment.ACK) || !acknowledgement(segment)) {
            return;
        }
        if (segment.length > 0) {
            text(segment);
        }
        if (state != TcpState.CLOSED && segment.has(Segment.FIN)) {
            in.finish(segment.sequence + segment.length);
        }
        if (state != TcpState.CLOSED && in.reachFinish()) {
            sender.acknowledge();
            guestFinished();
        }
    }

    /** What the segment acknowledges; false if the segment is to be dropped. */
    private boolean acknowledgement(Segment segment) {
        int ack = segment.acknowledgement;
        unanswered = 0;
        if (state == TcpState.SYN_RECEIVED) {
            if (ack != out.highest || out.highest == out.unacknowledged) {
                tcp.resetFor(flow, segment);
                return false;
            }
            out.acknowledge(ack, tcp.loop.now());
            state = TcpState.ESTABLISHED;
            timer.cancel();
            out.updateWindow(segment);
            return true;
        }
        if (ack - out.highest > 0) {
            sender.acknowledge();
            return false;
        }
        int newly = ack - out.unacknowledged;
        if (newly > 0) {
            out.acknowledge(ack, tcp.loop.now());
            timer.cancel(); // output arms it anew
            if (out.partial()) {
                sender.retransmit();
            }
        } else if (newly == 0 && segment.space() == 0 && segment.window << out.scale == out.window && out.duplicate()) {
            sender.retransmit();
        }
        if (newly >= 0) {
            out.updateWindow(segment);
        }
        if (out.finished()) {
            switch (state) {
                case FIN_WAIT_1 -> state = TcpState.FIN_WAIT_2;
                case CLOSING -> timeWait();
                case LAST_ACK -> {
                    if (in.buffered() > 0) {
                        timeWait(); // the host has not taken everything yet
                    } else {
                        destroy(false);
                    }
                }
                default -> {}
            }
        }
        return state != TcpState.CLOSED;
    }

    private void text(Segment segment) {
        if (state != TcpState.ESTABLISHED && state != TcpState.FIN_WAIT_1 && state != TcpState.FIN_WAIT_2) {
            return;
        }
        if (!in.ensure()) {
            abort();
            return;
        }
        sender.acknowledge();
        // The guest counts acknowledgements that say the same (RFC 5681 section 3.2): one for each segment after a gap.
        if (in.take(segment.sequence, segment.data, segment.payload, segment.length)) {
            sender.acknowledgeProgress(in.hasGap());
        } else {
            sender.acknowledgeAgain();
        }
    }

    private void guestFinished() {
        switch (state) {
            case ESTABLISHED -> state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> state = out.finished() ? TcpState.TIME_WAIT : TcpState.CLOSING;
            case FIN_WAIT_2 -> state = TcpState.TIME_WAIT;
            default -> {}
        }
        if (state == TcpState.TIME_WAIT) {
            timeWait();
        }
    }

    private void timeWait() {
        state = TcpState.TIME_WAIT;
        timer.in(TIME_WAIT);
    }

    /** Moves what can be moved, in both directions. False if the card has no room and the rest waits. */
    boolean work() {
        if (host.isThere() && state.compareTo(TcpState.ESTABLISHED) >= 0) {
            exchange();
        }
        return state == TcpState.CLOSED || sender.output();
    }

    private void exchange() {
        try {
            if (!host.exchange(in, out)) {
                abort();
                return;
            }
        } catch (IOException e) {
            abort();
            return;
        }
        if (in.worthTelling(out.mss)) {
            sender.acknowledge();
        }
        if (out.ended && state == TcpState.ESTABLISHED) {
            state = TcpState.FIN_WAIT_1;
        } else if (out.ended && state == TcpState.CLOSE_WAIT) {
            state = TcpState.LAST_ACK;
        }
        if (state == TcpState.TIME_WAIT && in.buffered() == 0) {
            letGo(false);
        } else if (host.hasMore(out)) {
            tcp.touch(this);
        }
    }

    private void timeout() {
        if (state == TcpState.TIME_WAIT) {
            if (in.buffered() > 0) {
                timer.in(TIME_WAIT);
            } else {
                destroy(false);
            }
            return;
        }
        if (!tcp.hasRoom()) {
            timer.in(out.roundTrip.timeout()); // it is the card that waits, nothing was lost
            return;
        }
        if (out.flight() == 0 && !out.stalled()) {
            return;
        }
        if (++unanswered > RETRIES) {
            abort();
            return;
        }
        out.timeout();
        if (out.stalled()) {
            // RFC 9293 section 3.8.6.1: as long as the guest answers, its window may stay closed for ever.
            if (sender.send(out.next, 1, false)) {
                out.probed();
            }
            timer.in(out.roundTrip.timeout());
        } else {
            tcp.touch(this);
        }
    }

    /** The guest has become reachable: a SYN that went nowhere goes out now. */
    void neighbourFound() {
        if (state == TcpState.SYN_SENT) {
            out.next = out.unacknowledged;
            timer.cancel();
            tcp.touch(this);
        }
    }

    /** The host could not connect: the guest hears of a reset, if it is to hear of anything. */
    void refuse(boolean reset) {
        if (reset) {
            tcp.sendReset(this);
        }
        destroy(false);
    }

    /** The host's side broke: the guest's is reset. */
    void abort() {
        if (state != TcpState.CLOSED) {
            tcp.sendReset(this);
            destroy(true);
        }
    }

    /** Ends without a word to the guest. */
    void destroy(boolean reset) {
        if (state != TcpState.CLOSED) {
            state = TcpState.CLOSED;
            timer.cancel();
            letGo(reset);
            tcp.remove(this);
        }
    }

    private void letGo(boolean reset) {
        in.release();
        out.release();
        host.letGo(reset);
    }
}
