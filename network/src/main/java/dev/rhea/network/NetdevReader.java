package dev.rhea.network;

import dev.rhea.network.user.UserOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From a type and options by name to a {@link Netdev}, with the reference's checks in its words. */
final class NetdevReader {
    private static final Set<String> KNOWN_ELSEWHERE = Set.of(
            "bridge",
            "l2tpv3",
            "vde",
            "netmap",
            "vhost-user",
            "vhost-vdpa",
            "af-xdp",
            "passt",
            "vmnet-host",
            "vmnet-shared",
            "vmnet-bridged");
    private static final String IF_UP = "/etc/qemu-ifup";
    private static final String IF_DOWN = "/etc/qemu-ifdown";

    private NetdevReader() {}

    static Netdev read(String type, Map<String, List<String>> options) throws NetdevException {
        return switch (type) {
            case "user" -> new Netdev.User(UserOptions.parse(options));
            case "socket" -> socket(options);
            case "stream" -> stream(options);
            case "dgram" -> dgram(options);
            case "tap" -> tap(options);
            case "hubport" -> hubport(options);
            default -> {
                if (KNOWN_ELSEWHERE.contains(type)) {
                    throw new NetdevException("network backend '" + type + "' is not compiled into this binary");
                }
                throw new NetdevException("Parameter 'type' does not accept value '" + type + "'");
            }
        };
    }

    private static Netdev socket(Map<String, List<String>> options) throws NetdevException {
        OptionValues values = new OptionValues(options, Set.of("fd", "listen", "connect", "mcast", "localaddr", "udp"));
        String listen = values.text("listen");
        String connect = values.text("connect");
        String mcast = values.text("mcast");
        String udp = values.text("udp");
        String local = values.text("localaddr");
        if (values.text("fd") != null) {
            throw new NetdevException("fd= is not supported: Java cannot take over sockets");
        }
        int given = 0;
        for (String one : new String[] {listen, connect, mcast, udp}) {
            given += one == null ? 0 : 1;
        }
        if (given != 1) {
            throw new NetdevException("exactly one of listen=, connect=, mcast= or udp= is required");
        }
        if (local != null && mcast == null && udp == null) {
            throw new NetdevException("localaddr= is only valid with mcast= or udp=");
        }
        if (listen != null) {
            return new Netdev.Stream(SocketNames.parse(listen, true), true, 0);
        }
        if (connect != null) {
            return new Netdev.Stream(SocketNames.parse(connect, false), false, 0);
        }
        if (mcast != null) {
            return multicast(SocketNames.parse(mcast, false), local);
        }
        if (local == null) {
            throw new NetdevException("localaddr= is mandatory with udp=");
        }
        InetSocketAddress from = SocketNames.parse(local, true);
        return new Netdev.Datagram(from, SocketNames.parse(udp == null ? "" : udp, false));
    }

    private static Netdev multicast(InetSocketAddress group, @Nullable String local) throws NetdevException {
        IpAddress address = IpAddress.of(group.getAddress());
        if (!address.isV4() || !address.isMulticast()) {
            throw new NetdevException("specified mcastaddr " + address + " (0x" + String.format("%08x", address.v4())
                    + ") does not contain a multicast address");
        }
        if (local == null) {
            return new Netdev.Multicast(group, null);
        }
        try {
            InetAddress from = IpAddress.parse(local).inet();
            return new Netdev.Multicast(group, from);
        } catch (IllegalArgumentException e) {
            throw new NetdevException("localaddr '" + local + "' is not a valid IPv4 address", e);
        }
    }

    private static Netdev stream(Map<String, List<String>> options) throws NetdevException {
        OptionValues values = new OptionValues(
                options,
                Set.of(
                        "server",
                        "reconnect",
                        "reconnect-ms",
                        "addr.type",
                        "addr.host",
                        "addr.port",
                        "addr.path",
                        "addr.ipv4",
                        "addr.ipv6",
                        "addr.to",
                        "addr.str"));
        boolean server = values.flag("server", false);
        long seconds = values.number("reconnect", 0, "an int64 value");
        if (server && seconds > 0) {
            throw new NetdevException("'reconnect' option is incompatible with socket in server mode");
        }
        SocketAddress address = address(values, "addr", server);
        return new Netdev.Stream(address, server, (int) Math.clamp(seconds, 0, 1_000_000));
    }

