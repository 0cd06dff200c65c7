package dev.rhea.network.user.udp;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.u16;

import dev.rhea.network.IpAddress;
import dev.rhea.network.user.ip.IpOutput;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.IpProtocol;
import dev.rhea.network.wire.Checksum;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** UDP, RFC 768: takes datagrams apart, and makes them for the guest. */
public final class Udp {
    private static final int HEADER = 8;

    /** Who answers on a port of ours, or sends on what nobody here answers. */
    @FunctionalInterface
    public interface Service {
        /**
         * A datagram from the guest: {@code length} bytes at {@code at} of the packet's data.
         *
         * @return false if it is not for this service after all
         */
        boolean datagram(IpPacket packet, int sourcePort, int destinationPort, int at, int length);
    }

    private final IpOutput ip;
    private final Map<Integer, Service> services = new HashMap<>();
    private Service otherwise = (packet, sourcePort, destinationPort, at, length) -> false;

    public Udp(IpOutput ip) {
        this.ip = ip;
    }

    /** Asks {@code service} first about datagrams to {@code port}, whatever their address. */
    public void serve(int port, Service service) {
        services.put(port, service);
    }

    /** Who gets what no service wants. */
    public void otherwise(Service service) {
        otherwise = service;
    }

    /** A packet for UDP. */
    public void input(IpPacket packet) {
        byte[] data = packet.data;
        int at = packet.payload;
        if (packet.length() < HEADER || packet.source.isMulticast()) {
            return;
        }
        int length = u16(data, at + 4);
        if (length < HEADER || length > packet.length()) {
            return;
        }
        int checksum = u16(data, at + 6);
        if (checksum == 0 ? !packet.isV4() : !isRight(packet, length)) {
            return;
        }
        int sourcePort = u16(data, at);
        int destinationPort = u16(data, at + 2);
        if (destinationPort == 0) {
            return;
        }
        Service service = services.get(destinationPort);
        if (service == null || !service.datagram(packet, sourcePort, destinationPort, at + HEADER, length - HEADER)) {
            otherwise.datagram(packet, sourcePort, destinationPort, at + HEADER, length - HEADER);
        }
    }

    private static boolean isRight(IpPacket packet, int length) {
        long pseudo = Checksum.pseudoHeader(packet.source, packet.destination, IpProtocol.UDP, length);
        return Checksum.finish(Checksum.sum(packet.data, packet.payload, length, pseudo)) == 0;
    }

    /** Sends the rest of {@code data}, at most 65,507 bytes, to the guest. */
    public void send(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, ByteBuffer data) {
        int at = IpOutput.payload(destination);
        int length = data.remaining();
        data.get(ip.frame, at + HEADER, length);
        send(source, sourcePort, destination, destinationPort, length);
    }

    public void send(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, byte[] data) {
        System.arraycopy(data, 0, ip.frame, IpOutput.payload(destination) + HEADER, data.length);
        send(source, sourcePort, destination, destinationPort, data.length);
    }

    private void send(IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int length) {
        byte[] to = ip.frame;
        int at = IpOutput.payload(destination);
        put16(to, at, sourcePort);
        put16(to, at + 2, destinationPort);
        put16(to, at + 4, HEADER + length);
        put16(to, at + 6, 0);
        long pseudo = Checksum.pseudoHeader(source, destination, IpProtocol.UDP, HEADER + length);
        int checksum = Checksum.finish(Checksum.sum(to, at, HEADER + length, pseudo));
        put16(to, at + 6, checksum == 0 ? 0xffff : checksum);
        ip.sendOnce(source, destination, IpProtocol.UDP, HEADER + length);
    }

    /** Whether the card has room for what comes from outside. */
    boolean ready() {
        return ip.ready();
    }
}
