package dev.rhea.network.user.link;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put48;
import static dev.rhea.network.wire.BigEndian.put8;
import static dev.rhea.network.wire.BigEndian.u48;
import static dev.rhea.network.wire.BigEndian.u8;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.loop.Timer;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpOutput;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.IpProtocol;
import dev.rhea.network.wire.Checksum;

/**
 * Neighbour discovery, RFC 4861: answers for the addresses that we stand for, asks for the guests', and advertises the router,
 * its prefix and its name server (RFC 8106).
 */
public final class Ndp {
    private static final int ROUTER_SOLICITATION = 133;
    private static final int ROUTER_ADVERTISEMENT = 134;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;

    private static final int SOURCE_LINK_ADDRESS = 1;
    private static final int TARGET_LINK_ADDRESS = 2;
    private static final int PREFIX = 3;
    private static final int RDNSS = 25;

    private static final IpAddress ALL_NODES = new IpAddress(0xff02L << 48, 1);
    private static final IpAddress SOLICITED_NODE = new IpAddress(0xff02L << 48, 0x1_ff00_0000L);

    private static final int ROUTER_LIFETIME = 1800;
    private static final int VALID_LIFETIME = 86400;
    private static final int PREFERRED_LIFETIME = 14400;
    private static final long INTERVAL = 300_000_000_000L;

    private final IpOutput ip;
    private final Addresses addresses;
    private final Neighbours neighbours;
    private final Timer advertise;

    public Ndp(EventLoop loop, IpOutput ip, Addresses addresses, Neighbours neighbours) {
        this.ip = ip;
        this.addresses = addresses;
        this.neighbours = neighbours;
        advertise = loop.timer(this::advertiseRouter);
    }

    /** Advertises the router now and then, beginning after one interval: a guest that comes up asks. */
    public void begin() {
        advertise.in(INTERVAL);
    }

    /** A packet of ICMPv6. False if it has nothing to do with neighbours. */
    public boolean input(IpPacket packet) {
        int type = packet.length() < 8 ? 0 : u8(packet.data, packet.payload);
        if (type < ROUTER_SOLICITATION || type > NEIGHBOUR_ADVERTISEMENT + 1) {
            return false;
        }
        // Nothing that has come through a router (RFC 4861 section 6.1.1).
        long pseudo = Checksum.pseudoHeader(packet.source, packet.destination, IpProtocol.ICMPV6, packet.length());
        if (packet.hopLimit != IpOutput.MAX_HOP_LIMIT
                || Checksum.finish(Checksum.sum(packet.data, packet.payload, packet.length(), pseudo)) != 0) {
            return true;
        }
        switch (type) {
            case ROUTER_SOLICITATION -> {
                learn(packet, packet.source, 8, SOURCE_LINK_ADDRESS);
                advertiseRouter();
            }
            case NEIGHBOUR_SOLICITATION -> solicitation(packet);
            case NEIGHBOUR_ADVERTISEMENT -> {
                if (packet.length() >= 24) {
                    learn(packet, target(packet), 24, TARGET_LINK_ADDRESS);
                }
            }
            default -> {}
        }
        return true;
    }

    private static IpAddress target(IpPacket packet) {
        return IpAddress.read6(packet.data, packet.payload + 8);
    }

    private void learn(IpPacket packet, IpAddress who, int options, int kind) {
        int at = packet.payload + options;
        while (packet.end - at >= 8) {
            int length = 8 * u8(packet.data, at + 1);
            if (length == 0 || length > packet.end - at) {
                return;
            }
            if (u8(packet.data, at) == kind) {
                neighbours.learn(who, u48(packet.data, at + 2));
            }
            at += length;
        }
    }

    private void solicitation(IpPacket packet) {
        if (packet.length() < 24) {
            return;
        }
        learn(packet, packet.source, 24, SOURCE_LINK_ADDRESS);
        IpAddress target = target(packet);
        if (!addresses.isOurs(target)) {
            return;
        }
        // To whoever asks without an address, which is in the middle of finding one, goes the answer for all.
        boolean anonymous = packet.source.isUnspecified();
        IpAddress to = anonymous ? ALL_NODES : packet.source;
        int at = IpOutput.payload(to);
        put32(ip.frame, at, NEIGHBOUR_ADVERTISEMENT << 24);
        int router = addresses.isHost(target) ? 0x80 : 0;
        put32(ip.frame, at + 4, (router | (anonymous ? 0 : 0x40) | 0x20) << 24);
        target.write(ip.frame, at + 8);
        linkAddress(at + 24, TARGET_LINK_ADDRESS, addresses.mac(target));
        send(target, to, 32);
    }

    /** Asks who has {@code address}. */
    public void solicit(IpAddress address) {
        IpAddress group = new IpAddress(SOLICITED_NODE.high(), SOLICITED_NODE.low() | address.low() & 0xffffff);
        int at = IpOutput.payload(group);
        put32(ip.frame, at, NEIGHBOUR_SOLICITATION << 24);
        put32(ip.frame, at + 4, 0);
        address.write(ip.frame, at + 8);
        linkAddress(at + 24, SOURCE_LINK_ADDRESS, addresses.gatewayMac(false));
        send(addresses.hostLike(address), group, 32);
    }

    private void advertiseRouter() {
        begin();
        byte[] to = ip.frame;
        int start = IpOutput.payload(ALL_NODES);
        int at = start;
        put32(to, at, ROUTER_ADVERTISEMENT << 24);
        put8(to, at + 4, 64);
        put8(to, at + 5, 0);
        put16(to, at + 6, ROUTER_LIFETIME);
        put32(to, at + 8, 0);
        put32(to, at + 12, 0);
        at += 16;
        linkAddress(at, SOURCE_LINK_ADDRESS, addresses.gatewayMac(false));
        at += 8;
        put8(to, at, PREFIX);
        put8(to, at + 1, 4);
        put8(to, at + 2, addresses.prefix6Length());
        put8(to, at + 3, 0xc0); // on link, and good for addresses of one's own making
        put32(to, at + 4, VALID_LIFETIME);
        put32(to, at + 8, PREFERRED_LIFETIME);
        put32(to, at + 12, 0);
        addresses.prefix6().write(to, at + 16);
        at += 32;
        if (!addresses.restricted()) {
            put8(to, at, RDNSS);
            put8(to, at + 1, 3);
            put16(to, at + 2, 0);
            put32(to, at + 4, ROUTER_LIFETIME);
            addresses.dns6().write(to, at + 8);
            at += 24;
        }
        send(Addresses.ROUTER6, ALL_NODES, at - start);
    }

    private void linkAddress(int at, int kind, long mac) {
        put8(ip.frame, at, kind);
        put8(ip.frame, at + 1, 1);
        put48(ip.frame, at + 2, mac);
    }

    private void send(IpAddress source, IpAddress destination, int length) {
        int at = IpOutput.payload(destination);
        put16(ip.frame, at + 2, 0);
        long pseudo = Checksum.pseudoHeader(source, destination, IpProtocol.ICMPV6, length);
        put16(ip.frame, at + 2, Checksum.finish(Checksum.sum(ip.frame, at, length, pseudo)));
        ip.sendOnce(source, destination, IpProtocol.ICMPV6, length, IpOutput.MAX_HOP_LIMIT);
    }
}
