package dev.rhea.network.user.ip;

import static dev.rhea.network.wire.BigEndian.i32;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u8;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.wire.Checksum;

/** Takes the guest's packets apart: headers of IPv4 (RFC 791) and IPv6 (RFC 8200), fragments put together. */
public final class IpInput {
    private static final int HEADER4 = 20;
    private static final int HEADER6 = 40;
    private static final int FRAGMENT_HEADER = 8;
    /** More extension headers than any sane packet has. */
    private static final int EXTENSIONS = 8;

    private static final int DONT_FRAGMENT_MASK = 0x3fff;
    private static final int MORE_FRAGMENTS = 0x2000;

    /** Who gets whole packets. */
    @FunctionalInterface
    public interface Upper {
        void packet(IpPacket packet);
    }

    private final Upper upper;
    private final Fragments fragments;
    private final IpPacket packet = new IpPacket();

    public IpInput(EventLoop loop, Upper upper) {
        this.upper = upper;
        fragments = new Fragments(loop);
    }

    /** An IPv4 packet at {@code at}; {@code end} is the frame's, which may have padding. */
    public void input4(byte[] data, int at, int end) {
        if (end - at < HEADER4 || u8(data, at) >>> 4 != 4) {
            return;
        }
        int header = (u8(data, at) & 15) * 4;
        int total = u16(data, at + 2);
        if (header < HEADER4 || total < header || total > end - at) {
            return;
        }
        if (Checksum.finish(Checksum.sum(data, at, header, 0)) != 0) {
            return;
        }
        packet.source = address4(data, at + 12, packet.source);
        packet.destination = address4(data, at + 16, packet.destination);
        packet.hopLimit = u8(data, at + 8);
        packet.protocol = u8(data, at + 9);
        int flags = u16(data, at + 6);
        if ((flags & DONT_FRAGMENT_MASK) != 0) {
            boolean more = (flags & MORE_FRAGMENTS) != 0;
            fragment(data, at, at + header, at + total, u16(data, at + 4), (flags & 0x1fff) * 8, more);
        } else {
            deliver(data, at, at + header, at + total);
        }
    }

    /** An IPv6 packet at {@code at}; {@code end} is the frame's, which may have padding. */
    public void input6(byte[] data, int at, int end) {
        if (end - at < HEADER6 || u8(data, at) >>> 4 != 6) {
            return;
        }
        int last = at + HEADER6 + u16(data, at + 4);
        if (last > end) {
            return;
        }
        packet.source = address6(data, at + 8, packet.source);
        packet.destination = address6(data, at + 24, packet.destination);
        if (packet.source.isV4() || packet.destination.isV4()) {
            return; // mapped addresses are for programs, not for the wire (RFC 4942 section 2.2)
        }
        packet.hopLimit = u8(data, at + 7);
        int next = u8(data, at + 6);
        int payload = at + HEADER6;
        for (int i = 0; i < EXTENSIONS; i++) {
            switch (next) {
                case IpProtocol.HOP_BY_HOP, IpProtocol.ROUTING, IpProtocol.DESTINATION_OPTIONS -> {
                    if (last - payload < 8 || next == IpProtocol.ROUTING && u8(data, payload + 3) != 0) {
                        return;
                    }
                    next = u8(data, payload);
                    payload += 8 + 8 * u8(data, payload + 1);
                    if (payload > last) {
                        return;
                    }
                }
                case IpProtocol.FRAGMENT -> {
                    if (last - payload < FRAGMENT_HEADER) {
                        return;
                    }
                    packet.protocol = u8(data, payload);
                    int place = u16(data, payload + 2);
                    int id = i32(data, payload + 4);
                    fragment(data, at, payload + FRAGMENT_HEADER, last, id, place & ~7, (place & 1) != 0);
                    return;
                }
                default -> {
                    packet.protocol = next;
                    deliver(data, at, payload, last);
                    return;
                }
            }
        }
    }

    private void fragment(byte[] data, int header, int payload, int end, int id, int offset, boolean more) {
        if (offset == 0 && !more) {
            deliver(data, header, payload, end);
            return;
        }
        Fragments.Whole whole = fragments.add(packet, id, data, header, payload, end, offset, more);
        if (whole != null) {
            deliver(whole.data(), 0, whole.payload(), whole.data().length);
        }
    }

    private void deliver(byte[] data, int header, int payload, int end) {
        packet.data = data;
        packet.header = header;
        packet.payload = payload;
        packet.end = end;
        upper.packet(packet);
    }

    /** Most packets are between the same two: their addresses are kept rather than made anew. */
    private static IpAddress address4(byte[] data, int at, IpAddress before) {
        return before.isV4() && before.v4() == i32(data, at) ? before : IpAddress.read4(data, at);
    }

    private static IpAddress address6(byte[] data, int at, IpAddress before) {
        IpAddress address = IpAddress.read6(data, at);
        return address.equals(before) ? before : address;
    }
}
