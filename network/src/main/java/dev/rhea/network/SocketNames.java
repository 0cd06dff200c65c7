package dev.rhea.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

/** Addresses of sockets as users write them, and as the reference's messages name them. */
final class SocketNames {
    private SocketNames() {}

    /**
     * Reads {@code [host]:port}.
     *
     * @param anyHost whether an empty host means all addresses; otherwise it means the local host
     * @throws NetdevException if it is none, or the name is not known
     */
    static InetSocketAddress parse(String text, boolean anyHost) throws NetdevException {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new NetdevException("host address '" + text + "' doesn't contain ':' separating host from port");
        }
        String host = text.substring(0, colon);
        return resolve(host, port(text.substring(colon + 1)), anyHost);
    }

    static InetSocketAddress resolve(String host, int port, boolean anyHost) throws NetdevException {
        if (host.isEmpty()) {
            InetAddress address = (anyHost ? IpAddress.ANY4 : IpAddress.LOOPBACK4).inet();
            return new InetSocketAddress(address, port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new NetdevException("can't resolve host address '" + host + "'", e);
        }
    }

    static int port(String text) throws NetdevException {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new NetdevException("port number '" + text + "' is invalid");
    }

    /** As the reference writes it: {@code ip=…}, or {@code unix=…}. */
    static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return "ip="
                    + (inet.isUnresolved()
                            ? inet.getHostString()
                            : inet.getAddress().getHostAddress());
        }
        return address instanceof UnixDomainSocketAddress unix ? "unix=" + unix.getPath() : address.toString();
    }
}
