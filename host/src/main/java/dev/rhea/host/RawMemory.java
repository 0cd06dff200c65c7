package dev.rhea.host;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Plain and atomic access to host memory by address, in the host's byte order, at any alignment for plain access and
 * natural alignment for atomic access.
 *
 * <p>Nothing is checked here: touching an address that is not mapped kills the JVM, so every caller has proved the
 * address in software first (a soft-TLB hit, or a range inside a mapping it owns).
 *
 * <p>Two ways lead to the same memory. Where the launcher exports {@code jdk.internal.misc} to this module, its Unsafe
 * is used: 1.4 times faster than a memory segment in code that C2 compiled, 5 times in C1's. Where an embedder does not
 * export it, a memory segment over the whole address space does the same, slower.
 */
public final class RawMemory {
    private RawMemory() {}

    /** Whether access goes through the JDK's internal Unsafe; if false it goes through a memory segment. */
    public static final boolean INTERNAL = exported();

    private static boolean exported() {
        var misc = Object.class.getModule();
        return misc.isExported("jdk.internal.misc", RawMemory.class.getModule());
    }

    /** The slower way, for a JVM that does not export its Unsafe to us. In a class of its own so that it costs nothing unused. */
    private static final class Segment {
        static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
        static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
        static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    }

    /** The fast way. Loaded only where {@link #INTERNAL}. */
    private static final class Internal {
        static final jdk.internal.misc.Unsafe U = jdk.internal.misc.Unsafe.getUnsafe();
        static final long BYTES = jdk.internal.misc.Unsafe.ARRAY_BYTE_BASE_OFFSET;
        static final long LONGS = jdk.internal.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;
    }

