package dev.rhea.network.user.dhcp;

import static dev.rhea.network.wire.BigEndian.i32;
import static dev.rhea.network.wire.BigEndian.put8;
import static dev.rhea.network.wire.BigEndian.u8;

import dev.rhea.network.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The options of a DHCP message, RFC 2132. */
final class DhcpOptions {
    static final int SUBNET_MASK = 1;
    static final int ROUTER = 3;
    static final int DNS_SERVERS = 6;
    static final int HOST_NAME = 12;
    static final int DOMAIN_NAME = 15;
    static final int REQUESTED_ADDRESS = 50;
    static final int LEASE_TIME = 51;
    static final int MESSAGE_TYPE = 53;
    static final int SERVER_IDENTIFIER = 54;
    static final int MESSAGE = 56;
    static final int TFTP_SERVER_NAME = 66;
    static final int DOMAIN_SEARCH = 119;

    private static final int PAD = 0;
    private static final int END = 255;
    private static final int COOKIE = 0x63825363;

    private final byte[] data;
    private final int from;
    private final int to;

    /** Those after the cookie at {@code at}; none if there is no cookie. */
    DhcpOptions(byte[] data, int at, int end) {
        this.data = data;
        from = at + 4;
        to = end - at >= 4 && i32(data, at) == COOKIE ? end : from;
    }

    /** Where the option's length is, or -1. */
    private int find(int code) {
        int at = from;
        while (at < to) {
            int found = u8(data, at++);
            if (found == PAD) {
                continue;
            }
            if (found == END || at >= to) {
                return -1;
            }
            int length = u8(data, at);
            if (at + 1 + length > to) {
                return -1;
            }
            if (found == code) {
                return at;
            }
            at += 1 + length;
        }
        return -1;
    }

    /** An option of one byte, or -1. */
    int number(int code) {
        int at = find(code);
        return at < 0 || u8(data, at) != 1 ? -1 : u8(data, at + 1);
    }

    /** An option that is an address, or null. */
    @Nullable
    IpAddress address(int code) {
        int at = find(code);
        return at < 0 || u8(data, at) != 4 ? null : IpAddress.read4(data, at + 1);
    }

    /** Writes options, as long as there is room. */
    static final class Writer {
        private static final int LONGEST = 255;

        private final byte[] data;
        private int at;

        Writer(byte[] data, int at) {
            this.data = data;
            this.at = at;
        }

        void put(int code, IpAddress value) {
            byte[] bytes = new byte[4];
            value.write(bytes, 0);
            put(code, bytes);
        }

        void put(int code, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            put(code, bytes.length > LONGEST ? Arrays.copyOf(bytes, LONGEST) : bytes);
        }

        /** More than fits into one option becomes several, which belong together (RFC 3396). */
        void put(int code, byte[] value) {
            for (int from = 0; from < value.length; from += LONGEST) {
                int length = Math.min(LONGEST, value.length - from);
                if (at + 2 + length >= data.length) {
                    return;
                }
                put8(data, at, code);
                put8(data, at + 1, length);
                System.arraycopy(value, from, data, at + 2, length);
                at += 2 + length;
            }
        }

        /** Ends the options; where the message ends. */
        int end() {
            put8(data, at, END);
            return at + 1;
        }
    }
}
