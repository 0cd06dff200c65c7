package dev.rhea.user.file.layout;

import java.util.Arrays;

/**
 * A C structure: its members in order, each with its C type, independent of word size and byte order.
 *
 * @param <F> names of the members; a member of the enumeration that is not declared does not exist in this variant
 */
public final class Struct<F extends Enum<F>> {
    /** Type codes: bytes in the low bits, then flags. */
    static final int SIZE = 0xff;

    static final int SIGNED = 0x100;
    /** As wide as a {@code long}. */
    static final int WORD = 0x200;

    private static final int PADDING = -1;

    private int count;
    private int[] members = new int[16];
    private int[] types = new int[16];
    private final int constants;
    private boolean packed;

    /** Begins a declaration whose members are named by {@code names}. */
    public Struct(Class<F> names) {
        constants = names.getEnumConstants().length;
    }

    private Struct<F> add(int type, F[] names) {
        for (F name : names) {
            append(name.ordinal(), type);
        }
        return this;
    }

    private void append(int member, int type) {
        if (count == members.length) {
            members = Arrays.copyOf(members, 2 * count);
            types = Arrays.copyOf(types, 2 * count);
        }
        members[count] = member;
        types[count++] = type;
    }

    /** {@code unsigned char}. */
    @SafeVarargs
    public final Struct<F> u8(F... names) {
        return add(1, names);
    }

    /** {@code unsigned short}. */
    @SafeVarargs
    public final Struct<F> u16(F... names) {
        return add(2, names);
    }

    /** {@code short}. */
    @SafeVarargs
    public final Struct<F> s16(F... names) {
        return add(2 | SIGNED, names);
    }

    /** {@code unsigned int}. */
    @SafeVarargs
    public final Struct<F> u32(F... names) {
        return add(4, names);
    }

    /** {@code int}. */
    @SafeVarargs
    public final Struct<F> s32(F... names) {
        return add(4 | SIGNED, names);
    }

    /** {@code unsigned long long}. */
    @SafeVarargs
    public final Struct<F> u64(F... names) {
        return add(8, names);
    }

    /** {@code long long}. */
    @SafeVarargs
    public final Struct<F> s64(F... names) {
        return add(8 | SIGNED, names);
    }

    /** {@code unsigned long} or a pointer. */
    @SafeVarargs
    public final Struct<F> word(F... names) {
        return add(WORD, names);
    }

    /** {@code long}. */
    @SafeVarargs
    public final Struct<F> sword(F... names) {
        return add(WORD | SIGNED, names);
    }

    /** Padding or members nobody uses: {@code n} bytes. */
    public Struct<F> skip(int n) {
        append(PADDING, n);
        return this;
    }

    /** {@code __attribute__((packed))}: no alignment. */
    public Struct<F> packed() {
        packed = true;
        return this;
    }

    /** Lays the structure out. */
    public Layout<F> in(DataModel model) {
        int[] offsets = new int[constants];
        byte[] sizes = new byte[constants];
        boolean[] signed = new boolean[constants];
        int at = 0;
        int alignment = 1;
        for (int i = 0; i < count; i++) {
            int type = types[i];
            if (members[i] == PADDING) {
                at += type;
                continue;
            }
            int size = (type & WORD) != 0 ? model.wordSize() : type & SIZE;
            int align = packed ? 1 : size == 8 && model.wordSize() == 4 ? model.longLongAlignment() : size;
            at = at + align - 1 & -align;
            alignment = Math.max(alignment, align);
            offsets[members[i]] = at;
            sizes[members[i]] = (byte) size;
            signed[members[i]] = (type & SIGNED) != 0;
            at += size;
        }
        return new Layout<>(offsets, sizes, signed, at + alignment - 1 & -alignment, model.bigEndian());
    }
}
