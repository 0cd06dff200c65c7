package dev.rhea.network.user;

import dev.rhea.network.IpAddress;
import dev.rhea.network.NetdevException;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.ip.Outside;
import dev.rhea.network.user.tcp.Tcp;
import dev.rhea.network.user.tcp.TcpForward;
import dev.rhea.network.user.udp.UdpSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The ports of the host that lead into the guest. On any thread. */
final class HostForwards {
    private record Open(HostForward forward, IpAddress guest, int port, AutoCloseable channel) {}

    private final EventLoop loop;
    private final Tcp tcp;
    private final UdpSockets udp;
    private final Outside outside;
    private final IpAddress defaultGuest;
    private final Map<HostForward.Place, Open> open = new ConcurrentHashMap<>();

    HostForwards(EventLoop loop, Tcp tcp, UdpSockets udp, Outside outside, IpAddress defaultGuest) {
        this.loop = loop;
        this.tcp = tcp;
        this.udp = udp;
        this.outside = outside;
        this.defaultGuest = defaultGuest;
    }

    int add(HostForward forward) throws NetdevException {
        IpAddress guest = forward.guestAddress().isUnspecified() ? defaultGuest : forward.guestAddress();
        InetSocketAddress address = new InetSocketAddress(forward.hostAddress().inet(), forward.hostPort());
        try {
            SocketAddress bound;
            AutoCloseable channel;
            if (forward.udp()) {
                DatagramChannel datagrams = DatagramChannel.open();
                bound = bind(datagrams, () -> datagrams.bind(address).getLocalAddress());
                datagrams.configureBlocking(false);
                channel = udp.forward(datagrams, guest, forward.guestPort());
            } else {
                ServerSocketChannel server = ServerSocketChannel.open();
                server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                bound = bind(server, () -> server.bind(address).getLocalAddress());
                server.configureBlocking(false);
                TcpForward listener = new TcpForward(loop, tcp, outside, server, guest, forward.guestPort());
                listener.begin();
                channel = listener;
            }
            int port = ((InetSocketAddress) bound).getPort();
            open.put(
                    new HostForward.Place(forward.udp(), forward.hostAddress(), port),
                    new Open(forward, guest, port, channel));
            return port;
        } catch (IOException e) {
            throw new NetdevException("Could not set up host forwarding rule '" + forward.rule() + "'", e);
        }
    }

    private interface Binding {
        SocketAddress bind() throws IOException;
    }

    private static SocketAddress bind(java.nio.channels.Channel channel, Binding binding) throws IOException {
        try {
            return binding.bind();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    boolean remove(HostForward.Place place) {
        Open found = open.remove(place);
        if (found == null) {
            return false;
        }
        close(found);
        // The host has the port back only after a selection; whoever asks for it next is not to be refused.
        loop.awaitTurn();
        return true;
    }

    private static void close(Open forward) {
        try {
            forward.channel.close();
        } catch (Exception e) {
            throw new IllegalStateException(e); // neither kind of channel does that
        }
    }

    void close() {
        if (!open.isEmpty()) {
            open.values().forEach(HostForwards::close);
            open.clear();
            loop.awaitTurn();
        }
    }

    void list(boolean datagrams, List<ConnectionInfo> to) {
        open.values().stream()
                .filter(entry -> entry.forward.udp() == datagrams)
                .forEach(entry -> to.add(new ConnectionInfo(
                        datagrams ? "UDP" : "TCP",
                        "HOST_FORWARD",
                        entry.forward.hostAddress().isUnspecified()
                                ? "*"
                                : entry.forward.hostAddress().toString(),
                        entry.port,
                        entry.guest.toString(),
                        entry.forward.guestPort(),
                        0,
                        0)));
    }
}
