package dev.rhea.network.user;

import dev.rhea.network.IpAddress;
import dev.rhea.network.NetdevException;

/**
 * A port of the host that leads into the guest.
 *
 * @param rule as the user wrote it
 * @param udp UDP, or TCP
 * @param hostAddress 0.0.0.0 for all
 * @param hostPort 0 for any that is free
 * @param guestAddress 0.0.0.0 for the first that DHCP leases
 */
public record HostForward(
        String rule, boolean udp, IpAddress hostAddress, int hostPort, IpAddress guestAddress, int guestPort) {
    private static final int LARGEST_PORT = 65535;

    /**
     * Reads a rule {@code [tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport}.
     *
     * @throws NetdevException if it is none
     */
    public static HostForward parse(String rule) throws NetdevException {
        Rule rest = new Rule(rule);
        String protocol = rest.until(':');
        if (protocol == null) {
            throw invalid(rule, "No : separators");
        }
        if (!protocol.isEmpty() && !protocol.equals("tcp") && !protocol.equals("udp")) {
            throw invalid(rule, "Bad protocol name");
        }
        String hostAddress = rest.until(':');
        if (hostAddress == null) {
            throw invalid(rule, "Missing : separator");
        }
        IpAddress host = Rule.address(hostAddress);
        if (host == null) {
            throw invalid(rule, "Bad host address");
        }
        String hostPort = rest.until('-');
        if (hostPort == null) {
            throw invalid(rule, "Bad host port separator");
        }
        int from = Rule.number(hostPort);
        if (from < 0 || from > LARGEST_PORT) {
            throw invalid(rule, "Bad host port");
        }
        String guestAddress = rest.until(':');
        if (guestAddress == null) {
            throw invalid(rule, "Missing guest address");
        }
        IpAddress guest = Rule.address(guestAddress);
        if (guest == null) {
            throw invalid(rule, "Bad guest address");
        }
        int to = rest.rest().isEmpty() ? 0 : Rule.number(rest.rest());
        if (to < 1 || to > LARGEST_PORT) {
            throw invalid(rule, "Bad guest port");
        }
        return new HostForward(rule, protocol.equals("udp"), host, from, guest, to);
    }

    private static NetdevException invalid(String rule, String why) {
        return new NetdevException("Invalid host forwarding rule '" + rule + "' (" + why + ")");
    }

    /**
     * The host's side of a forward, by which {@code hostfwd_remove} names it.
     *
     * @param udp UDP, or TCP
     */
    public record Place(boolean udp, IpAddress hostAddress, int hostPort) {
        /**
         * Reads {@code [tcp|udp]:[hostaddr]:hostport}.
         *
         * @throws NetdevException if it is none
         */
        public static Place parse(String text) throws NetdevException {
            Rule rest = new Rule(text);
            String protocol = rest.until(':');
            String address = rest.until(':');
            int port = rest.rest().isEmpty() ? -1 : Rule.number(rest.rest());
            IpAddress host = address == null ? null : Rule.address(address);
            boolean udp = "udp".equals(protocol);
            boolean known = udp || "tcp".equals(protocol) || "".equals(protocol);
            if (!known || host == null || port < 0 || port > LARGEST_PORT) {
                throw new NetdevException("invalid format");
            }
            return new Place(udp, host, port);
        }
    }
}
