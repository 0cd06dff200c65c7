package dev.rhea.network.user.udp;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.icmp.Icmp;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.Outside;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The guest's datagrams on the host's network: one socket of the host for each port of the guest that sends, as long as it is
 * used, and one for each port of the host that is forwarded into the guest.
 */
public final class UdpSockets {
    private static final int LIMIT = 512;

    /** A port of a guest. */
    record Inner(IpAddress guest, int port) {}

    final EventLoop loop;
    final Udp udp;
    final Icmp icmp;
    final Outside outside;
    /** Datagrams pass here, one at a time. */
    final ByteBuffer buffer = ByteBuffer.allocateDirect(65536);

    private final Map<Inner, UdpFlow> flows = new ConcurrentHashMap<>();
    private final List<UdpForward> forwards = new CopyOnWriteArrayList<>();
    private final List<Runnable> paused = new ArrayList<>();

    public UdpSockets(EventLoop loop, Udp udp, Icmp icmp, Outside outside) {
        this.loop = loop;
        this.udp = udp;
        this.icmp = icmp;
        this.outside = outside;
    }

    /** A datagram to somewhere outside: {@link Udp.Service}. */
    public boolean datagram(IpPacket packet, int sourcePort, int destinationPort, int at, int length) {
        Inner inner = new Inner(packet.source, sourcePort);
        buffer.clear().put(packet.data, at, length).flip();
        for (UdpForward forward : forwards) {
            if (forward.inner.equals(inner) && forward.send(packet.destination, destinationPort)) {
                return true;
            }
        }
        InetAddress address = outside.of(packet.destination);
        if (address == null || packet.source.isUnspecified()) {
            return false;
        }
        UdpFlow flow = flows.get(inner);
        try {
            if (flow == null) {
                makeRoom();
                flow = new UdpFlow(this, inner);
                flows.put(inner, flow);
            }
        } catch (IOException e) {
            icmp.unreachable(Icmp.quote(packet), Icmp.Failure.HOST);
            return true;
        }
        flow.send(packet, new InetSocketAddress(address, destinationPort));
        return true;
    }

    private void makeRoom() {
        if (flows.size() < LIMIT) {
            return;
        }
        UdpFlow oldest = null;
        for (UdpFlow flow : flows.values()) {
            if (oldest == null || flow.used() < oldest.used()) {
                oldest = flow;
            }
        }
        if (oldest != null) {
            oldest.close();
        }
    }

    void remove(UdpFlow flow) {
        flows.remove(flow.inner, flow);
    }

    /** Forwards what comes to a bound channel into the guest, in the loop's next turn. On any thread. */
    public AutoCloseable forward(DatagramChannel channel, IpAddress guest, int port) {
        UdpForward forward = new UdpForward(this, channel, new Inner(guest, port));
        forwards.add(forward);
        loop.execute(forward::begin);
        return forward;
    }

    void remove(UdpForward forward) {
        forwards.remove(forward);
    }

    /** The card has no room: {@code again} is called when it has. */
    void pause(Runnable again) {
        paused.add(again);
    }

    /** The card has room again. */
    public void resume() {
        List<Runnable> all = List.copyOf(paused);
        paused.clear();
        all.forEach(Runnable::run);
    }

    public void close() {
        flows.values().forEach(UdpFlow::close);
        forwards.forEach(UdpForward::close);
    }

    /** Who hears of flows. */
    @FunctionalInterface
    public interface Listing {
        /** @param secondsLeft until it is forgotten if nothing passes */
        void flow(IpAddress guest, int guestPort, IpAddress remote, int remotePort, long secondsLeft);
    }

    /** Tells each flow, with the last destination. On any thread. */
    public void list(Listing listing) {
        flows.forEach((inner, flow) -> flow.list(listing));
    }
}
