package dev.rhea.network;

import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code -netdev} describes, checked but not opened yet: one record for each type that there is.
 */
public sealed interface Netdev {
    /**
     * Reads a description.
     *
     * @param type what the option begins with: user, socket, stream, dgram, tap, hubport
     * @param options by the reference's names, each with all its values in order, without type and id
     * @throws NetdevException with the reference's message if it is none
     */
    static Netdev parse(String type, Map<String, List<String>> options) throws NetdevException {
        return NetdevReader.read(type, options);
    }

    /**
     * Opens the port.
     *
     * @param hubs of the machine, for {@code hubport}
     * @throws NetdevException if the host does not give what is needed
     */
    Port open(Hubs hubs) throws NetdevException;

    /** What the monitor's {@code info network} shows behind the type. */
    String info();

    /** {@code user}: a network without privileges. */
    record User(UserOptions options) implements Netdev {
        @Override
        public UserStack open(Hubs hubs) throws NetdevException {
            return UserStack.open(options);
        }

        @Override
        public String info() {
            return "net=" + options.network() + ",restrict=" + (options.restrict() ? "on" : "off");
        }
    }

    /**
     * {@code socket} with {@code listen} or {@code connect}, and {@code stream}: a cable over TCP or a Unix socket.
     *
     * @param server whether it waits for the other end
     * @param reconnect seconds after which a client tries again, 0 for never
     */
    record Stream(SocketAddress address, boolean server, int reconnect) implements Netdev {
        @Override
        public Port open(Hubs hubs) throws NetdevException {
            return server ? StreamPort.listen(address) : StreamPort.connect(address, reconnect);
        }

        @Override
        public String info() {
            return (server ? "listen " : "connect ") + SocketNames.text(address);
        }
    }

    /** {@code socket} with {@code udp}, and {@code dgram}: a cable of datagrams. */
    record Datagram(InetSocketAddress local, InetSocketAddress remote) implements Netdev {
        @Override
        public Port open(Hubs hubs) throws NetdevException {
            return DatagramPort.udp(local, remote);
        }

        @Override
        public String info() {
            return "udp=" + remote.getAddress().getHostAddress() + ":" + remote.getPort();
        }
    }

    /** {@code socket} with {@code mcast}, and {@code dgram} to a group: a segment of all who have joined. */
    record Multicast(InetSocketAddress group, @Nullable InetAddress localAddress) implements Netdev {
        @Override
        public Port open(Hubs hubs) throws NetdevException {
            return DatagramPort.multicast(group, localAddress);
        }

        @Override
        public String info() {
            return "mcast=" + group.getAddress().getHostAddress() + ":" + group.getPort();
        }
    }

    /**
     * {@code tap}: an interface of the host.
     *
     * @param ifname its name; may contain %d
     * @param script run with the name when it is there; null for none
     * @param downscript run with the name before it goes; null for none
     */
    record Tap(
            String ifname,
            @Nullable String script,
            @Nullable String downscript) implements Netdev {
        @Override
        public Port open(Hubs hubs) throws NetdevException {
            TapPort port = TapPort.open(ifname);
            return script == null && downscript == null ? port : ScriptedTap.begin(port, script, downscript);
        }

        @Override
        public String info() {
            return "ifname=" + ifname + ",script=" + (script == null ? "no" : script) + ",downscript="
                    + (downscript == null ? "no" : downscript);
        }
    }

    /**
     * {@code hubport}: a port of a hub.
     *
     * @param netdev the id of a network that is plugged into it instead of a card ({@link Hub#attach}); may be null
     */
    record HubPort(int hubid, @Nullable String netdev) implements Netdev {
        @Override
        public Port open(Hubs hubs) {
            return hubs.hub(hubid).port();
        }

        @Override
        public String info() {
            return "hubid=" + hubid;
        }
    }
}
