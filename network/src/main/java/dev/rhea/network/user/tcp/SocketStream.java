package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import dev.rhea.network.loop.EventLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A TCP socket of the host. */
public final class SocketStream implements ByteStream {
    private final EventLoop loop;
    private final SocketChannel channel;
    private final SelectionKey key;
    private Runnable ready = () -> {};
    private @Nullable Consumer<@Nullable IOException> connected;

    private SocketStream(EventLoop loop, SocketChannel channel, int operations) throws IOException {
        this.loop = loop;
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        key = loop.register(channel, operations, this::ready);
    }

    /** One that is connected. */
    public static SocketStream of(EventLoop loop, SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        return new SocketStream(loop, channel, 0);
    }

    /**
     * Begins to connect.
     *
     * @param connected is told in a later turn: null, or why not
     * @throws IOException if it fails at once
     */
    public static SocketStream connect(EventLoop loop, SocketAddress address, Consumer<@Nullable IOException> connected)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            boolean done = channel.connect(address);
            SocketStream stream = new SocketStream(loop, channel, done ? 0 : SelectionKey.OP_CONNECT);
            if (done) {
                loop.execute(() -> connected.accept(null));
            } else {
                stream.connected = connected;
            }
            return stream;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void ready(SelectionKey selected) {
        Consumer<@Nullable IOException> waiting = connected;
        if (waiting == null) {
            ready.run();
            return;
        }
        connected = null;
        IOException failure = null;
        try {
            channel.finishConnect();
            selected.interestOps(0);
        } catch (IOException e) {
            failure = e;
        }
        waiting.accept(failure);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return channel.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return channel.write(from);
    }

    @Override
    public void await(boolean read, boolean write) {
        if (key.isValid()) {
            key.interestOps((read ? SelectionKey.OP_READ : 0) | (write ? SelectionKey.OP_WRITE : 0));
        }
    }

    @Override
    public void onReady(Runnable whom) {
        ready = whom;
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // There is nothing else to be done with it.
        }
        loop.wake();
    }

    @Override
    public void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // It is closed, or not connected yet: nobody is there to be told.
        }
        close();
    }
}