    /** Reads byte at {@code address}. */
    public static byte getByte(long address) {
        return INTERNAL ? Internal.U.getByte(address) : Segment.ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    /** Writes byte at {@code address}. */
    public static void putByte(long address, byte value) {
        if (INTERNAL) {
            Internal.U.putByte(address, value);
        } else {
            Segment.ALL.set(ValueLayout.JAVA_BYTE, address, value);
        }
    }

    /** Reads short at {@code address}. */
    public static short getShort(long address) {
        return INTERNAL ? Internal.U.getShort(address) : Segment.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    /** Writes short at {@code address}. */
    public static void putShort(long address, short value) {
        if (INTERNAL) {
            Internal.U.putShort(address, value);
        } else {
            Segment.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, value);
        }
    }

    /** Reads int at {@code address}. */
    public static int getInt(long address) {
        return INTERNAL ? Internal.U.getInt(address) : Segment.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
    }

    /** Writes int at {@code address}. */
    public static void putInt(long address, int value) {
        if (INTERNAL) {
            Internal.U.putInt(address, value);
        } else {
            Segment.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
        }
    }

    /** Reads long at {@code address}. */
    public static long getLong(long address) {
        return INTERNAL ? Internal.U.getLong(address) : Segment.ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    /** Writes long at {@code address}. */
    public static void putLong(long address, long value) {
        if (INTERNAL) {
            Internal.U.putLong(address, value);
        } else {
            Segment.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
        }
    }

    /** Atomically replaces the int at {@code address} if it is {@code expected}; sequentially consistent. Returns the value found. */
    public static int compareAndExchangeInt(long address, int expected, int value) {
        return INTERNAL
                ? Internal.U.compareAndExchangeInt(null, address, expected, value)
                : (int) Segment.INT.compareAndExchange(Segment.ALL, address, expected, value);
    }

    /** Reads int at {@code address} with volatile semantics. */
    public static int getIntVolatile(long address) {
        return INTERNAL
                ? Internal.U.getIntVolatile(null, address)
                : (int) Segment.INT.getVolatile(Segment.ALL, address);
    }

    /** Writes int at {@code address} with volatile semantics. */
    public static void putIntVolatile(long address, int value) {
        if (INTERNAL) {
            Internal.U.putIntVolatile(null, address, value);
        } else {
            Segment.INT.setVolatile(Segment.ALL, address, value);
        }
    }

    /** Atomically replaces the long at {@code address} if it is {@code expected}; sequentially consistent. Returns the value found. */
    public static long compareAndExchangeLong(long address, long expected, long value) {
        return INTERNAL
                ? Internal.U.compareAndExchangeLong(null, address, expected, value)
                : (long) Segment.LONG.compareAndExchange(Segment.ALL, address, expected, value);
    }

    /** Reads long at {@code address} with volatile semantics. */
    public static long getLongVolatile(long address) {
        return INTERNAL
                ? Internal.U.getLongVolatile(null, address)
                : (long) Segment.LONG.getVolatile(Segment.ALL, address);
    }

    /** Writes long at {@code address} with volatile semantics. */
    public static void putLongVolatile(long address, long value) {
        if (INTERNAL) {
            Internal.U.putLongVolatile(null, address, value);
        } else {
            Segment.LONG.setVolatile(Segment.ALL, address, value);
        }
    }

    /**
     * Reads an element of an array without a bounds check, for loops that have proved the index by masking.
     *
     * @param offset eight times the index
     */
    public static long element(long[] array, long offset) {
        return INTERNAL ? Internal.U.getLong(array, Internal.LONGS + offset) : array[(int) (offset >>> 3)];
    }

    /** Writes an element of an array without a bounds check. */
    public static void element(long[] array, long offset, long value) {
        if (INTERNAL) {
            Internal.U.putLong(array, Internal.LONGS + offset, value);
        } else {
            array[(int) (offset >>> 3)] = value;
        }
    }

    /** Copies {@code bytes} bytes; the ranges may overlap. */
    public static void copy(long from, long to, long bytes) {
        if (INTERNAL) {
            Internal.U.copyMemory(from, to, bytes);
        } else {
            MemorySegment.copy(Segment.ALL, from, Segment.ALL, to, bytes);
        }
    }

    /** Copies {@code bytes} bytes from host memory into {@code to} at {@code offset}. */
    public static void copyOut(long from, byte[] to, int offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, to.length);
        if (INTERNAL) {
            Internal.U.copyMemory(null, from, to, Internal.BYTES + offset, bytes);
        } else {
            MemorySegment.copy(Segment.ALL, from, MemorySegment.ofArray(to), offset, bytes);
        }
    }

    /** Copies {@code bytes} bytes of {@code from} at {@code offset} into host memory. */
    public static void copyIn(byte[] from, int offset, long to, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, from.length);
        if (INTERNAL) {
            Internal.U.copyMemory(from, Internal.BYTES + offset, null, to, bytes);
        } else {
            MemorySegment.copy(MemorySegment.ofArray(from), offset, Segment.ALL, to, bytes);
        }
    }

    /** The UTF-8 text at {@code address} up to its terminating zero byte. */
    static String string(long address) {
        int length = 0;
        while (getByte(address + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        copyOut(address, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Sets {@code bytes} bytes to {@code value}. */
    public static void fill(long address, long bytes, byte value) {
        if (INTERNAL) {
            Internal.U.setMemory(address, bytes, value);
        } else {
            Segment.ALL.asSlice(address, bytes).fill(value);
        }
    }

    /** Allocates zeroed memory for tables of our own (never for guest memory), aligned to 64 bytes. Lives until the JVM ends or {@link #free}. */
    public static long allocate(long bytes) {
        if (INTERNAL) {
            long raw = Internal.U.allocateMemory(bytes + 128);
            long aligned = raw + 64 + 63 & -64L;
            Internal.U.putLong(aligned - 8, raw);
            Internal.U.setMemory(aligned, bytes, (byte) 0);
            return aligned;
        }
        return java.lang.foreign.Arena.global().allocate(bytes, 64).address();
    }

    /** Frees what {@link #allocate} gave. Without Unsafe the memory stays until the JVM ends. */
    public static void free(long address) {
        if (INTERNAL) {
            Internal.U.freeMemory(Internal.U.getLong(address - 8));
        }
    }
}
