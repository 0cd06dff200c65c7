package dev.rhea.network;

import dev.rhea.network.loop.Cable;
import dev.rhea.network.loop.CabledPort;
import dev.rhea.network.loop.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * A cable over UDP, a frame in each datagram: to one peer, or to everybody who has joined a multicast group, which makes a
 * segment without a hub.
 */
public final class DatagramPort extends CabledPort implements EventLoop.Work {
    private static final int BATCH = 64;

    private final EventLoop loop = new EventLoop("network datagrams", this);
    private final Cable cable = new Cable(loop);
    private final DatagramChannel channel;
    private final InetSocketAddress remote;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
    private final byte[] frame = new byte[65536];
    private @Nullable SelectionKey key;
    private int refused = -1;

    private DatagramPort(DatagramChannel channel, InetSocketAddress remote) {
        this.channel = channel;
        this.remote = remote;
        loop.execute(() -> {
            try {
                key = loop.register(channel, SelectionKey.OP_READ, selected -> receive());
            } catch (IOException e) {
                // It was closed before it began.
            }
        });
        loop.start();
    }

    /**
     * To one peer.
     *
     * @throws NetdevException if {@code local} cannot be had
     */
    public static DatagramPort udp(InetSocketAddress local, InetSocketAddress remote) throws NetdevException {
        return open(local, remote, null, null);
    }

    /**
     * To a group.
     *
     * @param group a multicast address of IPv4, and the port
     * @param interfaceAddress an address of the host on whose network the group is; null for the host's choice
     * @throws NetdevException if the group cannot be joined
     */
    public static DatagramPort multicast(InetSocketAddress group, @Nullable InetAddress interfaceAddress)
            throws NetdevException {
        InetAddress address = group.getAddress();
        try {
            return open(new InetSocketAddress(address, group.getPort()), group, address, route(interfaceAddress));
        } catch (IOException e) {
            throw new NetdevException(
                    "can't add socket to multicast group " + address.getHostAddress() + ": " + e.getMessage(), e);
        }
    }

    private static NetworkInterface route(@Nullable InetAddress address) throws IOException {
        NetworkInterface found = address == null ? null : NetworkInterface.getByInetAddress(address);
        if (address != null && found == null) {
            throw new IOException("no interface has the address " + address.getHostAddress());
        }
        if (found != null) {
            return found;
        }
        NetworkInterface loopback = null;
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            boolean v4 = each.inetAddresses().anyMatch(a -> IpAddress.of(a).isV4());
            if (each.isUp() && each.isLoopback()) {
                loopback = each;
            } else if (each.isUp() && each.supportsMulticast() && v4) {
                return each;
            }
        }
        if (loopback == null) {
            throw new IOException("no interface is up");
        }
        return loopback;
    }

    private static DatagramPort open(
            InetSocketAddress local,
            InetSocketAddress remote,
            @Nullable InetAddress group,
            @Nullable NetworkInterface route)
            throws NetdevException {
        try {
            boolean v4 = IpAddress.of(remote.getAddress()).isV4();
            DatagramChannel channel =
                    DatagramChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
            try {
                if (group != null) {
                    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                }
                channel.bind(local);
                if (group != null && route != null) {
                    channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, route);
                    channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
                    channel.join(group, route);
                }
                channel.configureBlocking(false);
                return new DatagramPort(channel, remote);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            throw new NetdevException("can't bind " + SocketNames.text(local) + " to socket: " + e.getMessage(), e);
        }
    }

    /** Where it receives. */
    public SocketAddress localAddress() throws IOException {
        return channel.getLocalAddress();
    }

    private void receive() {
        try {
            if (refused >= 0) {
                if (!cable.deliver(frame, 0, refused)) {
                    return;
                }
                refused = -1;
            }
            for (int i = 0; i < BATCH && !cable.blocked(); i++) {
                if (channel.receive(buffer.clear()) == null) {
                    return;
                }
                int length = buffer.flip().remaining();
                buffer.get(frame, 0, length);
                if (length > 0 && !cable.deliver(frame, 0, length)) {
                    refused = length;
                }
            }
        } catch (IOException e) {
            // An error of an earlier datagram, such as nobody listening: datagrams get lost.
        }
    }

    private boolean take(byte[] data, int offset, int length) {
        if (length > 65507) {
            return true;
        }
        try {
            channel.send(buffer.clear().put(data, offset, length).flip(), remote);
        } catch (IOException e) {
            // Lost, as datagrams are.
        }
        return true;
    }

    @Override
    public void run() {
        if (cable.unblock()) {
            receive();
        }
        cable.sent().drain(this::take, BATCH);
        SelectionKey registered = key;
        if (registered != null && registered.isValid()) {
            int operations = cable.blocked() ? 0 : SelectionKey.OP_READ;
            if (registered.interestOps() != operations) {
                registered.interestOps(operations);
            }
        }
    }

    @Override
    public boolean pending() {
        return cable.mayUnblock() || !cable.sent().isEmpty();
    }

    @Override
    public void closed() {}

    @Override
    protected Cable cable() {
        return cable;
    }

    @Override
    public void close() {
        loop.close();
    }
}
