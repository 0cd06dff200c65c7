package dev.rhea.chardev;

import dev.rhea.host.Descriptor;
import java.io.EOFException;
import java.io.IOException;

/** A connection over a socket in Linux's abstract namespace, which {@code java.nio} does not know. */
final class DescriptorLink implements Link {
    private final Descriptor socket;
    private final String name;

    DescriptorLink(Descriptor socket, String name) {
        this.socket = socket;
        this.name = name;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return Math.max(-1, socket.read(into, offset, length));
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (socket.write(from, offset, length) < length) {
            throw new EOFException("closed");
        }
    }

    @Override
    public String ends(boolean server) {
        return name + (server ? ",server=on" : "");
    }

    @Override
    public void close() {
        socket.close();
    }
}
