package dev.rhea.chardev;

import dev.rhea.host.AbstractSocket;
import dev.rhea.host.Descriptor;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the host, {@code unix(7)}.
 *
 * @param path of its file; or its name, if it has none
 * @param isAbstract whether it is in the namespace without files
 * @param tight whether the address of an abstract one ends with its name
 */
record UnixPlace(String path, boolean isAbstract, boolean tight) implements SocketPlace {
    /** {@code sun_path}'s size. */
    private static final int PATH_BYTES = 108;

    UnixPlace {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("a socket's path is not empty");
        }
    }

    private void checkLength() throws ChardevException {
        int most = isAbstract ? AbstractSocket.MAX_NAME : PATH_BYTES - 1;
        if (path.getBytes(StandardCharsets.UTF_8).length > most) {
            throw new ChardevException(
                    "UNIX socket path '" + path + "' is too long\nPath must be less than " + (most + 1) + " bytes");
        }
    }

    @Override
    public Link connect() throws ChardevException {
        checkLength();
        try {
            if (isAbstract) {
                return new DescriptorLink(
                        AbstractSocket.connect(path.getBytes(StandardCharsets.UTF_8), tight), description());
            }
            return new ChannelLink(SocketChannel.open(UnixDomainSocketAddress.of(path)));
        } catch (IOException e) {
            throw new ChardevException("Failed to connect to '" + path + "': " + HostFiles.reason(e), e);
        }
    }

    @Override
    public Listener listen() throws ChardevException {
        checkLength();
        try {
            return isAbstract ? abstractListener() : fileListener();
        } catch (IOException e) {
            throw new ChardevException("Failed to bind socket to " + path + ": " + HostFiles.reason(e), e);
        }
    }

    private Listener fileListener() throws IOException {
        Path file = Path.of(path);
        // A socket that a process left behind.
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            Files.delete(file);
        }
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(file), 1);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return new Listener() {
            @Override
            public @Nullable Link accept() throws IOException {
                try {
                    return new ChannelLink(channel.accept());
                } catch (ClosedChannelException e) {
                    return null;
                }
            }

            @Override
            public String description() {
                return path;
            }

            @Override
            public void close() throws IOException {
                channel.close();
                Files.deleteIfExists(file);
            }
        };
    }

    private Listener abstractListener() throws IOException {
        Descriptor socket = AbstractSocket.listen(path.getBytes(StandardCharsets.UTF_8), tight);
        return new Listener() {
            @Override
            public @Nullable Link accept() throws IOException {
                Descriptor accepted = AbstractSocket.accept(socket);
                return accepted == null ? null : new DescriptorLink(accepted, UnixPlace.this.description());
            }

            @Override
            public String description() {
                return UnixPlace.this.description();
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    @Override
    public String protocol() {
        return "unix";
    }

    @Override
    public String description() {
        return isAbstract ? path + ",abstract=on" + (tight ? ",tight=on" : "") : path;
    }
}
