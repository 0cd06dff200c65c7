package dev.rhea.chardev;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where a stream socket is: what one can connect to or listen at. */
sealed interface SocketPlace permits TcpPlace, UnixPlace {
    /** Listens for connections, one at a time. */
    interface Listener extends Closeable {
        /** Waits for the next connection; null once it is closed. */
        @Nullable
        Link accept() throws IOException;

        /** Where it listens, as monitors name it: "127.0.0.1:5557". */
        String description();
    }

    /** Connects to it, which may take as long as the network. */
    Link connect() throws ChardevException;

    /** Listens at it. */
    Listener listen() throws ChardevException;

    /** The protocol as monitors name it: "tcp", "unix". */
    String protocol();

    /** The place as monitors name it: "localhost:5557", "/run/serial". */
    String description();
}
