package dev.rhea.chardev;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Datagrams from and to one place; each write is one datagram, boundaries of those that come are forgotten. */
final class UdpChardev extends BackEnd {
    private final DatagramChannel channel;
    private final Thread reader;

    private UdpChardev(String label, DatagramChannel channel) {
        super(label, true);
        this.channel = channel;
        reader = thread("input", this::read);
    }

    /**
     * @param local where datagrams come to
     * @param remote where they go to and come from
     */
    static UdpChardev open(String label, InetSocketAddress local, InetSocketAddress remote) throws ChardevException {
        String failed = "Failed to create socket: ";
        try {
            DatagramChannel channel = DatagramChannel.open();
            try {
                failed = "Failed to bind socket: ";
                channel.bind(local);
                failed = "Failed to connect to '" + ChannelLink.text(remote) + "': ";
                channel.connect(remote);
                return new UdpChardev(label, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ChardevException(failed + HostFiles.reason(e), e);
        }
    }

    @Override
    public String description() {
        return "udp";
    }

    /** Where datagrams come to. */
    InetSocketAddress local() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    private void read() {
        ByteBuffer datagram = ByteBuffer.allocate(65536).limit(0);
        try {
            while (true) {
                int room = awaitRoom();
                if (room == 0) {
                    return;
                }
                if (!datagram.hasRemaining() && !receive(datagram)) {
                    continue;
                }
                int length = Math.min(room, datagram.remaining());
                deliver(datagram.array(), datagram.position(), length);
                datagram.position(datagram.position() + length);
            }
        } catch (InterruptedException | IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
    }

    private boolean receive(ByteBuffer datagram) throws IOException {
        datagram.clear();
        try {
            channel.read(datagram);
            datagram.flip();
            return datagram.hasRemaining();
        } catch (PortUnreachableException e) {
            // Nobody listens there yet.
            datagram.limit(0);
            return false;
        }
    }

    @Override
    int send(byte[] data, int offset, int length) {
        try {
            channel.write(ByteBuffer.wrap(data, offset, length));
        } catch (IOException e) {
            // Datagrams may be lost.
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
        return length;
    }

    @Override
    void release() {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
        join(reader, 1000);
    }
}
