package dev.rhea.network.wire;

import dev.rhea.network.IpAddress;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. Sums are kept as longs
 * of up to 2^31 words of 32 bits and folded at the end, since 2^16 is 1 in that arithmetic.
 */
public final class Checksum {
    private Checksum() {}

    private static final VarHandle NATIVE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean SWAPPED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    /** Adds {@code length} bytes to {@code sum}; an odd last byte counts as followed by a zero. */
    public static long sum(byte[] bytes, int offset, int length, long sum) {
        int at = offset;
        int last = offset + length;
        // In the host's byte order, and swapped once at the end: section 2 (B).
        long inHostOrder = 0;
        for (; at + 16 <= last; at += 16) {
            long a = (long) NATIVE.get(bytes, at);
            long b = (long) NATIVE.get(bytes, at + 8);
            inHostOrder += (a >>> 32) + (a & 0xffffffffL) + (b >>> 32) + (b & 0xffffffffL);
        }
        int folded = fold(inHostOrder);
        sum += SWAPPED ? Short.reverseBytes((short) folded) & 0xffff : folded;
        for (; at + 2 <= last; at += 2) {
            sum += BigEndian.u16(bytes, at);
        }
        if (at < last) {
            sum += BigEndian.u8(bytes, at) << 8;
        }
        return sum;
    }

    /** The sum of the pseudo header of RFC 9293 section 3.1 or RFC 8200 section 8.1. */
    public static long pseudoHeader(IpAddress source, IpAddress destination, int protocol, int length) {
        return words(source) + words(destination) + protocol + length;
    }

    private static long words(IpAddress address) {
        return address.isV4()
                ? address.v4() & 0xffffffffL
                : (address.high() >>> 32)
                        + (address.high() & 0xffffffffL)
                        + (address.low() >>> 32)
                        + (address.low() & 0xffffffffL);
    }

    /** The checksum, 16 bits: 0 if what was summed contained its own right checksum. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    private static int fold(long sum) {
        sum = (sum >>> 32) + (sum & 0xffffffffL);
        sum = (sum >>> 16) + (sum & 0xffff);
        sum = (sum >>> 16) + (sum & 0xffff);
        sum = (sum >>> 16) + (sum & 0xffff);
        return (int) sum;
    }
}
