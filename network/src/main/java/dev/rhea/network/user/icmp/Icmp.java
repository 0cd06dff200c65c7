package dev.rhea.network.user.icmp;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put8;
import static dev.rhea.network.wire.BigEndian.u8;

import dev.rhea.network.IpAddress;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpOutput;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.IpProtocol;
import dev.rhea.network.wire.Checksum;
import java.util.Arrays;

/** ICMP (RFC 792) and ICMPv6 (RFC 4443): answers echo for our addresses, sends others' outside, and reports what failed. */
public final class Icmp {
    private static final int HEADER = 8;
    private static final int ECHO_REPLY4 = 0;
    private static final int UNREACHABLE4 = 3;
    private static final int ECHO4 = 8;
    private static final int TIME_EXCEEDED4 = 11;
    private static final int UNREACHABLE6 = 1;
    private static final int TIME_EXCEEDED6 = 3;
    private static final int ECHO6 = 128;
    private static final int ECHO_REPLY6 = 129;

    /** What an error quotes of the packet: the IP header and this much of what it carries. */
    private static final int QUOTED = 8;

    private static final int MOST_QUOTED = 512;

    /** What cannot be reached; the codes of IPv4 and IPv6. */
    public enum Failure {
        NETWORK(0, 0),
        HOST(1, 3),
        PORT(3, 4),
        PROHIBITED(13, 1);

        private final int code4;
        private final int code6;

        Failure(int code4, int code6) {
            this.code4 = code4;
            this.code6 = code6;
        }
    }

    /** What is left of a packet after it is gone: enough to complain about it. */
    public record Quote(IpAddress source, IpAddress destination, byte[] bytes) {}

    private final IpOutput ip;
    private final Addresses addresses;
    private final Echo outside;

    public Icmp(IpOutput ip, Addresses addresses, Echo outside) {
        this.ip = ip;
        this.addresses = addresses;
        this.outside = outside;
    }

    /** A packet of ICMP, or ICMPv6 other than neighbour discovery. */
    public void input(IpPacket packet) {
        boolean v4 = packet.isV4();
        long pseudo =
                v4 ? 0 : Checksum.pseudoHeader(packet.source, packet.destination, IpProtocol.ICMPV6, packet.length());
        if (packet.length() < HEADER
                || packet.source.isMulticast()
                || packet.source.isUnspecified()
                || Checksum.finish(Checksum.sum(packet.data, packet.payload, packet.length(), pseudo)) != 0
                || u8(packet.data, packet.payload) != (v4 ? ECHO4 : ECHO6)) {
            return;
        }
        if (addresses.isOurs(packet.destination)) {
            reply(packet.destination, packet.source, packet.data, packet.payload, packet.length());
        } else if (!addresses.restricted()
                && !packet.destination.isMulticast()
                && !addresses.isBroadcast(packet.destination)
                && !addresses.isInside(packet.destination)
                && !outside.send(this, packet)) {
            unreachable(quote(packet), Failure.NETWORK);
        }
    }

    /** Sends an echo reply with the identifier, sequence number and data of the message at {@code at}. */
    void reply(IpAddress source, IpAddress destination, byte[] message, int at, int length) {
        boolean v4 = destination.isV4();
        int to = IpOutput.payload(destination);
        System.arraycopy(message, at, ip.frame, to, length);
        put8(ip.frame, to, v4 ? ECHO_REPLY4 : ECHO_REPLY6);
        put8(ip.frame, to + 1, 0);
        send(source, destination, length);
    }

    /** A packet that did not live long enough to leave this network. */
    public void timeExceeded(IpPacket packet) {
        boolean v4 = packet.isV4();
        error(addresses.hostLike(packet.source), quote(packet), v4 ? TIME_EXCEEDED4 : TIME_EXCEEDED6, 0);
    }

    /** A packet could not be delivered. That a port is closed is said by the one who has the port, all else by the gateway. */
    public void unreachable(Quote quote, Failure failure) {
        boolean v4 = quote.destination().isV4();
        IpAddress from = failure == Failure.PORT ? quote.destination() : addresses.hostLike(quote.source());
        error(from, quote, v4 ? UNREACHABLE4 : UNREACHABLE6, v4 ? failure.code4 : failure.code6);
    }

    private void error(IpAddress from, Quote quote, int type, int code) {
        int at = IpOutput.payload(quote.source());
        put8(ip.frame, at, type);
        put8(ip.frame, at + 1, code);
        put32(ip.frame, at + 4, 0);
        System.arraycopy(quote.bytes(), 0, ip.frame, at + HEADER, quote.bytes().length);
        send(from, quote.source(), HEADER + quote.bytes().length);
    }

    private void send(IpAddress source, IpAddress destination, int length) {
        boolean v4 = destination.isV4();
        int at = IpOutput.payload(destination);
        int protocol = v4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
        put16(ip.frame, at + 2, 0);
        long pseudo = v4 ? 0 : Checksum.pseudoHeader(source, destination, protocol, length);
        put16(ip.frame, at + 2, Checksum.finish(Checksum.sum(ip.frame, at, length, pseudo)));
        ip.sendOnce(source, destination, protocol, length, IpOutput.MAX_HOP_LIMIT);
    }

    /** Keeps what an error message about the packet would quote. */
    public static Quote quote(IpPacket packet) {
        int header = packet.payload - packet.header;
        int length = Math.min(MOST_QUOTED, header + Math.min(QUOTED, packet.length()));
        byte[] bytes = Arrays.copyOfRange(packet.data, packet.header, packet.header + length);
        return new Quote(packet.source, packet.destination, bytes);
    }
}
