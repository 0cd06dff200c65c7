package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.put32;
import static dev.rhea.network.wire.BigEndian.put48;
import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.network.IpAddress;
import dev.rhea.network.NetdevException;
import dev.rhea.network.Receiver;
import dev.rhea.network.wire.Checksum;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** A guest made of frames: a card that keeps what comes, and what is needed to make what goes. The stack runs on our thread. */
final class Guest implements Receiver, AutoCloseable {
    static final long MAC = 0x525400123456L;
    static final long GATEWAY_MAC = 0x52550a000202L;
    static final IpAddress IP = IpAddress.parse("10.0.2.15");
    static final IpAddress HOST = IpAddress.parse("10.0.2.2");
    static final IpAddress DNS = IpAddress.parse("10.0.2.3");
    static final IpAddress IP6 = IpAddress.parse("fec0::5054:ff:fe12:3456");
    static final IpAddress HOST6 = IpAddress.parse("fec0::2");

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;

    final UserStack stack;
    final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    final List<RuntimeException> failures = new ArrayList<>();
    boolean room = true;
    private long skipped;

    Guest(UserOptions options) throws NetdevException {
        this(options, Path.of("/nonexistent/resolv.conf"));
    }

    Guest(UserOptions options, Path resolver) throws NetdevException {
        stack = new UserStack(options, () -> System.nanoTime() + skipped, resolver, failures::add);
        stack.connect(this);
        stack.addForwards(options);
    }

    /** With options as the reference writes them. */
    static Guest with(String... options) throws NetdevException {
        return new Guest(options(options));
    }

    static UserOptions options(String... options) throws NetdevException {
        Map<String, List<String>> map = new java.util.HashMap<>();
        for (String option : options) {
            int at = option.indexOf('=');
            map.computeIfAbsent(option.substring(0, at), name -> new ArrayList<>())
                    .add(option.substring(at + 1));
        }
        return UserOptions.parse(map);
    }

    @Override
    public boolean receive(byte[] frame, int offset, int length) {
        if (room) {
            frames.add(Arrays.copyOfRange(frame, offset, offset + length));
        }
        return room;
    }

    /** Lets time pass for the stack. */
    void pass(long nanoseconds) {
        skipped += nanoseconds;
        turn();
    }

    void turn() {
        stack.loop().turn(0);
        assertThat(failures).isEmpty();
    }

