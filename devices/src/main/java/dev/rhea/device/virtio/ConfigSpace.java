package dev.rhea.device.virtio;

/** A device's configuration structure: little-endian bytes. With the machine lock held. */
public final class ConfigSpace {
    private final byte[] bytes;

    public ConfigSpace(int size) {
        bytes = new byte[size];
    }

    public int size() {
        return bytes.length;
    }

    /** Reads 1 to 8 bytes; what lies outside reads as ones. */
    public long get(long offset, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            long at = offset + i;
            long b = at >= 0 && at < bytes.length ? bytes[(int) at] & 0xff : 0xff;
            value |= b << 8 * i;
        }
        return value;
    }

    /** Writes 1 to 8 bytes; what lies outside is lost. */
    public void put(long offset, int size, long value) {
        for (int i = 0; i < size; i++) {
            long at = offset + i;
            if (at >= 0 && at < bytes.length) {
                bytes[(int) at] = (byte) (value >>> 8 * i);
            }
        }
    }

    public void put(int offset, byte[] from) {
        System.arraycopy(from, 0, bytes, offset, from.length);
    }

    public void get(int offset, byte[] to) {
        System.arraycopy(bytes, offset, to, 0, to.length);
    }
}
