package dev.rhea.chardev;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection over TCP or a socket in the file system. */
final class ChannelLink implements Link {
    private final SocketChannel channel;
    private final SocketAddress ours;
    private final SocketAddress theirs;

    ChannelLink(SocketChannel channel) throws IOException {
        this.channel = channel;
        ours = channel.getLocalAddress();
        theirs = channel.getRemoteAddress();
    }

    static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, offset, length));
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    @Override
    public String ends(boolean server) {
        String suffix = server ? ",server=on" : "";
        if (ours instanceof InetSocketAddress from && theirs instanceof InetSocketAddress to) {
            return text(from) + suffix + " <-> " + text(to);
        }
        // In the file system only the one who listens has a name.
        return (server ? ours : theirs) + suffix;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
