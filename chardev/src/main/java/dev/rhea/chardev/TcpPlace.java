package dev.rhea.chardev;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port.
 *
 * @param host name or address; empty for all of this host's when listening, this host when connecting
 * @param port as text, as the options give it
 * @param last the last port that is tried when listening, or the same port
 * @param ipv4 whether such addresses are used, or null if the options do not say
 * @param ipv6 the same
 * @param noDelay whether small pieces are sent at once ({@code TCP_NODELAY})
 */
record TcpPlace(
        String host,
        String port,
        int last,
        @Nullable Boolean ipv4,
        @Nullable Boolean ipv6,
        boolean noDelay) implements SocketPlace {
    /** The addresses of a host and port, those allowed. */
    static List<InetSocketAddress> resolve(
            String host, String port, @Nullable Boolean ipv4, @Nullable Boolean ipv6, boolean listening)
            throws ChardevException {
        String refused = "address resolution failed for " + host + ":" + port + ": ";
        int number;
        try {
            number = Integer.parseInt(port);
        } catch (NumberFormatException e) {
            throw new ChardevException(refused + "Servname not supported for ai_socktype", e);
        }
        if (number < 0 || number > 65535) {
            throw new ChardevException(refused + "a port is 0 to 65535");
        }
        // As getaddrinfo: one that is asked for alone leaves the other out, one that is refused too.
        boolean four = ipv4 != null ? ipv4 || Boolean.FALSE.equals(ipv6) : !Boolean.TRUE.equals(ipv6);
        boolean six = ipv6 != null ? ipv6 || Boolean.FALSE.equals(ipv4) : !Boolean.TRUE.equals(ipv4);
        List<InetSocketAddress> addresses = new ArrayList<>();
        try {
            InetAddress[] all = host.isEmpty() && listening
                    ? new InetAddress[] {InetAddress.getByName(four ? "0.0.0.0" : "::")}
                    : InetAddress.getAllByName(host.isEmpty() ? "localhost" : host);
            for (InetAddress address : all) {
                if (address instanceof Inet4Address ? four : six) {
                    addresses.add(new InetSocketAddress(address, number));
                }
            }
        } catch (UnknownHostException e) {
            throw new ChardevException(refused + "Name or service not known", e);
        }
        if (addresses.isEmpty()) {
            throw new ChardevException(refused + "Address family for hostname not supported");
        }
        return addresses;
    }

    @Override
    public Link connect() throws ChardevException {
        String why = "";
        IOException cause = null;
        for (InetSocketAddress address : resolve(host, port, ipv4, ipv6, false)) {
            try {
                SocketChannel channel = SocketChannel.open(address);
                return link(channel);
            } catch (IOException e) {
                cause = e;
                why = HostFiles.reason(e);
            }
        }
        String message = "Failed to connect to '" + description() + "': " + why;
        throw cause == null ? new ChardevException(message) : new ChardevException(message, cause);
    }

    private Link link(SocketChannel channel) throws IOException {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, noDelay);
            return new ChannelLink(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Listener listen() throws ChardevException {
        IOException cause = null;
        for (InetSocketAddress address : resolve(host, port, ipv4, ipv6, true)) {
            for (int number = address.getPort(); number <= Math.max(last, address.getPort()); number++) {
                try {
                    return listener(new InetSocketAddress(address.getAddress(), number));
                } catch (IOException e) {
                    cause = e;
                }
            }
        }
        String why = cause == null ? "" : HostFiles.reason(cause);
        String message = "Failed to find an available port: " + why;
        throw cause == null ? new ChardevException(message) : new ChardevException(message, cause);
    }

    private Listener listener(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, 1);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        String bound = ChannelLink.text((InetSocketAddress) channel.getLocalAddress());
        return new Listener() {
            @Override
            public @Nullable Link accept() throws IOException {
                try {
                    return link(channel.accept());
                } catch (ClosedChannelException e) {
                    return null;
                }
            }

            @Override
            public String description() {
                return bound;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    @Override
    public String protocol() {
        return "tcp";
    }

    @Override
    public String description() {
        return host + ":" + port;
    }
}
