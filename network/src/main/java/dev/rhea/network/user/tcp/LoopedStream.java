package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import dev.rhea.network.loop.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Somebody else's stream, made fit for a connection: its calls may come on any thread and are brought to the loop's, and closing
 * it only means that this connection is done with it.
 */
public final class LoopedStream implements ByteStream {
    private final EventLoop loop;
    private final ByteStream stream;

    public LoopedStream(EventLoop loop, ByteStream stream) {
        this.loop = loop;
        this.stream = stream;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return stream.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return stream.write(from);
    }

    @Override
    public void await(boolean read, boolean write) {
        stream.await(read, write);
    }

    @Override
    public void onReady(Runnable ready) {
        stream.onReady(() -> loop.execute(ready));
    }

    @Override
    public void shutdownOutput() {
        // The other side serves later connections too.
    }

    @Override
    public void close() {
        stream.await(false, false);
        stream.onReady(() -> {});
    }
}
