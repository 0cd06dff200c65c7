package dev.rhea.device.net;

import dev.rhea.network.wire.Checksum;
import java.util.zip.CRC32;

/** Checksums of Ethernet, IP, TCP and UDP inside a frame: what the controller verifies and makes. */
final class FrameChecksum {
    /** What a received frame's checksums are, as its descriptor has it. */
    enum Verdict {
        NOT_CHECKED(0),
        IP_GOOD(1),
        TCP_GOOD(2),
        UDP_GOOD(3),
        IP_BAD(0),
        TCP_BAD(0),
        UDP_BAD(0);

        final int bits;

        Verdict(int bits) {
            this.bits = bits;
        }
    }

    private static final int HEADER = 14;
    private static final int VLAN = 0x8100;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private final byte[] frame;
    private final int ip;
    private final int version;
    /** First byte of TCP or UDP, and the end of the packet; equal where there is neither. */
    private int transport;

    private int end;
    private int protocol;

    /** Looks into a frame. @param length without the frame check sequence */
    FrameChecksum(byte[] frame, int offset, int length) {
        this.frame = frame;
        int limit = offset + length;
        int at = offset + HEADER;
        int type = length < HEADER ? 0 : half(at - 2);
        if (type == VLAN && length >= HEADER + 4) {
            at += 4;
            type = half(at - 2);
        }
        ip = at;
        version = type == IPV4 && isIpv4(limit) ? 4 : type == IPV6 && isIpv6(limit) ? 6 : 0;
        if (end - transport < (protocol == TCP ? 20 : 8)) {
            end = transport;
        }
    }

    private boolean isIpv4(int limit) {
        if (limit - ip < 20 || frame[ip] >> 4 != 4) {
            return false;
        }
        int header = 4 * (frame[ip] & 15);
        int total = half(ip + 2);
        if (header < 20 || total < header || total > limit - ip) {
            return false;
        }
        transport = ip + header;
        boolean fragment = (half(ip + 6) & 0x3fff) != 0;
        end = fragment ? transport : ip + total;
        protocol = frame[ip + 9] & 0xff;
        return true;
    }

    private boolean isIpv6(int limit) {
        if (limit - ip < 40 || (frame[ip] >> 4 & 15) != 6 || half(ip + 4) > limit - ip - 40) {
            return false;
        }
        transport = ip + 40;
        end = transport + half(ip + 4);
        protocol = frame[ip + 6] & 0xff;
        return true;
    }

    private int half(int at) {
        return (frame[at] & 0xff) << 8 | frame[at + 1] & 0xff;
    }

    private void putHalf(int at, int value) {
        frame[at] = (byte) (value >> 8);
        frame[at + 1] = (byte) value;
    }

    private boolean hasTransport() {
        return end > transport && (protocol == TCP || protocol == UDP);
    }

    /** Of the header of IPv4; 0 if it holds its own right one. */
    private int headerChecksum() {
        return Checksum.finish(Checksum.sum(frame, ip, 4 * (frame[ip] & 15), 0));
    }

    /** Of TCP or UDP with its pseudo header; 0 if it holds its own right one. */
    private int transportChecksum() {
        long addresses = version == 4 ? Checksum.sum(frame, ip + 12, 8, 0) : Checksum.sum(frame, ip + 8, 32, 0);
        int length = end - transport;
        return Checksum.finish(Checksum.sum(frame, transport, length, addresses + protocol + length));
    }

    Verdict verify() {
        if (version == 0) {
            return Verdict.NOT_CHECKED;
        }
        if (version == 4 && headerChecksum() != 0) {
            return Verdict.IP_BAD;
        }
        if (!hasTransport()) {
            return Verdict.IP_GOOD;
        }
        if (protocol == UDP && half(transport + UDP_CHECKSUM) == 0) {
            return Verdict.IP_GOOD; // there is none
        }
        boolean good = transportChecksum() == 0;
        return protocol == TCP ? good ? Verdict.TCP_GOOD : Verdict.TCP_BAD : good ? Verdict.UDP_GOOD : Verdict.UDP_BAD;
    }

    /** Puts right checksums into the frame. */
    void fill() {
        if (version == 4) {
            putHalf(ip + 10, 0);
            putHalf(ip + 10, headerChecksum());
        }
        if (version != 0 && hasTransport()) {
            int at = transport + (protocol == TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
            putHalf(at, 0);
            int checksum = transportChecksum();
            putHalf(at, protocol == UDP && checksum == 0 ? 0xffff : checksum);
        }
    }

    /** The frame check sequence: IEEE 802.3, section 3.2.9; its first byte on the wire is the lowest. */
    static int ofFrame(byte[] frame, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(frame, offset, length);
        return (int) crc.getValue();
    }
}
