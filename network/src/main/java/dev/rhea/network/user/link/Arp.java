package dev.rhea.network.user.link;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put48;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u48;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.Cable;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpProtocol;
import java.util.function.Predicate;

/** The address resolution protocol, RFC 826: answers for the addresses that we stand for, and asks for the guests'. */
public final class Arp {
    private static final int ETHERNET = 14;
    private static final int LENGTH = 28;
    /** Ethernet's shortest frame; some cards refuse shorter ones. */
    private static final int SHORTEST = 60;

    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    private final Cable cable;
    private final Addresses addresses;
    private final Neighbours neighbours;
    private final Predicate<IpAddress> answered;

    /** @param answered which further addresses are ours, besides host and name server */
    public Arp(Cable cable, Addresses addresses, Neighbours neighbours, Predicate<IpAddress> answered) {
        this.cable = cable;
        this.addresses = addresses;
        this.neighbours = neighbours;
        this.answered = answered;
    }

    /** What follows Ethernet's header at {@code at}. */
    public void input(byte[] data, int at, int end) {
        // Ethernet, IPv4, addresses of 6 and 4 bytes.
        if (end - at < LENGTH || u16(data, at) != 1 || u16(data, at + 2) != 0x800 || u16(data, at + 4) != 0x604) {
            return;
        }
        int operation = u16(data, at + 6);
        long mac = u48(data, at + 8);
        IpAddress sender = IpAddress.read4(data, at + 14);
        IpAddress target = IpAddress.read4(data, at + 24);
        neighbours.learn(sender, mac);
        // Only for our own: a guest that probes whether an address of its own is free (RFC 5227) hears nothing.
        if (operation == REQUEST
                && (target.equals(addresses.host()) || target.equals(addresses.dns()) || answered.test(target))) {
            send(REPLY, addresses.mac(target), target, mac, sender);
        }
    }

    /** Asks who has {@code address}. */
    public void solicit(IpAddress address) {
        send(REQUEST, addresses.gatewayMac(true), addresses.host(), 0, address);
    }

    private void send(int operation, long senderMac, IpAddress sender, long targetMac, IpAddress target) {
        byte[] frame = new byte[SHORTEST];
        put48(frame, 0, operation == REQUEST ? 0xffff_ffff_ffffL : targetMac);
        put48(frame, 6, senderMac);
        put16(frame, 12, IpProtocol.ETHERTYPE_ARP);
        int at = ETHERNET;
        put16(frame, at, 1);
        put16(frame, at + 2, IpProtocol.ETHERTYPE_IPV4);
        put16(frame, at + 4, 0x604);
        put16(frame, at + 6, operation);
        put48(frame, at + 8, senderMac);
        put32(frame, at + 14, sender.v4());
        put48(frame, at + 18, targetMac);
        put32(frame, at + 24, target.v4());
        cable.deliverOrHold(frame, 0, frame.length);
    }
}