    /** Turns until something is true; the test's timeout ends it if it never is. */
    void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertThat(Thread.interrupted()).as("the test has timed out").isFalse();
            stack.loop().turn(5_000_000);
            assertThat(failures).isEmpty();
        }
    }

    /** The next frame that fits; others before it are dropped. */
    byte[] next(Predicate<byte[]> wanted) {
        while (true) {
            until(() -> !frames.isEmpty());
            byte[] frame = frames.poll();
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** The next IP packet of a protocol, as its payload. */
    byte[] next(int protocol) {
        byte[] frame = next(f -> isIp(f) && protocol(f) == protocol);
        return payload(frame);
    }

    static boolean isIp(byte[] frame) {
        return u16(frame, 12) == 0x800 || u16(frame, 12) == 0x86dd;
    }

    static int protocol(byte[] frame) {
        return u16(frame, 12) == 0x800 ? u8(frame, 23) : u8(frame, 20);
    }

    static IpAddress source(byte[] frame) {
        return u16(frame, 12) == 0x800 ? IpAddress.read4(frame, 26) : IpAddress.read6(frame, 22);
    }

    static IpAddress destination(byte[] frame) {
        return u16(frame, 12) == 0x800 ? IpAddress.read4(frame, 30) : IpAddress.read6(frame, 38);
    }

    static byte[] payload(byte[] frame) {
        if (u16(frame, 12) == 0x800) {
            assertThat(Checksum.finish(Checksum.sum(frame, 14, 20, 0)))
                    .as("header checksum")
                    .isZero();
            return Arrays.copyOfRange(frame, 34, 14 + u16(frame, 16));
        }
        return Arrays.copyOfRange(frame, 54, 54 + u16(frame, 18));
    }

    void send(byte[] frame) {
        stack.send(frame, 0, frame.length);
    }

    static byte[] ethernet(long to, int type, byte[] payload) {
        byte[] frame = new byte[14 + payload.length];
        put48(frame, 0, to);
        put48(frame, 6, MAC);
        put16(frame, 12, type);
        System.arraycopy(payload, 0, frame, 14, payload.length);
        return frame;
    }

    static byte[] ip(IpAddress from, IpAddress to, int protocol, byte[] payload) {
        return ip(from, to, protocol, payload, 64, 7, 0);
    }

    static byte[] ip(IpAddress from, IpAddress to, int protocol, byte[] payload, int ttl, int id, int flagsAndOffset) {
        if (!to.isV4()) {
            byte[] packet = new byte[40 + payload.length];
            put32(packet, 0, 6 << 28);
            put16(packet, 4, payload.length);
            packet[6] = (byte) protocol;
            packet[7] = (byte) ttl;
            from.write(packet, 8);
            to.write(packet, 24);
            System.arraycopy(payload, 0, packet, 40, payload.length);
            return ethernet(0x525600000002L, 0x86dd, packet);
        }
        byte[] packet = new byte[20 + payload.length];
        put16(packet, 0, 0x4500);
        put16(packet, 2, packet.length);
        put16(packet, 4, id);
        put16(packet, 6, flagsAndOffset);
        packet[8] = (byte) ttl;
        packet[9] = (byte) protocol;
        from.write(packet, 12);
        to.write(packet, 16);
        put16(packet, 10, Checksum.finish(Checksum.sum(packet, 0, 20, 0)));
        System.arraycopy(payload, 0, packet, 20, payload.length);
        return ethernet(GATEWAY_MAC, 0x800, packet);
    }

    static byte[] udp(IpAddress from, int fromPort, IpAddress to, int toPort, byte[] data) {
        byte[] datagram = new byte[8 + data.length];
        put16(datagram, 0, fromPort);
        put16(datagram, 2, toPort);
        put16(datagram, 4, datagram.length);
        System.arraycopy(data, 0, datagram, 8, data.length);
        return withChecksum(from, to, UDP, datagram, 6);
    }

    static byte[] echo(IpAddress from, IpAddress to, int id, int sequence, byte[] data) {
        byte[] message = new byte[8 + data.length];
        message[0] = (byte) (to.isV4() ? 8 : 128);
        put16(message, 4, id);
        put16(message, 6, sequence);
        System.arraycopy(data, 0, message, 8, data.length);
        return withChecksum(from, to, to.isV4() ? ICMP : ICMPV6, message, 2);
    }

    static byte[] tcp(
            IpAddress from,
            int fromPort,
            IpAddress to,
            int toPort,
            int sequence,
            int acknowledgement,
            int flags,
            int window,
            byte[] options,
            byte[] data) {
        byte[] segment = new byte[20 + options.length + data.length];
        put16(segment, 0, fromPort);
        put16(segment, 2, toPort);
        put32(segment, 4, sequence);
        put32(segment, 8, acknowledgement);
        segment[12] = (byte) ((5 + options.length / 4) << 4);
        segment[13] = (byte) flags;
        put16(segment, 14, window);
        System.arraycopy(options, 0, segment, 20, options.length);
        System.arraycopy(data, 0, segment, 20 + options.length, data.length);
        return withChecksum(from, to, TCP, segment, 16);
    }

    /** A transport's message in its frame, its checksum put in at {@code at}. */
    static byte[] withChecksum(IpAddress from, IpAddress to, int protocol, byte[] message, int at) {
        long pseudo = protocol == ICMP ? 0 : Checksum.pseudoHeader(from, to, protocol, message.length);
        put16(message, at, Checksum.finish(Checksum.sum(message, 0, message.length, pseudo)));
        return ip(from, to, protocol, message, protocol == ICMPV6 ? 255 : 64, 7, 0);
    }

    static void checkTransport(byte[] frame) {
        byte[] payload = payload(frame);
        long pseudo = protocol(frame) == ICMP
                ? 0
                : Checksum.pseudoHeader(source(frame), destination(frame), protocol(frame), payload.length);
        assertThat(Checksum.finish(Checksum.sum(payload, 0, payload.length, pseudo)))
                .as("checksum")
                .isZero();
    }

    @Override
    public void close() {
        stack.close();
        stack.loop().end();
        assertThat(failures).isEmpty();
    }
}
