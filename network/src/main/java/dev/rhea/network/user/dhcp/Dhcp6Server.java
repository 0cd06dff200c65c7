package dev.rhea.network.user.dhcp;

import static dev.rhea.network.wire.BigEndian.i32;
import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put48;
import static dev.rhea.network.wire.BigEndian.u16;

import dev.rhea.network.IpAddress;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.udp.Udp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** DHCPv6 without state (RFC 8415 section 6.1): the guest makes its own address and asks for the rest. */
public final class Dhcp6Server implements Udp.Service {
    /** The server's port. */
    public static final int PORT = 547;

    private static final int CLIENT_PORT = 546;
    private static final int REPLY = 7;
    private static final int INFORMATION_REQUEST = 11;
    private static final int CLIENT_ID = 1;
    private static final int SERVER_ID = 2;
    private static final int DNS_SERVERS = 23;
    private static final int DOMAIN_LIST = 24;
    private static final int BOOT_FILE_URL = 59;

    private static final int LONGEST_DUID = 130;
    private static final IpAddress ALL_SERVERS_AND_RELAYS = new IpAddress(0xff02L << 48, 0x1_0002);

    private final Udp udp;
    private final Addresses addresses;
    private final BootOptions boot;

    public Dhcp6Server(Udp udp, Addresses addresses, BootOptions boot) {
        this.udp = udp;
        this.addresses = addresses;
        this.boot = boot;
    }

    @Override
    public boolean datagram(IpPacket packet, int sourcePort, int destinationPort, int at, int length) {
        boolean ours = packet.destination.equals(ALL_SERVERS_AND_RELAYS) || addresses.isHost(packet.destination);
        if (packet.isV4() || !ours) {
            return false;
        }
        if (length < 4 || i32(packet.data, at) >>> 24 != INFORMATION_REQUEST) {
            return true;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(REPLY);
        out.write(packet.data, at + 1, 3); // the transaction's number
        for (int option = at + 4; at + length - option >= 4; ) {
            int size = u16(packet.data, option + 2);
            if (option + 4 + size > at + length) {
                return true;
            }
            if (u16(packet.data, option) == CLIENT_ID && size <= LONGEST_DUID) {
                put(out, CLIENT_ID, Arrays.copyOfRange(packet.data, option + 4, option + 4 + size));
            }
            option += 4 + size;
        }
        byte[] duid = new byte[10]; // DUID-LL of Ethernet, section 11.4
        put16(duid, 0, 3);
        put16(duid, 2, 1);
        put48(duid, 4, addresses.gatewayMac(false));
        put(out, SERVER_ID, duid);
        if (!addresses.restricted()) {
            byte[] dns = new byte[16];
            addresses.dns6().write(dns, 0);
            put(out, DNS_SERVERS, dns);
        }
        byte[] search = DomainNames.encode(boot.searchDomains(), false);
        if (search.length > 0) {
            put(out, DOMAIN_LIST, search);
        }
        if (boot.bootFile() != null) {
            String url = "tftp://[" + addresses.host6() + "]/" + boot.bootFile();
            put(out, BOOT_FILE_URL, url.getBytes(StandardCharsets.UTF_8));
        }
        udp.send(addresses.hostLike(packet.source), PORT, packet.source, CLIENT_PORT, out.toByteArray());
        return true;
    }

    private static void put(ByteArrayOutputStream out, int code, byte[] value) {
        byte[] header = new byte[4];
        put16(header, 0, code);
        put16(header, 2, value.length);
        out.writeBytes(header);
        out.writeBytes(value);
    }
}