    private static Netdev dgram(Map<String, List<String>> options) throws NetdevException {
        OptionValues values = new OptionValues(
                options,
                Set.of(
                        "local.type",
                        "local.host",
                        "local.port",
                        "local.path",
                        "local.str",
                        "remote.type",
                        "remote.host",
                        "remote.port",
                        "remote.path",
                        "remote.str"));
        boolean hasRemote = values.text("remote.type") != null;
        boolean hasLocal = values.text("local.type") != null;
        SocketAddress remote = hasRemote ? address(values, "remote", false) : null;
        if (remote instanceof InetSocketAddress group && group.getAddress().isMulticastAddress()) {
            SocketAddress local = hasLocal ? address(values, "local", true) : null;
            InetAddress from = local instanceof InetSocketAddress inet ? inet.getAddress() : null;
            return new Netdev.Multicast(group, from);
        }
        if (!hasLocal) {
            throw new NetdevException("dgram requires local= parameter");
        }
        SocketAddress local = address(values, "local", true);
        if (remote == null) {
            throw new NetdevException("type=inet or type=unix requires remote parameter");
        }
        if (local.getClass() != remote.getClass()) {
            throw new NetdevException("remote and local types must be the same");
        }
        if (!(local instanceof InetSocketAddress from) || !(remote instanceof InetSocketAddress to)) {
            throw new NetdevException("dgram over Unix sockets is not supported: use stream");
        }
        return new Netdev.Datagram(from, to);
    }

    private static SocketAddress address(OptionValues values, String prefix, boolean anyHost) throws NetdevException {
        String type = values.text(prefix + ".type");
        if (type == null) {
            throw new NetdevException("Parameter '" + prefix + "' is missing");
        }
        return switch (type) {
            case "inet" -> {
                String host = values.required(prefix + ".host");
                int port = SocketNames.port(values.required(prefix + ".port"));
                yield SocketNames.resolve(host, port, anyHost);
            }
            case "unix" -> UnixDomainSocketAddress.of(values.required(prefix + ".path"));
            case "fd" -> throw new NetdevException(prefix + ".type=fd is not supported: Java cannot take over sockets");
            default -> throw new NetdevException("Parameter 'type' does not accept value '" + type + "'");
        };
    }

    private static Netdev tap(Map<String, List<String>> options) throws NetdevException {
        OptionValues values = new OptionValues(
                options,
                Set.of(
                        "ifname",
                        "fd",
                        "fds",
                        "script",
                        "downscript",
                        "br",
                        "helper",
                        "sndbuf",
                        "vnet_hdr",
                        "vhost",
                        "vhostfd",
                        "vhostfds",
                        "vhostforce",
                        "queues",
                        "poll-us"));
        if (values.text("fd") != null || values.text("fds") != null) {
            throw new NetdevException("fd= is not supported: name the interface with ifname=");
        }
        if (values.flag("vhost", false)) {
            throw new NetdevException("vhost=on requested but vhost is not supported");
        }
        String name = values.text("ifname");
        return new Netdev.Tap(
                name == null ? "tap%d" : name, script(values, "script", IF_UP), script(values, "downscript", IF_DOWN));
    }

    /** A script: the one that was named, or the usual one where it is there. */
    private static @Nullable String script(OptionValues values, String name, String usual) {
        String text = values.text(name);
        if (text == null) {
            return Files.isExecutable(Path.of(usual)) ? usual : null;
        }
        return text.isEmpty() || text.equals("no") ? null : text;
    }

    private static Netdev hubport(Map<String, List<String>> options) throws NetdevException {
        OptionValues values = new OptionValues(options, Set.of("hubid", "netdev"));
        values.required("hubid");
        return new Netdev.HubPort((int) values.number("hubid", 0, "an int64 value"), values.text("netdev"));
    }
}
