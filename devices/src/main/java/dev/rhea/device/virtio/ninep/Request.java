package dev.rhea.device.virtio.ninep;

import dev.rhea.host.Errno;
import java.nio.charset.StandardCharsets;

/** A request's fields, read one after the other. What is missing at the end is an error. */
final class Request {
    private final byte[] bytes;
    private int at;
    private int end;

    Request(int size) {
        bytes = new byte[size];
    }

    /** Room for the request; {@link #set} says how much was put in. */
    byte[] bytes() {
        return bytes;
    }

    void set(int length) {
        at = 0;
        end = length;
    }

    private int take(int count) throws NinePException {
        if (end - at < count) {
            throw new NinePException(Errno.EINVAL);
        }
        at += count;
        return at - count;
    }

    int u8() throws NinePException {
        return bytes[take(1)] & 0xff;
    }

    int u16() throws NinePException {
        int i = take(2);
        return bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8;
    }

    int u32() throws NinePException {
        return u16() | u16() << 16;
    }

    long u64() throws NinePException {
        return u32() & 0xffffffffL | (long) u32() << 32;
    }

    /** A text as bytes in chars, since names need not be UTF-8. */
    String text() throws NinePException {
        int length = u16();
        int from = take(length);
        String result = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        if (result.indexOf(0) >= 0) {
            throw new NinePException(Errno.EINVAL);
        }
        return result;
    }

    /** A name of something in a folder. */
    String name() throws NinePException {
        String result = text();
        if (result.isEmpty() || result.indexOf('/') >= 0) {
            throw new NinePException(Errno.ENOENT);
        }
        if (result.equals(".") || result.equals("..")) {
            throw new NinePException(Errno.EEXIST);
        }
        if (result.length() > 255) {
            throw new NinePException(Errno.ENAMETOOLONG);
        }
        return result;
    }

    byte[] rest(int count) throws NinePException {
        int from = take(count);
        return java.util.Arrays.copyOfRange(bytes, from, from + count);
    }
}
