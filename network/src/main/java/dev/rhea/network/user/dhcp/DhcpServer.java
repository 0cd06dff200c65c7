package dev.rhea.network.user.dhcp;

import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put8;
import static dev.rhea.network.wire.BigEndian.u48;
import static dev.rhea.network.wire.BigEndian.u8;

import dev.rhea.network.IpAddress;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.link.Neighbours;
import dev.rhea.network.user.udp.Udp;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** DHCP, RFC 2131, and BOOTP, RFC 951: sixteen addresses that never run out in time. */
public final class DhcpServer implements Udp.Service {
    /** The server's port. */
    public static final int PORT = 67;

    private static final int CLIENT_PORT = 68;

    /** Where the options begin: after the fixed fields and the magic cookie. */
    private static final int OPTIONS = 240;

    private static final int COOKIE = 0x63825363;
    /** BOOTP's message; some clients drop shorter ones. */
    private static final int SHORTEST = 300;

    private static final int LONGEST = 1400;
    private static final int FILE_FIELD = 128;
    private static final int LEASE_SECONDS = 86400;

    private static final int DISCOVER = 1;
    private static final int OFFER = 2;
    private static final int REQUEST = 3;
    private static final int DECLINE = 4;
    private static final int ACK = 5;
    private static final int NAK = 6;
    private static final int RELEASE = 7;
    private static final int INFORM = 8;

    private final Udp udp;
    private final Addresses addresses;
    private final BootOptions boot;
    private final Neighbours neighbours;
    private final Leases leases;

    public DhcpServer(Udp udp, Addresses addresses, BootOptions boot, Neighbours neighbours) {
        this.udp = udp;
        this.addresses = addresses;
        this.boot = boot;
        this.neighbours = neighbours;
        leases = new Leases(addresses.dhcpStart());
    }

    @Override
    public boolean datagram(IpPacket packet, int sourcePort, int destinationPort, int at, int length) {
        if (!packet.isV4() || !addresses.isBroadcast(packet.destination) && !addresses.isHost(packet.destination)) {
            return false;
        }
        byte[] m = packet.data;
        boolean ethernet = length >= OPTIONS - 4 && u8(m, at + 1) == 1 && u8(m, at + 2) == 6;
        if (!ethernet || u8(m, at) != 1) {
            return true;
        }
        long mac = u48(m, at + 28);
        if (mac == 0 || (mac & 1L << 40) != 0) {
            return true;
        }
        DhcpOptions options = new DhcpOptions(m, at + OPTIONS - 4, at + length);
        IpAddress client = IpAddress.read4(m, at + 12);
        byte[] request = Arrays.copyOfRange(m, at, at + OPTIONS - 4);
        IpAddress server = options.address(DhcpOptions.SERVER_IDENTIFIER);
        if (server != null && !server.equals(addresses.host())) {
            return true; // another server was chosen
        }
        answer(request, options, mac, client);
        return true;
    }

    private void answer(byte[] request, DhcpOptions options, long mac, IpAddress client) {
        IpAddress wanted = options.address(DhcpOptions.REQUESTED_ADDRESS);
        switch (options.number(DhcpOptions.MESSAGE_TYPE)) {
            case -1 -> reply(request, -1, leases.give(mac, null), mac);
            case DISCOVER -> reply(request, OFFER, leases.give(mac, wanted), mac);
            case REQUEST -> {
                IpAddress asked = wanted != null ? wanted : client;
                IpAddress given = leases.give(mac, asked);
                if (asked.equals(given)) {
                    reply(request, ACK, given, mac);
                } else {
                    reply(request, NAK, IpAddress.ANY4, mac);
                }
            }
            case DECLINE -> {
                if (wanted != null) {
                    leases.decline(wanted, mac);
                }
            }
            case RELEASE -> leases.release(client, mac);
            case INFORM -> reply(request, ACK, IpAddress.ANY4, mac);
            default -> {}
        }
    }

    private void reply(byte[] request, int type, @Nullable IpAddress given, long mac) {
        if (given == null) {
            return;
        }
        byte[] m = Arrays.copyOf(request, LONGEST);
        put8(m, 0, 2);
        put8(m, 3, 0); // hops
        given.write(m, 16);
        addresses.host().write(m, 20);
        put32(m, 24, 0);
        Arrays.fill(m, 44, OPTIONS, (byte) 0); // names of server and file
        if (boot.bootFile() != null && type != NAK) {
            byte[] file = boot.bootFile().getBytes(StandardCharsets.UTF_8);
            System.arraycopy(file, 0, m, 108, Math.min(file.length, FILE_FIELD - 1));
        }
        put32(m, OPTIONS - 4, COOKIE);
        DhcpOptions.Writer out = new DhcpOptions.Writer(m, OPTIONS);
        if (type >= 0) {
            out.put(DhcpOptions.MESSAGE_TYPE, new byte[] {(byte) type});
            out.put(DhcpOptions.SERVER_IDENTIFIER, addresses.host());
        }
        if (type == NAK) {
            out.put(DhcpOptions.MESSAGE, "requested address not available");
        } else {
            lease(out, type >= 0 && !given.isUnspecified());
            if (!given.isUnspecified()) {
                neighbours.learn(given, mac);
            }
        }
        int length = Math.max(SHORTEST, out.end());
        udp.send(addresses.host(), PORT, IpAddress.BROADCAST, CLIENT_PORT, Arrays.copyOf(m, length));
    }

    private void lease(DhcpOptions.Writer out, boolean timed) {
        out.put(DhcpOptions.SUBNET_MASK, IpAddress.v4(addresses.mask()));
        if (!addresses.restricted()) {
            out.put(DhcpOptions.ROUTER, addresses.host());
            out.put(DhcpOptions.DNS_SERVERS, addresses.dns());
        }
        if (timed) {
            byte[] seconds = new byte[4];
            put32(seconds, 0, LEASE_SECONDS);
            out.put(DhcpOptions.LEASE_TIME, seconds);
        }
        if (boot.hostname() != null) {
            out.put(DhcpOptions.HOST_NAME, boot.hostname());
        }
        if (boot.domainName() != null) {
            out.put(DhcpOptions.DOMAIN_NAME, boot.domainName());
        }
        if (boot.tftpServerName() != null) {
            out.put(DhcpOptions.TFTP_SERVER_NAME, boot.tftpServerName());
        }
        byte[] search = DomainNames.encode(boot.searchDomains(), true);
        if (search.length > 0) {
            out.put(DhcpOptions.DOMAIN_SEARCH, search);
        }
    }
}
