package dev.rhea.network.user;

import dev.rhea.network.IpAddress;
import dev.rhea.network.NetdevException;

/**
 * An address and a port in the guest's network that lead to something of the host.
 *
 * @param rule as the user wrote it
 * @param address 0.0.0.0 for the fourth address of the network
 * @param isCommand whether {@code target} is a command that is run for each connection, or names a character device
 */
public record GuestForward(String rule, IpAddress address, int port, boolean isCommand, String target) {
    private static final String COMMAND = "cmd:";

    /**
     * Reads a rule {@code [tcp]:address:port-target}, where the target is a character device or {@code cmd:} and a command.
     *
     * @throws NetdevException if it is none
     */
    public static GuestForward parse(String rule) throws NetdevException {
        Rule rest = new Rule(rule);
        String protocol = rest.until(':');
        String server = rest.until(':');
        String portText = rest.until('-');
        IpAddress address = server == null ? null : Rule.address(server);
        int port = portText == null ? -1 : Rule.number(portText);
        boolean known = protocol != null && (protocol.isEmpty() || protocol.equals("tcp"));
        if (!known || address == null || port < 1 || port > 65535) {
            throw new NetdevException("Invalid guest forwarding rule '" + rule + "'");
        }
        boolean command = rest.rest().startsWith(COMMAND);
        String target = command ? rest.rest().substring(COMMAND.length()) : rest.rest();
        return new GuestForward(rule, address, port, command, target);
    }
}
