package dev.rhea.network.user.ip;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put48;
import static dev.rhea.network.wire.BigEndian.put8;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.Cable;
import dev.rhea.network.user.link.Neighbours;
import dev.rhea.network.wire.Checksum;

/**
 * Makes packets for the guest. Whoever sends writes what IP carries into {@link #frame} at {@link #payload} and calls
 * {@link #send}; nothing is copied on the way to the card.
 */
public final class IpOutput {
    /** The most that an IP packet holds in one frame, header included. */
    public static final int MTU = 1500;

    /** What {@link #send} comes to. */
    public enum Result {
        /** The card has it, or it is lost as on any network. */
        SENT,
        /** The card has no room: try again when it has. */
        NO_ROOM,
        /** The receiver's Ethernet address is not known yet; it is asked for. */
        NO_NEIGHBOUR
    }

    private static final int ETHERNET = 14;
    private static final int HEADER4 = 20;
    private static final int HEADER6 = 40;
    private static final int FRAGMENT_HEADER = 8;
    private static final int HOP_LIMIT = 64;

    /** What neighbour discovery and echo replies use. */
    public static final int MAX_HOP_LIMIT = 255;

    /** Where a packet is made. */
    public final byte[] frame = new byte[ETHERNET + HEADER6 + 65535];

    private final byte[] fragment = new byte[ETHERNET + MTU];
    private final Cable cable;
    private final Addresses addresses;
    private final Neighbours neighbours;
    private int identification;

    public IpOutput(Cable cable, Addresses addresses, Neighbours neighbours) {
        this.cable = cable;
        this.addresses = addresses;
        this.neighbours = neighbours;
    }

    /** Whether the card has room, as far as it has told. */
    public boolean ready() {
        return !cable.blocked();
    }

    /** Where in {@link #frame} that begins which a packet to {@code destination} carries. */
    public static int payload(IpAddress destination) {
        return ETHERNET + (destination.isV4() ? HEADER4 : HEADER6);
    }

    /**
     * Sends a packet of {@code length} bytes of payload, at most {@link #MTU} less the header: for those who make it again if
     * there is no room.
     */
    public Result send(IpAddress source, IpAddress destination, int protocol, int length) {
        if (cable.blocked()) {
            return Result.NO_ROOM;
        }
        long mac = neighbours.lookup(destination);
        if (mac == Neighbours.UNKNOWN) {
            neighbours.solicit(destination);
            return Result.NO_NEIGHBOUR;
        }
        int end = headers(frame, mac, source, destination, protocol, length, HOP_LIMIT);
        return cable.deliver(frame, 0, end) ? Result.SENT : Result.NO_ROOM;
    }

    /**
     * Sends a packet of up to 65,515 bytes of payload that is not made again: cut into fragments if it is long, kept for a
     * while if the card has no room or the neighbour is not known.
     */
    public void sendOnce(IpAddress source, IpAddress destination, int protocol, int length) {
        sendOnce(source, destination, protocol, length, HOP_LIMIT);
    }

    public void sendOnce(IpAddress source, IpAddress destination, int protocol, int length, int hopLimit) {
        int header = destination.isV4() ? HEADER4 : HEADER6;
        long mac = neighbours.lookup(destination);
        if (header + length <= MTU) {
            int end = headers(frame, mac, source, destination, protocol, length, hopLimit);
            if (mac == Neighbours.UNKNOWN) {
                neighbours.hold(destination, frame, end);
            } else {
                cable.deliverOrHold(frame, 0, end);
            }
        } else if (mac == Neighbours.UNKNOWN) {
            neighbours.solicit(destination);
        } else {
            fragments(mac, source, destination, protocol, length);
        }
    }

    private void fragments(long mac, IpAddress source, IpAddress destination, int protocol, int length) {
        boolean v4 = destination.isV4();
        int header = v4 ? HEADER4 : HEADER6 + FRAGMENT_HEADER;
        int room = MTU - header & ~7;
        int from = payload(destination);
        int id = identification++;
        for (int offset = 0; offset < length; offset += room) {
            int piece = Math.min(room, length - offset);
            boolean more = offset + piece < length;
            int end;
            if (v4) {
                end = headers(fragment, mac, source, destination, protocol, piece, HOP_LIMIT);
                put16(fragment, ETHERNET + 4, id);
                put16(fragment, ETHERNET + 6, offset / 8 | (more ? 0x2000 : 0));
                checksum4(fragment);
            } else {
                int extended = FRAGMENT_HEADER + piece;
                end = headers(fragment, mac, source, destination, IpProtocol.FRAGMENT, extended, HOP_LIMIT);
                int at = ETHERNET + HEADER6;
                put16(fragment, at, protocol << 8);
                put16(fragment, at + 2, offset | (more ? 1 : 0));
                put32(fragment, at + 4, id);
            }
            System.arraycopy(frame, from + offset, fragment, end - piece, piece);
            cable.deliverOrHold(fragment, 0, end);
        }
    }

    /** Writes the headers of Ethernet and IP and returns where the frame ends. */
    private int headers(
            byte[] to, long mac, IpAddress source, IpAddress destination, int protocol, int length, int hopLimit) {
        boolean v4 = destination.isV4();
        put48(to, 0, mac);
        put48(to, 6, addresses.gatewayMac(v4));
        put16(to, 12, v4 ? IpProtocol.ETHERTYPE_IPV4 : IpProtocol.ETHERTYPE_IPV6);
        int at = ETHERNET;
        if (v4) {
            put16(to, at, 0x4500);
            put16(to, at + 2, HEADER4 + length);
            put16(to, at + 4, identification++);
            put16(to, at + 6, 0);
            put8(to, at + 8, hopLimit);
            put8(to, at + 9, protocol);
            source.write(to, at + 12);
            destination.write(to, at + 16);
            checksum4(to);
            return at + HEADER4 + length;
        }
        put32(to, at, 6 << 28);
        put16(to, at + 4, length);
        put8(to, at + 6, protocol);
        put8(to, at + 7, hopLimit);
        source.write(to, at + 8);
        destination.write(to, at + 24);
        return at + HEADER6 + length;
    }

    private static void checksum4(byte[] to) {
        put16(to, ETHERNET + 10, 0);
        put16(to, ETHERNET + 10, Checksum.finish(Checksum.sum(to, ETHERNET, HEADER4, 0)));
    }
}
