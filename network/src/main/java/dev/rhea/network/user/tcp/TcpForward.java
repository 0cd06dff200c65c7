package dev.rhea.network.user.tcp;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.ip.Outside;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A TCP port of the host whose connections end in the guest. */
public final class TcpForward implements AutoCloseable {
    private final EventLoop loop;
    private final Tcp tcp;
    private final Outside outside;
    private final ServerSocketChannel channel;
    private final IpAddress guest;
    private final int port;

    /** @param channel bound; it need not be registered */
    public TcpForward(
            EventLoop loop, Tcp tcp, Outside outside, ServerSocketChannel channel, IpAddress guest, int port) {
        this.loop = loop;
        this.tcp = tcp;
        this.outside = outside;
        this.channel = channel;
        this.guest = guest;
        this.port = port;
    }

    /** Accepts from the loop's next turn on. On any thread. */
    public void begin() {
        loop.execute(() -> {
            try {
                loop.register(channel, SelectionKey.OP_ACCEPT, this::accept);
            } catch (IOException e) {
                close();
            }
        });
    }

    private void accept(SelectionKey key) {
        try {
            SocketChannel accepted = channel.accept();
            if (accepted == null) {
                return;
            }
            if (!(accepted.getRemoteAddress() instanceof InetSocketAddress peer)) {
                accepted.close();
                return;
            }
            SocketStream stream = SocketStream.of(loop, accepted);
            IpAddress remote = outside.seenBy(guest, peer.getAddress());
            if (!tcp.connect(guest, port, remote, peer.getPort(), stream)) {
                stream.reset();
            }
        } catch (IOException e) {
            // Whoever connected has gone already, or the host is out of descriptors: the next one may have more luck.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing else to be done with it.
        }
    }
}
