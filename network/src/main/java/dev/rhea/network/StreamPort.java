package dev.rhea.network;

import dev.rhea.network.loop.Cable;
import dev.rhea.network.loop.CabledPort;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.loop.Timer;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A cable to another machine over a stream socket, TCP or Unix: each frame after its length, four bytes in network order. One
 * peer at a time; a port that listens waits for the next when one is gone, one that connects tries again if it was told to.
 */
public final class StreamPort extends CabledPort implements EventLoop.Work {
    private static final int LENGTH = 4;
    private static final int BUFFER = 4 * (LENGTH + MAX_FRAME);
    private static final int BATCH = 256;

    private final EventLoop loop = new EventLoop("network stream", this);
    private final Cable cable = new Cable(loop);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final byte[] frame = new byte[MAX_FRAME];
    private final @Nullable ServerSocketChannel server;
    private final SocketAddress address;
    private final long reconnect;
    private final Timer again = loop.timer(this::dial);
    private @Nullable SocketChannel peer;
    private @Nullable SelectionKey key;
    private boolean connected;

    private StreamPort(SocketAddress address, @Nullable ServerSocketChannel server, long reconnect) {
        this.address = address;
        this.server = server;
        this.reconnect = reconnect;
        loop.execute(server == null ? this::dial : this::listen);
        loop.start();
    }

    /**
     * Waits for a peer.
     *
     * @throws NetdevException if the address cannot be had
     */
    public static StreamPort listen(SocketAddress address) throws NetdevException {
        try {
            boolean unix = address instanceof UnixDomainSocketAddress;
            ServerSocketChannel server =
                    unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
            try {
                if (address instanceof UnixDomainSocketAddress path) {
                    removeStale(path.getPath());
                } else {
                    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                }
                server.bind(address, 1);
                server.configureBlocking(false);
                return new StreamPort(address, server, 0);
            } catch (IOException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new NetdevException("can't bind " + SocketNames.text(address) + " to socket: " + e.getMessage(), e);
        }
    }

    private static void removeStale(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            Files.delete(path);
        }
    }

    /**
     * Connects to a peer, in its own time.
     *
     * @param reconnect seconds after which a lost or refused connection is tried again; 0 for never
     */
    public static StreamPort connect(SocketAddress address, int reconnect) {
        return new StreamPort(address, null, reconnect * 1_000_000_000L);
    }

    /** Where it listens or connects to. */
    public SocketAddress address() {
        try {
            return server == null ? address : server.getLocalAddress();
        } catch (IOException e) {
            return address;
        }
    }

    private void listen() {
        try {
            if (server != null) {
                loop.register(server, SelectionKey.OP_ACCEPT, this::accept);
            }
        } catch (IOException e) {
            // It was closed before it began.
        }
    }

    private void accept(SelectionKey accepting) {
        try {
            SocketChannel channel = server == null ? null : server.accept();
            if (channel != null && peer != null) {
                channel.close(); // a cable has two ends
            } else if (channel != null) {
                begin(channel, SelectionKey.OP_READ);
                connected = true;
            }
        } catch (IOException e) {
            disconnect();
        }
    }

    private void dial() {
        try {
            boolean unix = address instanceof UnixDomainSocketAddress;
            SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            begin(channel, 0);
            connected = channel.connect(address);
            await();
        } catch (IOException | RuntimeException e) {
            disconnect(); // RuntimeException: a name that was not resolved
        }
    }

    private void begin(SocketChannel channel, int operations) throws IOException {
        peer = channel;
        channel.configureBlocking(false);
        if (!(address instanceof UnixDomainSocketAddress)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        key = loop.register(channel, operations, selected -> ready());
    }

    private void disconnect() {
        connected = false;
        try {
            if (peer != null) {
                peer.close();
            }
        } catch (IOException e) {
            // There is nothing else to be done with it.
        }
        peer = null;
        key = null;
        in.clear();
        out.clear();
        if (server == null && reconnect > 0) {
            again.in(reconnect);
        }
    }

    private void ready() {
        try {
            SocketChannel channel = peer;
            if (channel == null) {
                return;
            }
            if (!connected) {
                channel.finishConnect();
                connected = true;
            }
            if (!cable.blocked() && in.hasRemaining() && channel.read(in) < 0) {
                disconnect();
                return;
            }
            receive();
        } catch (IOException e) {
            disconnect();
        }
    }

    /** Hands over the frames that are complete. */
    private void receive() throws IOException {
        in.flip();
        while (in.remaining() >= LENGTH) {
            int length = in.getInt(in.position());
            if (length < 0 || length > MAX_FRAME) {
                throw new IOException("a frame of " + length + " bytes");
            }
            if (in.remaining() < LENGTH + length) {
                break;
            }
            in.get(in.position() + LENGTH, frame, 0, length);
            if (length > 0 && !cable.deliver(frame, 0, length)) {
                break;
            }
            in.position(in.position() + LENGTH + length);
        }
        in.compact();
    }

    private boolean take(byte[] data, int offset, int length) {
        if (!connected) {
            return true; // nobody is at the other end
        }
        if (out.remaining() < LENGTH + length) {
            return false;
        }
        out.putInt(length).put(data, offset, length);
        return true;
    }

    private void flush() {
        SocketChannel channel = peer;
        if (channel == null || !connected || out.position() == 0) {
            return;
        }
        try {
            out.flip();
            channel.write(out);
            out.compact();
        } catch (IOException e) {
            disconnect();
        }
    }

    private void await() {
        if (key != null && key.isValid()) {
            int read = cable.blocked() ? 0 : SelectionKey.OP_READ;
            int write = out.position() > 0 ? SelectionKey.OP_WRITE : 0;
            int operations = connected ? read | write : SelectionKey.OP_CONNECT;
            if (key.interestOps() != operations) {
                key.interestOps(operations);
            }
        }
    }

    @Override
    public void run() {
        if (cable.unblock() && connected) {
            ready();
        }
        cable.sent().drain(this::take, BATCH);
        flush();
        await();
    }

    @Override
    public boolean pending() {
        return cable.mayUnblock() || !cable.sent().isEmpty() && (!connected || out.position() == 0);
    }

    @Override
    public void closed() {
        // The loop closes the channels; a path would stay.
        if (server != null && address instanceof UnixDomainSocketAddress unix) {
            try {
                Files.deleteIfExists(unix.getPath());
            } catch (IOException e) {
                // Whoever listens there next removes it.
            }
        }
    }

    @Override
    protected Cable cable() {
        return cable;
    }

    @Override
    public void close() {
        loop.close();
    }
}
