package dev.rhea.network.user.icmp;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.u16;

import dev.rhea.host.PingSocket;
import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.loop.Timer;
import dev.rhea.network.user.ip.IpPacket;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Echo requests to the outside, through the host's ping sockets, where it lets us have them. The host's kernel replaces the
 * identifier by one of its own, so requests are told apart by a sequence number of ours.
 */
public final class Echo {
    private static final int LIMIT = 64;
    private static final long LIFETIME = 10_000_000_000L;
    /** No selector waits for ping sockets: while something is outstanding they are asked, ever more rarely. */
    private static final long FIRST_LOOK = 500_000L;

    private static final long RAREST_LOOK = 20_000_000L;
    private static final int HEADER = 8;

    private record Outstanding(IpAddress guest, IpAddress target, int identifierAndSequence, long deadline) {}

    private final EventLoop loop;
    private final Timer look;
    private final LinkedHashMap<Integer, Outstanding> outstanding = new LinkedHashMap<>();
    private final byte[] message = new byte[65535];
    private @Nullable Icmp icmp;
    private @Nullable PingSocket socket4;
    private @Nullable PingSocket socket6;
    private boolean refused4;
    private boolean refused6;
    private int sequence;
    private long interval;

    public Echo(EventLoop loop) {
        this.loop = loop;
        look = loop.timer(this::look);
    }

    /** Sends the request on. False if the host does not let us or knows no way. */
    boolean send(Icmp replies, IpPacket packet) {
        icmp = replies;
        PingSocket socket = socket(packet.isV4());
        if (socket == null) {
            return false;
        }
        int number = ++sequence & 0xffff;
        System.arraycopy(packet.data, packet.payload, message, 0, packet.length());
        put32(message, 4, number);
        put16(message, 2, 0);
        byte[] target = new byte[packet.destination.length()];
        packet.destination.write(target, 0);
        if (!socket.send(target, message, packet.length())) {
            return false;
        }
        if (outstanding.size() >= LIMIT) {
            outstanding.pollFirstEntry();
        }
        int original = u16(packet.data, packet.payload + 4) << 16 | u16(packet.data, packet.payload + 6);
        outstanding.put(number, new Outstanding(packet.source, packet.destination, original, loop.now() + LIFETIME));
        interval = FIRST_LOOK;
        look.in(interval);
        return true;
    }

    private @Nullable PingSocket socket(boolean v4) {
        if (v4) {
            if (socket4 == null && !refused4) {
                socket4 = PingSocket.open(false);
                refused4 = socket4 == null;
            }
            return socket4;
        }
        if (socket6 == null && !refused6) {
            socket6 = PingSocket.open(true);
            refused6 = socket6 == null;
        }
        return socket6;
    }

    private void look() {
        receive(socket4);
        receive(socket6);
        outstanding.values().removeIf(entry -> entry.deadline < loop.now());
        if (!outstanding.isEmpty()) {
            interval = Math.min(RAREST_LOOK, 2 * interval);
            look.in(interval);
        }
    }

    private void receive(@Nullable PingSocket socket) {
        if (socket == null || icmp == null) {
            return;
        }
        for (int n = socket.receive(message); n >= HEADER; n = socket.receive(message)) {
            Outstanding entry = outstanding.remove(u16(message, 6));
            if (entry != null) {
                put32(message, 4, entry.identifierAndSequence);
                icmp.reply(entry.target, entry.guest, message, 0, n);
            }
        }
    }

    public void close() {
        look.cancel();
        if (socket4 != null) {
            socket4.close();
        }
        if (socket6 != null) {
            socket6.close();
        }
        socket4 = null;
        socket6 = null;
        refused4 = true;
        refused6 = true;
    }
}
