package dev.rhea.network.user.tcp;

import dev.rhea.network.loop.Timer;
import dev.rhea.network.user.ip.IpOutput.Result;

/** Decides which segments of a connection go out, and remembers which acknowledgements the guest is still to get. */
final class SegmentSender {
    static final int WINDOW_SCALE = 3;

    private final Tcp tcp;
    private final TcpConnection connection;
    private final Timer timer;
    private final Inbound in;
    private final Outbound out;
    private boolean acknowledge;
    /** Segments that the guest is to hear about each with an acknowledgement of its own. */
    private int duplicates;

    /** @param timer the connection's, which runs while something is on its way */
    SegmentSender(Tcp tcp, TcpConnection connection, Timer timer) {
        this.tcp = tcp;
        this.connection = connection;
        this.timer = timer;
        this.in = connection.in;
        this.out = connection.out;
    }

    /** The next segment is to go out soon, even if it carries nothing but an acknowledgement. */
    void acknowledge() {
        acknowledge = true;
    }

    /** Something came that was waited for; {@code gap} says whether more is known to be missing. */
    void acknowledgeProgress(boolean gap) {
        duplicates = gap ? 1 : 0;
    }

    /** Something came that was not waited for: the guest hears once more what is. */
    void acknowledgeAgain() {
        duplicates++;
    }

    /** Sends what may be sent. False if the card has no room. */
    boolean output() {
        TcpState state = connection.state();
        if (state == TcpState.CONNECTING) {
            return true;
        }
        if (state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED) {
            return outputSyn(state == TcpState.SYN_RECEIVED);
        }
        while (true) {
            int length = out.nextLength();
            boolean fin = out.finWith(length);
            if (length == 0 && !fin) {
                break;
            }
            if (!send(out.next, length, fin)) {
                return false;
            }
            out.sent(length, fin, tcp.loop.now());
        }
        while (duplicates > 0 || acknowledge) {
            if (!send(out.acceptable(), 0, false)) {
                return false;
            }
            duplicates = Math.max(0, duplicates - 1);
        }
        arm();
        return true;
    }

    private boolean outputSyn(boolean ack) {
        if (out.next == out.unacknowledged) {
            boolean scaled = !ack || in.scale > 0;
            if (tcp.sendSyn(connection, ack, scaled ? WINDOW_SCALE : -1) == Result.NO_ROOM) {
                return false;
            }
            out.sentSyn(tcp.loop.now());
        }
        acknowledge = false;
        arm();
        return true;
    }

    /** Sends a segment, which acknowledges as each does. False if the card has no room. */
    boolean send(int sequence, int length, boolean fin) {
        int flags = Segment.ACK | (fin ? Segment.FIN : 0) | (length > 0 && (fin || length < out.mss) ? Segment.PSH : 0);
        if (tcp.send(connection, sequence, length, flags) == Result.NO_ROOM) {
            return false;
        }
        acknowledge = false;
        return true;
    }

    /** Sends the first segment that is not acknowledged again. If the card has no room, the timer does it later. */
    void retransmit() {
        out.roundTrip.retransmitted();
        int length = out.firstLength();
        boolean fin = out.ended && length == out.buffered() && out.highest - out.unacknowledged > length;
        if (length > 0 || fin) {
            send(out.unacknowledged, length, fin);
        }
    }

    private void arm() {
        if (connection.state() == TcpState.TIME_WAIT || timer.isArmed()) {
            return;
        }
        if (out.flight() > 0 || out.stalled()) {
            timer.in(out.roundTrip.timeout());
        }
    }
}
