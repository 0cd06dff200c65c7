package dev.rhea.device.virtio.ninep;

import java.nio.charset.StandardCharsets;

/** A reply's fields, written one after the other. */
final class Reply {
    private final byte[] bytes;
    private int end;

    Reply(int size) {
        bytes = new byte[size];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return end;
    }

    /** Begins anew, behind the header. */
    void clear() {
        end = NineP.HEADER;
    }

    /** Sets where the next field goes. */
    void setLength(int length) {
        end = length;
    }

    /** Whether so many more bytes fit, the reply being no longer than {@code limit}. */
    boolean fits(int count, int limit) {
        return end + count <= Math.min(limit, bytes.length);
    }

    Reply u8(int value) {
        bytes[end++] = (byte) value;
        return this;
    }

    Reply u16(int value) {
        return u8(value).u8(value >> 8);
    }

    Reply u32(long value) {
        return u16((int) value).u16((int) (value >> 16));
    }

    Reply u64(long value) {
        return u32(value).u32(value >> 32);
    }

    Reply text(String value) {
        return raw(value.getBytes(StandardCharsets.ISO_8859_1), true);
    }

    Reply raw(byte[] value, boolean counted) {
        if (counted) {
            u16(value.length);
        }
        System.arraycopy(value, 0, bytes, end, value.length);
        end += value.length;
        return this;
    }

    /** Puts length, type and tag before what was written. @param behind bytes that follow it, and are not here */
    void finish(int type, int tag, long behind) {
        int length = end;
        end = 0;
        u32(length + behind).u8(type).u16(tag);
        end = length;
    }
}
