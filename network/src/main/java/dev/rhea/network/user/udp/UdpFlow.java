package dev.rhea.network.user.udp;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.Timer;
import dev.rhea.network.user.icmp.Icmp;
import dev.rhea.network.user.ip.IpPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One port of the guest and the socket of the host that stands for it.
 *
 * <p>As long as the guest talks to one peer only, the socket is connected to it, so that the host tells us if nobody listens
 * there. With a second peer, or one that may answer from another port, it is not, and receives from anybody.
 */
final class UdpFlow {
    private static final long LIFETIME = 240_000_000_000L;
    private static final long DNS_LIFETIME = 10_000_000_000L;
    private static final int DNS = 53;
    private static final int TFTP = 69;
    private static final int PEERS = 16;
    /** At a time, so that one flow does not keep the others waiting. */
    private static final int BATCH = 32;

    /** As the guest knows a peer. */
    private record Seen(IpAddress address, int port) {}

    final UdpSockets.Inner inner;
    private final UdpSockets sockets;
    private final DatagramChannel channel;
    private final SelectionKey key;
    private final Timer expiry;
    private final LinkedHashMap<InetSocketAddress, Seen> peers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Seen> eldest) {
            return size() > PEERS;
        }
    };
    private @Nullable InetSocketAddress only;
    private boolean connected;
    private boolean open;
    private Icmp.@Nullable Quote quote;
    private volatile Seen last = new Seen(IpAddress.ANY4, 0);
    private volatile long used;
    private volatile long lifetime;

    UdpFlow(UdpSockets sockets, UdpSockets.Inner inner) throws IOException {
        this.sockets = sockets;
        this.inner = inner;
        channel = DatagramChannel.open();
        channel.configureBlocking(false);
        key = sockets.loop.register(channel, SelectionKey.OP_READ, selected -> ready());
        expiry = sockets.loop.timer(this::close);
    }

    long used() {
        return used;
    }

    private void touch() {
        used = sockets.loop.now();
        expiry.in(lifetime);
    }

    /** Sends what is in the buffer. */
    void send(IpPacket packet, InetSocketAddress to) {
        lifetime = to.getPort() == DNS ? DNS_LIFETIME : LIFETIME;
        touch();
        Seen seen = new Seen(packet.destination, to.getPort());
        last = seen;
        peers.put(to, seen);
        quote = Icmp.quote(packet);
        try {
            if (!to.equals(only)) {
                settle(to);
            }
            ByteBuffer buffer = sockets.buffer;
            if (connected) {
                channel.write(buffer);
            } else {
                channel.send(buffer, to);
            }
        } catch (PortUnreachableException e) {
            refused(); // it is an earlier datagram's error, and this one's fate
        } catch (IOException e) {
            sockets.icmp.unreachable(Icmp.quote(packet), Icmp.Failure.HOST);
        } catch (RuntimeException e) {
            // An address that the JDK finds impossible (UnresolvedAddress, UnsupportedAddressType).
            sockets.icmp.unreachable(Icmp.quote(packet), Icmp.Failure.NETWORK);
        }
    }

    private void settle(InetSocketAddress to) throws IOException {
        if (only == null && !open && to.getPort() != TFTP) {
            only = to;
            channel.connect(to);
            connected = true;
            return;
        }
        open = true;
        only = null;
        if (connected) {
            connected = false;
            channel.disconnect();
        }
    }

    private void refused() {
        if (quote != null) {
            sockets.icmp.unreachable(quote, Icmp.Failure.PORT);
        }
    }

    private void ready() {
        ByteBuffer buffer = sockets.buffer;
        try {
            for (int i = 0; i < BATCH; i++) {
                if (!sockets.udp.ready()) {
                    key.interestOps(0);
                    sockets.pause(() -> {
                        if (key.isValid()) {
                            key.interestOps(SelectionKey.OP_READ);
                        }
                    });
                    return;
                }
                SocketAddress from = channel.receive(buffer.clear());
                if (!(from instanceof InetSocketAddress peer)) {
                    return;
                }
                buffer.flip();
                Seen seen = peers.get(peer);
                IpAddress source =
                        seen != null ? seen.address : sockets.outside.seenBy(inner.guest(), peer.getAddress());
                touch();
                sockets.udp.send(source, peer.getPort(), inner.guest(), inner.port(), buffer);
            }
        } catch (PortUnreachableException e) {
            refused();
        } catch (IOException e) {
            close();
        }
    }

    void list(UdpSockets.Listing listing) {
        Seen to = last;
        long left = (used + lifetime - sockets.loop.now()) / 1_000_000_000L;
        listing.flow(inner.guest(), inner.port(), to.address, to.port, Math.max(0, left));
    }

    void close() {
        expiry.cancel();
        sockets.remove(this);
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing else to be done with it.
        }
    }
}
