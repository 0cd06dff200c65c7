package dev.rhea.network.user.tcp;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put8;

import dev.rhea.network.ByteStream;
import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.ip.IpOutput;
import dev.rhea.network.user.ip.IpOutput.Result;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.IpProtocol;
import dev.rhea.network.wire.Checksum;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All connections of a network: who gets a segment, who begins one, and how segments are made. */
public final class Tcp {
    /** Connections at a time; each has a socket of the host. */
    static final int LIMIT = 1000;

    private static final int MSS4 = IpOutput.MTU - 40;
    private static final int MSS6 = IpOutput.MTU - 60;

    /** Decides what a guest's connection leads to. */
    @FunctionalInterface
    public interface Opener {
        /** Joins what {@code attempt} asks for to something of the host, now or later, or refuses it. */
        void open(Attempt attempt);
    }

    /** A guest wants to connect. */
    public final class Attempt {
        private final TcpConnection connection;
        /** The guest's SYN, for ICMP errors that quote it; valid only until {@link Opener#open} returns. */
        public final IpPacket packet;

        Attempt(TcpConnection connection, IpPacket packet) {
            this.connection = connection;
            this.packet = packet;
        }

        public IpAddress address() {
            return connection.flow.remote();
        }

        public int port() {
            return connection.flow.remotePort();
        }

        /** What it will be joined to; the guest hears nothing before {@link #connected}. */
        public void join(ByteStream stream) {
            connection.join(stream);
        }

        public void connected() {
            connection.connected();
        }

        /** Nothing will come of it: the guest gets a reset, or nothing. */
        public void refuse(boolean reset) {
            connection.refuse(reset);
        }

        /** Whether somebody still waits for it. */
        public boolean isWanted() {
            return connection.state() == TcpState.CONNECTING;
        }
    }

    final EventLoop loop;
    final Buffers buffers = new Buffers();
    private final IpOutput ip;
    private final Opener opener;
    private final Map<TcpFlow, TcpConnection> connections = new ConcurrentHashMap<>();
    private final ArrayDeque<TcpConnection> dirty = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom();
    private final Segment segment = new Segment();
    private @Nullable TcpConnection last;

    public Tcp(EventLoop loop, IpOutput ip, Opener opener) {
        this.loop = loop;
        this.ip = ip;
        this.opener = opener;
    }

    /** A packet for TCP. */
    public void input(IpPacket packet) {
        Segment s = segment;
        if (packet.source.isMulticast()
                || packet.source.isUnspecified()
                || packet.destination.isMulticast()
                || !s.parse(packet)
                || s.sourcePort == 0
                || s.destinationPort == 0) {
            return;
        }
        TcpConnection connection = find(packet, s);
        if (connection != null
                && connection.state() == TcpState.TIME_WAIT
                && (s.flags & (Segment.SYN | Segment.ACK | Segment.RST)) == Segment.SYN
                && s.sequence - connection.in.next > 0) {
            connection.destroy(false); // RFC 1122 section 4.2.2.13: the guest uses the port again
            connection = null;
        }
        if (connection != null) {
            connection.input(s);
        } else if ((s.flags & (Segment.SYN | Segment.ACK | Segment.RST)) == Segment.SYN) {
            begin(packet, s);
        } else {
            resetFor(flow(packet, s), s);
        }
    }

    private static TcpFlow flow(IpPacket packet, Segment s) {
        return new TcpFlow(packet.source, s.sourcePort, packet.destination, s.destinationPort);
    }

    private @Nullable TcpConnection find(IpPacket packet, Segment s) {
        TcpConnection c = last;
        if (c != null
                && c.flow.guestPort() == s.sourcePort
                && c.flow.remotePort() == s.destinationPort
                && c.flow.guest().equals(packet.source)
                && c.flow.remote().equals(packet.destination)) {
            return c;
        }
        c = connections.get(flow(packet, s));
        if (c != null) {
            last = c;
        }
        return c;
    }

    private void begin(IpPacket packet, Segment s) {
        TcpFlow flow = flow(packet, s);
        if (!makeRoom()) {
            resetFor(flow, s);
            return;
        }
        TcpConnection connection = new TcpConnection(this, flow, TcpState.CONNECTING);
        connection.syn(s);
        connections.put(flow, connection);
        opener.open(new Attempt(connection, packet));
    }

    /** One that has come to its end makes room for a new one. */
    private boolean makeRoom() {
        if (connections.size() < LIMIT) {
            return true;
        }
        for (TcpConnection connection : connections.values()) {
            if (connection.state() == TcpState.TIME_WAIT && connection.in.buffered() == 0) {
                connection.destroy(false);
                return true;
            }
        }
        return false;
    }

    /**
     * The host connects to the guest. The guest sees {@code remote} and {@code port}, or another port if it has such a
     * connection already.
     *
     * @return false if there are too many connections
     */
    public boolean connect(IpAddress guest, int guestPort, IpAddress remote, int port, ByteStream stream) {
        if (!makeRoom()) {
            return false;
        }
        TcpFlow flow = new TcpFlow(guest, guestPort, remote, port);
        while (connections.containsKey(flow)) {
            flow = new TcpFlow(guest, guestPort, remote, 1024 + random.nextInt(64512));
        }
        TcpConnection connection = new TcpConnection(this, flow, TcpState.SYN_SENT);
        connections.put(flow, connection);
        connection.join(stream);
        return true;
    }

