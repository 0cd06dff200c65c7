package dev.rhea.network;

import dev.rhea.network.wire.BigEndian;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.OptionalInt;

/**
 * An address of IPv6, or of IPv4 in its mapped form {@code ::ffff:a.b.c.d} (RFC 4291 section 2.5.5.2).
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpAddress(long high, long low) {
    private static final long MAPPED = 0xffff_0000_0000L;

    /** 127.0.0.1. */
    public static final IpAddress LOOPBACK4 = v4(0x7f000001);

    /** ::1. */
    public static final IpAddress LOOPBACK6 = new IpAddress(0, 1);

    /** 0.0.0.0. */
    public static final IpAddress ANY4 = v4(0);

    /** ::. */
    public static final IpAddress ANY6 = new IpAddress(0, 0);

    /** 255.255.255.255. */
    public static final IpAddress BROADCAST = v4(-1);

    /** The IPv4 address whose four bytes are those of {@code bits}, the first in the highest. */
    public static IpAddress v4(int bits) {
        return new IpAddress(0, MAPPED | bits & 0xffffffffL);
    }

    /** Reads an IPv4 address of four bytes. */
    public static IpAddress read4(byte[] bytes, int at) {
        return v4(BigEndian.i32(bytes, at));
    }

    /** Reads an IPv6 address of 16 bytes. */
    public static IpAddress read6(byte[] bytes, int at) {
        return new IpAddress(BigEndian.i64(bytes, at), BigEndian.i64(bytes, at + 8));
    }

    /** The same address in the JDK's terms, without its zone. */
    public static IpAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? read4(bytes, 0) : read6(bytes, 0);
    }

    /**
     * Reads an address as text: IPv4 as {@code inet_aton(3)} does (up to four numbers, also octal and hexadecimal), IPv6 as RFC
     * 4291 section 2.2 says, without a zone.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static IpAddress parse(String text) {
        if (text.indexOf(':') < 0) {
            return v4(DottedNumbers.parse(text)
                    .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is no IP address")));
        }
        if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            throw new IllegalArgumentException("'" + text + "' is no IP address");
        }
        return of(InetAddress.ofLiteral(text));
    }

    /** Reads an IPv4 address as text, if it is one. */
    static OptionalInt parse4(String text) {
        return DottedNumbers.parse(text);
    }

    public boolean isV4() {
        return high == 0 && low >>> 32 == MAPPED >>> 32;
    }

    /** The four bytes of an IPv4 address. */
    public int v4() {
        return (int) low;
    }

    /** How many bytes {@link #write} writes: 4 or 16. */
    public int length() {
        return isV4() ? 4 : 16;
    }

    /** Writes 4 or 16 bytes. */
    public void write(byte[] bytes, int at) {
        if (isV4()) {
            BigEndian.put32(bytes, at, v4());
        } else {
            BigEndian.put64(bytes, at, high);
            BigEndian.put64(bytes, at + 8, low);
        }
    }

    public boolean isUnspecified() {
        return equals(ANY4) || equals(ANY6);
    }

    public boolean isLoopback() {
        return isV4() ? v4() >>> 24 == 127 : equals(LOOPBACK6);
    }

    public boolean isMulticast() {
        return isV4() ? v4() >>> 28 == 0xe : high >>> 56 == 0xff;
    }

    /** fe80::/10. */
    public boolean isLinkLocal6() {
        return high >>> 54 == 0xfe80 >>> 6;
    }

    /** Whether the first {@code bits} bits (of 128, or 32) are those of {@code network}, of the same family. */
    public boolean isIn(IpAddress network, int bits) {
        if (isV4() != network.isV4()) {
            return false;
        }
        int all = isV4() ? bits + 96 : bits;
        long highMask = all <= 0 ? 0 : all >= 64 ? -1 : -1L << (64 - all);
        long lowMask = all <= 64 ? 0 : all >= 128 ? -1 : -1L << (128 - all);
        return ((high ^ network.high) & highMask) == 0 && ((low ^ network.low) & lowMask) == 0;
    }

    /** The same address in the JDK's terms. */
    public InetAddress inet() {
        byte[] bytes = new byte[length()];
        write(bytes, 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // 4 or 16 bytes are always an address
        }
    }

    /** As text: dotted, or RFC 5952's form. */
    @Override
    public String toString() {
        if (isV4()) {
            int v = v4();
            return (v >>> 24) + "." + (v >>> 16 & 0xff) + "." + (v >>> 8 & 0xff) + "." + (v & 0xff);
        }
        return Groups.text(this);
    }
}
