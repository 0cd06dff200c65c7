package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The host's side of a connection: moves bytes between its stream and the two directions, and says for what it waits. */
final class HostSide {
    private @Nullable ByteStream stream;
    private boolean ready;
    private boolean inputDone;
    private boolean reads;
    private boolean writes;

    /** Joins the stream; {@code touched} is called whenever it has become ready. */
    void join(ByteStream joined, Runnable touched) {
        stream = joined;
        joined.onReady(() -> {
            ready = true;
            touched.run();
        });
    }

    boolean isThere() {
        return stream != null;
    }

    /**
     * Gives the host what came from the guest, and takes what there is room for.
     *
     * @return false if there is no memory to read into
     * @throws IOException if the host's side broke
     */
    boolean exchange(Inbound in, Outbound out) throws IOException {
        ByteStream host = stream;
        if (host == null) {
            return true;
        }
        boolean drained = in.drain(host);
        if (drained && in.complete() && !inputDone) {
            inputDone = true;
            host.shutdownOutput();
        }
        if (ready && out.wantsRead()) {
            ready = false;
            if (!out.fill(host)) {
                return false;
            }
            ready = out.mayHaveMore();
        }
        boolean nowReads = out.wantsRead();
        if (nowReads != reads || drained == writes) {
            reads = nowReads;
            writes = !drained;
            host.await(reads, writes);
        }
        return true;
    }

    /** Whether another {@link #exchange} would find something to read at once. */
    boolean hasMore(Outbound out) {
        return ready && stream != null && out.wantsRead();
    }

    /** Gives the stream up, in order or with a reset. */
    void letGo(boolean reset) {
        ByteStream host = stream;
        stream = null;
        if (host != null) {
            if (reset) {
                host.reset();
            } else {
                host.close();
            }
        }
    }
}
