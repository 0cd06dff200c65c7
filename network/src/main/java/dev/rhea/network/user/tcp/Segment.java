package dev.rhea.network.user.tcp;

import static dev.rhea.network.wire.BigEndian.i32;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u8;

import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.IpProtocol;
import dev.rhea.network.wire.Checksum;

/** A segment from the guest, taken apart (RFC 9293 section 3.1). One object serves all. */
final class Segment {
    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int PSH = 8;
    static final int ACK = 16;

    static final int HEADER = 20;
    static final int OPTION_END = 0;
    static final int OPTION_NOP = 1;
    static final int OPTION_MSS = 2;
    static final int OPTION_WINDOW_SCALE = 3;

    int sourcePort;
    int destinationPort;
    int sequence;
    int acknowledgement;
    int flags;
    /** As sent, not scaled. */
    int window;
    /** 0 if not said. */
    int mss;
    /** -1 if not said. */
    int windowScale;

    byte[] data = {};
    int payload;
    int length;

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** How much sequence space the segment takes. */
    int space() {
        return length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
    }

    /** False if it makes no sense. */
    boolean parse(IpPacket packet) {
        int at = packet.payload;
        if (packet.length() < HEADER) {
            return false;
        }
        data = packet.data;
        int header = (u8(data, at + 12) >>> 4) * 4;
        if (header < HEADER || header > packet.length()) {
            return false;
        }
        long pseudo = Checksum.pseudoHeader(packet.source, packet.destination, IpProtocol.TCP, packet.length());
        if (Checksum.finish(Checksum.sum(data, at, packet.length(), pseudo)) != 0) {
            return false;
        }
        sourcePort = u16(data, at);
        destinationPort = u16(data, at + 2);
        sequence = i32(data, at + 4);
        acknowledgement = i32(data, at + 8);
        flags = u8(data, at + 13);
        window = u16(data, at + 14);
        payload = at + header;
        length = packet.end - payload;
        mss = 0;
        windowScale = -1;
        if (has(SYN)) {
            options(at + HEADER, payload);
        }
        return true;
    }

    private void options(int at, int end) {
        while (at < end) {
            int kind = u8(data, at);
            if (kind == OPTION_END) {
                return;
            }
            if (kind == OPTION_NOP) {
                at++;
                continue;
            }
            int size = at + 1 < end ? u8(data, at + 1) : 0;
            if (size < 2 || at + size > end) {
                return;
            }
            if (kind == OPTION_MSS && size == 4) {
                mss = u16(data, at + 2);
            } else if (kind == OPTION_WINDOW_SCALE && size == 3) {
                windowScale = Math.min(14, u8(data, at + 2)); // RFC 7323 section 2.3
            }
            at += size;
        }
    }
}
