package dev.rhea.user.file.layout;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;

/**
 * A structure laid out under one data model: reads and writes members by name. A member that this variant does not have
 * reads as 0 and is not written.
 *
 * @param <F> names of the members
 */
public final class Layout<F extends Enum<F>> {
    private final int[] offsets;
    private final byte[] sizes;
    private final boolean[] signed;
    private final int size;
    private final boolean bigEndian;

    Layout(int[] offsets, byte[] sizes, boolean[] signed, int size, boolean bigEndian) {
        this.offsets = offsets;
        this.sizes = sizes;
        this.signed = signed;
        this.size = size;
        this.bigEndian = bigEndian;
    }

    /** {@code sizeof}. */
    public int size() {
        return size;
    }

    /** {@code offsetof}. */
    public int offset(F member) {
        return offsets[member.ordinal()];
    }

    /** Bytes of one member, 0 if this variant has none of that name. */
    public int size(F member) {
        return sizes[member.ordinal()];
    }

    /** Reads a member of the guest's structure at {@code base}, extended as its type says. */
    public long get(GuestMemory memory, long base, F member) {
        int i = member.ordinal();
        int bytes = sizes[i];
        return bytes == 0 ? 0 : extend(memory.read(base + offsets[i], bytes), bytes, signed[i]);
    }

    /** Writes a member of the guest's structure at {@code base}. */
    public void put(GuestMemory memory, long base, F member, long value) {
        int i = member.ordinal();
        if (sizes[i] != 0) {
            memory.write(base + offsets[i], value, sizes[i]);
        }
    }

    /** Reads a member of a structure in a byte array. */
    public long get(byte[] bytes, int base, F member) {
        int i = member.ordinal();
        int n = sizes[i];
        int at = base + offsets[i];
        long value = 0;
        for (int k = 0; k < n; k++) {
            value |= (bytes[at + k] & 0xffL) << 8 * (bigEndian ? n - 1 - k : k);
        }
        return n == 0 ? 0 : extend(value, n, signed[i]);
    }

    /** Writes a member of a structure in a byte array. */
    public void put(byte[] bytes, int base, F member, long value) {
        int i = member.ordinal();
        int n = sizes[i];
        int at = base + offsets[i];
        for (int k = 0; k < n; k++) {
            bytes[at + k] = (byte) (value >>> 8 * (bigEndian ? n - 1 - k : k));
        }
    }

    /** Reads a member of a structure of the host's (laid out under {@link DataModel#HOST}) at a host address. */
    public long getHost(long base, F member) {
        int i = member.ordinal();
        long at = base + offsets[i];
        return switch (sizes[i]) {
            case 1 -> extend(RawMemory.getByte(at) & 0xff, 1, signed[i]);
            case 2 -> extend(RawMemory.getShort(at) & 0xffff, 2, signed[i]);
            case 4 -> extend(RawMemory.getInt(at) & 0xffff_ffffL, 4, signed[i]);
            case 8 -> RawMemory.getLong(at);
            default -> 0;
        };
    }

    /** Writes a member of a structure of the host's at a host address. */
    public void putHost(long base, F member, long value) {
        int i = member.ordinal();
        long at = base + offsets[i];
        switch (sizes[i]) {
            case 1 -> RawMemory.putByte(at, (byte) value);
            case 2 -> RawMemory.putShort(at, (short) value);
            case 4 -> RawMemory.putInt(at, (int) value);
            case 8 -> RawMemory.putLong(at, value);
            default -> {}
        }
    }

    private static long extend(long value, int bytes, boolean signed) {
        int shift = 64 - 8 * bytes;
        return signed ? value << shift >> shift : value << shift >>> shift;
    }
}
