package dev.rhea.network.user.udp;

import dev.rhea.network.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A UDP port of the host whose datagrams the guest gets, and whose peers get the guest's answers. */
final class UdpForward implements AutoCloseable {
    private static final int PEERS = 256;
    private static final int BATCH = 32;

    /** As the guest knows a peer. */
    private record Seen(IpAddress address, int port) {}

    final UdpSockets.Inner inner;
    private final UdpSockets sockets;
    private final DatagramChannel channel;
    private @Nullable SelectionKey key;
    private final LinkedHashMap<Seen, InetSocketAddress> peers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Seen, InetSocketAddress> eldest) {
            return size() > PEERS;
        }
    };

    UdpForward(UdpSockets sockets, DatagramChannel channel, UdpSockets.Inner inner) {
        this.sockets = sockets;
        this.channel = channel;
        this.inner = inner;
    }

    void begin() {
        try {
            key = sockets.loop.register(channel, SelectionKey.OP_READ, selected -> ready());
        } catch (IOException e) {
            close();
        }
    }

    /** Sends what is in the buffer to a peer that has written before. False if {@code address} and {@code port} is none. */
    boolean send(IpAddress address, int port) {
        InetSocketAddress peer = peers.get(new Seen(address, port));
        if (peer == null) {
            return false;
        }
        try {
            channel.send(sockets.buffer, peer);
        } catch (IOException e) {
            // Lost, as datagrams are.
        }
        return true;
    }

    private void ready() {
        ByteBuffer buffer = sockets.buffer;
        SelectionKey registered = key;
        if (registered == null) {
            return;
        }
        try {
            for (int i = 0; i < BATCH; i++) {
                if (!sockets.udp.ready()) {
                    registered.interestOps(0);
                    sockets.pause(() -> {
                        if (registered.isValid()) {
                            registered.interestOps(SelectionKey.OP_READ);
                        }
                    });
                    return;
                }
                SocketAddress from = channel.receive(buffer.clear());
                if (!(from instanceof InetSocketAddress peer)) {
                    return;
                }
                buffer.flip();
                IpAddress source = sockets.outside.seenBy(inner.guest(), peer.getAddress());
                peers.put(new Seen(source, peer.getPort()), peer);
                sockets.udp.send(source, peer.getPort(), inner.guest(), inner.port(), buffer);
            }
        } catch (IOException e) {
            // An error of an earlier datagram; the next turn goes on.
        }
    }

    @Override
    public void close() {
        sockets.remove(this);
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing else to be done with it.
        }
    }
}
