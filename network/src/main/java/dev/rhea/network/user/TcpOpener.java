package dev.rhea.network.user;

import dev.rhea.network.ByteStream;
import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.icmp.Icmp;
import dev.rhea.network.user.ip.Outside;
import dev.rhea.network.user.tcp.CommandStream;
import dev.rhea.network.user.tcp.LoopedStream;
import dev.rhea.network.user.tcp.SocketStream;
import dev.rhea.network.user.tcp.Tcp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** What the guest's TCP connections lead to: forwards into the host, or sockets of the host's. */
final class TcpOpener implements Tcp.Opener {
    private final EventLoop loop;
    private final Outside outside;
    private final Icmp icmp;
    private final List<GuestForward> forwards;
    private final Map<GuestForward, ByteStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger commands = new AtomicInteger();

    TcpOpener(EventLoop loop, Outside outside, Icmp icmp, List<GuestForward> forwards) {
        this.loop = loop;
        this.outside = outside;
        this.icmp = icmp;
        this.forwards = forwards;
    }

    /** What a forward that is no command leads to. On any thread. */
    void attach(GuestForward forward, ByteStream stream) {
        streams.put(forward, stream);
    }

    /** Whether something is forwarded at this address. */
    boolean isForwarded(IpAddress address) {
        for (GuestForward forward : forwards) {
            if (forward.address().equals(address)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void open(Tcp.Attempt attempt) {
        for (GuestForward forward : forwards) {
            if (forward.address().equals(attempt.address()) && forward.port() == attempt.port()) {
                open(attempt, forward);
                return;
            }
        }
        InetAddress address = outside.of(attempt.address());
        if (address == null) {
            attempt.refuse(true);
            return;
        }
        Icmp.Quote quote = Icmp.quote(attempt.packet);
        try {
            InetSocketAddress target = new InetSocketAddress(address, attempt.port());
            attempt.join(SocketStream.connect(loop, target, failure -> {
                if (failure == null) {
                    attempt.connected();
                } else if (attempt.isWanted()) {
                    failed(attempt, quote, failure);
                }
            }));
        } catch (IOException | RuntimeException e) {
            failed(attempt, quote, e);
        }
    }

    private void open(Tcp.Attempt attempt, GuestForward forward) {
        try {
            if (forward.isCommand()) {
                attempt.join(CommandStream.start(loop, forward.target(), commands));
            } else {
                ByteStream stream = streams.get(forward);
                if (stream == null) {
                    attempt.refuse(true);
                    return;
                }
                attempt.join(new LoopedStream(loop, stream));
            }
            attempt.connected();
        } catch (IOException e) {
            attempt.refuse(true);
        }
    }

    /** That there is no way the guest's program only hears from ICMP; the rest (refused, reset at once) is a reset. */
    private void failed(Tcp.Attempt attempt, Icmp.Quote quote, Exception failure) {
        boolean noWay = failure instanceof NoRouteToHostException
                || failure instanceof SocketException
                        && String.valueOf(failure.getMessage()).contains("unreachable");
        attempt.refuse(!noWay);
        if (noWay) {
            icmp.unreachable(quote, Icmp.Failure.HOST);
        }
    }
}
