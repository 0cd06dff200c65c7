package dev.rhea.chardev;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A stream socket, listening or connecting; one connection at a time, and after it the next. */
final class SocketChardev extends BackEnd {
    private final SocketPlace place;
    private final SocketPlace.@Nullable Listener listener;
    private final boolean telnet;

    /** Milliseconds until a lost connection is tried again; 0 for never. */
    private final long reconnect;

    private final Consumer<String> warnings;

    /** Guarded by this, as is the queue: the connection of now. */
    private @Nullable Link link;

    private @Nullable OutputQueue queue;
    private volatile boolean broken;
    private @Nullable Thread server;

    private SocketChardev(
            String label,
            SocketPlace place,
            SocketPlace.@Nullable Listener listener,
            boolean telnet,
            long reconnect,
            Consumer<String> warnings) {
        super(label, false);
        this.place = place;
        this.listener = listener;
        this.telnet = telnet;
        this.reconnect = reconnect;
        this.warnings = warnings;
    }

    /**
     * Listens.
     *
     * @param wait whether to return only when somebody has connected
     * @param info is told where somebody is waited for
     */
    static SocketChardev server(String label, SocketPlace place, boolean wait, boolean telnet, Consumer<String> info)
            throws ChardevException {
        SocketPlace.Listener listener = place.listen();
        SocketChardev made = new SocketChardev(label, place, listener, telnet, 0, info);
        if (wait) {
            info.accept("info: waiting for a connection on: " + made.description());
            try {
                Link first = listener.accept();
                if (first != null) {
                    made.use(first);
                    made.connected(true);
                }
            } catch (IOException e) {
                made.close();
                throw new ChardevException("Failed to accept a connection: " + HostFiles.reason(e), e);
            }
        }
        made.start();
        return made;
    }

    /**
     * Connects.
     *
     * @param reconnect milliseconds until a connection that fails or ends is tried again; 0 for never: then the first has to
     *     succeed
     * @param warnings is told once when a connection that is tried again fails
     */
    static SocketChardev client(
            String label, SocketPlace place, boolean telnet, long reconnect, Consumer<String> warnings)
            throws ChardevException {
        SocketChardev made = new SocketChardev(label, place, null, telnet, reconnect, warnings);
        if (reconnect == 0) {
            made.use(place.connect());
            made.connected(true);
        }
        made.start();
        return made;
    }

    private void start() {
        server = thread("socket", this::serve);
    }

    @Override
    public synchronized String description() {
        String protocol = telnet ? "telnet" : place.protocol();
        if (link != null) {
            return protocol + ":" + link.ends(listener != null);
        }
        return "disconnected:" + protocol + ":"
                + (listener == null ? place.description() : listener.description() + ",server=on");
    }

    private void serve() {
        try {
            for (Link now; (now = next()) != null; ) {
                connected(true);
                read(now);
                if (closed()) {
                    // What was accepted is still being sent; closing ends the connection after that.
                    return;
                }
                end();
                connected(false);
                if (listener == null && (reconnect == 0 || !pause(reconnect))) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            end();
        } catch (IOException e) {
            warnings.accept("character device '" + label() + "' listens no more: " + HostFiles.reason(e));
        }
    }

    /** The connection of now, or the next; null once there will be none. */
    private @Nullable Link next() throws InterruptedException, IOException {
        synchronized (this) {
            if (link != null) {
                return link;
            }
        }
        if (listener != null) {
            Link accepted = listener.accept();
            return accepted == null || closed() ? null : use(accepted);
        }
        boolean told = false;
        do {
            try {
                return use(place.connect());
            } catch (ChardevException e) {
                if (!told) {
                    warnings.accept("Unable to connect character device " + label() + ": " + e.getMessage());
                    told = true;
                }
            }
        } while (pause(reconnect));
        return null;
    }

    private synchronized Link use(Link now) {
        link = now;
        broken = false;
        OutputQueue to = new OutputQueue(this, (data, offset, length) -> {
            try {
                if (telnet) {
                    byte[] encoded = Telnet.encode(data, offset, length);
                    now.write(encoded, 0, encoded.length);
                } else {
                    now.write(data, offset, length);
                }
            } catch (IOException e) {
                // Whoever waits for the guest to read would not see the end.
                broken = true;
                acceptInput();
                throw e;
            }
        });
        queue = to;
        if (telnet) {
            byte[] greeting = Telnet.greeting();
            try {
                now.write(greeting, 0, greeting.length);
            } catch (IOException e) {
                // Reading finds that out too.
                broken = true;
            }
        }
        return now;
    }

    private void read(Link from) throws InterruptedException {
        Telnet protocol = telnet ? new Telnet(() -> tell(ChardevEvent.BREAK)) : null;
        byte[] buffer = new byte[4096];
        try {
            for (int room; (room = awaitRoom(() -> broken)) > 0; ) {
                int length = from.read(buffer, 0, Math.min(room, buffer.length));
                if (length < 0) {
                    return;
                }
                int kept = protocol == null ? length : protocol.decode(buffer, length);
                if (kept > 0) {
                    deliver(buffer, 0, kept);
                }
            }
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
    }

    /** Drops the connection of now. */
    private void end() {
        Link old;
        OutputQueue oldQueue;
        synchronized (this) {
            old = link;
            oldQueue = queue;
            link = null;
            queue = null;
        }
        if (oldQueue != null) {
            oldQueue.finish(0);
        }
        if (old != null) {
            close(old);
        }
    }

    private void close(java.io.Closeable what) {
        try {
            what.close();
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
    }

    @Override
    int send(byte[] data, int offset, int length) {
        OutputQueue to;
        synchronized (this) {
            to = queue;
        }
        return to == null ? length : to.offer(data, offset, length);
    }

    @Override
    void release() {
        OutputQueue last;
        synchronized (this) {
            last = queue;
        }
        if (last != null) {
            last.finish(1000);
        }
        if (listener != null) {
            close(listener);
        }
        end();
        join(server, 1000);
        // It may just have accepted one more.
        end();
    }
}