    /** Where {@code guest} is has become known. */
    public void neighbourFound(IpAddress guest) {
        for (TcpConnection connection : connections.values()) {
            if (connection.guest().equals(guest)) {
                connection.neighbourFound();
            }
        }
    }

    /** Whoever has something to move moves it, as long as the card has room. */
    public void work() {
        for (int n = dirty.size(); n > 0; n--) {
            TcpConnection connection = dirty.poll();
            if (connection == null) {
                return;
            }
            connection.dirty = false;
            if (!connection.work()) {
                touch(connection);
            }
        }
    }

    /** Whether {@link #work} would find something that can be done. */
    public boolean pending() {
        return !dirty.isEmpty() && ip.ready();
    }

    /** Ends all connections; the guest hears nothing more. */
    public void close() {
        connections.values().forEach(connection -> connection.destroy(true));
    }

    void touch(TcpConnection connection) {
        if (!connection.dirty && connection.state() != TcpState.CLOSED) {
            connection.dirty = true;
            dirty.add(connection);
        }
    }

    void remove(TcpConnection connection) {
        connections.remove(connection.flow, connection);
        if (last == connection) {
            last = null;
        }
    }

    boolean hasRoom() {
        return ip.ready();
    }

    int initialSequence() {
        return random.nextInt();
    }

    /** Tells each connection: the guest's side, the peer's as the guest knows it, state, and bytes on their way. */
    public void list(Listing listing) {
        connections.forEach((flow, connection) -> listing.connection(
                connection.state(),
                flow.guest(),
                flow.guestPort(),
                flow.remote(),
                flow.remotePort(),
                connection.in.buffered(),
                connection.out.buffered()));
    }

    /** Who hears of connections. */
    @FunctionalInterface
    public interface Listing {
        void connection(
                TcpState state,
                IpAddress guest,
                int guestPort,
                IpAddress remote,
                int remotePort,
                int toHost,
                int toGuest);
    }

    Result send(TcpConnection c, int sequence, int length, int flags) {
        int at = IpOutput.payload(c.guest());
        if (length > 0) {
            c.out.copy(sequence, ip.frame, at + Segment.HEADER, length);
        }
        return send(c.flow, sequence, c.in.next, flags, c.in.window(), Segment.HEADER, length);
    }

    /** Sends our SYN, with a window scale if that is not negative. */
    Result sendSyn(TcpConnection c, boolean ack, int scale) {
        int at = IpOutput.payload(c.guest()) + Segment.HEADER;
        boolean v4 = c.guest().isV4();
        put8(ip.frame, at, Segment.OPTION_MSS);
        put8(ip.frame, at + 1, 4);
        put16(ip.frame, at + 2, v4 ? MSS4 : MSS6);
        int options = 4;
        if (scale >= 0) {
            put8(ip.frame, at + 4, Segment.OPTION_NOP);
            put8(ip.frame, at + 5, Segment.OPTION_WINDOW_SCALE);
            put8(ip.frame, at + 6, 3);
            put8(ip.frame, at + 7, scale);
            options = 8;
        }
        int flags = Segment.SYN | (ack ? Segment.ACK : 0);
        int window = c.in.synWindow();
        return send(c.flow, c.out.next, ack ? c.in.next : 0, flags, window, Segment.HEADER + options, 0);
    }

    void sendReset(TcpConnection c) {
        reset(c.flow, c.out.next, c.in.next, Segment.RST | Segment.ACK);
    }

    /** The reset that RFC 9293 section 3.10.7.1 gives for a segment that belongs nowhere. */
    void resetFor(TcpFlow flow, Segment s) {
        if (s.has(Segment.RST)) {
            return;
        }
        if (s.has(Segment.ACK)) {
            reset(flow, s.acknowledgement, 0, Segment.RST);
        } else {
            reset(flow, 0, s.sequence + s.space(), Segment.RST | Segment.ACK);
        }
    }

    private void reset(TcpFlow flow, int sequence, int acknowledgement, int flags) {
        int length = header(flow, sequence, acknowledgement, flags, 0, Segment.HEADER, 0);
        ip.sendOnce(flow.remote(), flow.guest(), IpProtocol.TCP, length);
    }

    private Result send(
            TcpFlow flow, int sequence, int acknowledgement, int flags, int window, int header, int length) {
        int total = header(flow, sequence, acknowledgement, flags, window, header, length);
        return ip.send(flow.remote(), flow.guest(), IpProtocol.TCP, total);
    }

    private int header(TcpFlow flow, int sequence, int acknowledgement, int flags, int window, int header, int length) {
        byte[] to = ip.frame;
        int at = IpOutput.payload(flow.guest());
        put16(to, at, flow.remotePort());
        put16(to, at + 2, flow.guestPort());
        put32(to, at + 4, sequence);
        put32(to, at + 8, acknowledgement);
        put8(to, at + 12, header / 4 << 4);
        put8(to, at + 13, flags);
        put16(to, at + 14, window);
        put32(to, at + 16, 0);
        long pseudo = Checksum.pseudoHeader(flow.remote(), flow.guest(), IpProtocol.TCP, header + length);
        put16(to, at + 16, Checksum.finish(Checksum.sum(to, at, header + length, pseudo)));
        return header + length;
    }
}
