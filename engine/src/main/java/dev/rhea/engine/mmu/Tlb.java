package dev.rhea.engine.mmu;

import dev.rhea.host.RawMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.util.Arrays;

/**
 * A processor's soft TLB: direct-mapped by page number, off-heap so that generated code reaches it with one constant base.
 *
 * <p>An entry is four 64-bit words: the page address readable through it, what to add to a guest address to get the host
 * address, and the same two for writing (apart, since one page may be readable and not writable, and sharing an addend
 * makes read and write thrash). A tag of {@link #NONE} matches no address.
 *
 * <p>A hit for an access of {@code size} bytes at {@code a} is {@code tag[index(a)] == ((a + size - 1) & PAGE_MASK)}: this
 * lets misaligned accesses through and misses on those that cross into the next page, since the index is the first
 * page's and the tag the last byte's. Where misaligned accesses must fault, {@code tag == (a & (PAGE_MASK | size - 1))}.
 *
 * <p>A page that lost its entry to another stays in the entry beside ({@link #BESIDE}), where machine code looks before it gives
 * up: a kernel that works on two pages with the same place 16 MiB apart, or on one at two addresses, would otherwise miss at
 * every turn. (In Linux that depends on where memory was allocated: 30 of 60 returns to Java for each 4 KiB read from a disk in
 * one start, 3 in another.)
 */
public final class Tlb {
    /** log2 of the number of entries. */
    public static final int BITS = 12;

    public static final int ENTRIES = 1 << BITS;
    public static final int ENTRY_BYTES = 32;
    public static final int READ_TAG = 0;
    public static final int READ_ADDEND = 8;
    public static final int WRITE_TAG = 16;
    public static final int WRITE_ADDEND = 24;

    /** {@code (a >>> INDEX_SHIFT) & INDEX_MASK} is the byte offset of the entry for address {@code a}. */
    public static final int INDEX_SHIFT = 12 - 5;

    public static final long INDEX_MASK = (long) (ENTRIES - 1) * ENTRY_BYTES;

    /**
     * What the offset of an entry and that of the one beside it differ in. That is far away, since an access that crosses into the
     * next page must miss in both.
     */
    public static final int BESIDE = ENTRIES / 2 * ENTRY_BYTES;

    /** Not page-aligned, so no access's page address equals it. */
    public static final long NONE = -1;

    /** Where {@link #GUESS_COUNT} longs lie, from {@link #base} on, that generated code keeps guesses of addends in. */
    public static final int GUESSES = ENTRIES * ENTRY_BYTES;

    public static final int GUESS_COUNT = 256;

    /** Where pages of devices are remembered, for reading and then for writing: tags, and what to add for the physical address. */
    private static final int DEVICES = GUESSES + GUESS_COUNT * Long.BYTES;

    private static final int DEVICE_COUNT = 64;
    private static final int DEVICE_BYTES = 2 * Long.BYTES;

    /** No physical address. */
    public static final long UNKNOWN = -1;

    private static final Cleaner CLEANER = Cleaner.create();

    /** Host address of the first entry. */
    public final long base;

    private static final VarHandle EPOCH;

    static {
        try {
            EPOCH = MethodHandles.lookup().findVarHandle(Tlb.class, "epoch", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Bits that are set for every host page with an entry for writing, by the page's number, and for some others: a start of Debian
     * decodes 630 pages anew, for each of which 16 views would be searched (2 % of its time).
     */
    private final long[] written = new long[64];

    /** Counts what other threads took away, so that an owner in the middle of filling an entry notices. */
    private volatile int epoch;

    public Tlb() {
        long memory = RawMemory.allocate(DEVICES + 2L * DEVICE_COUNT * DEVICE_BYTES);
        base = memory;
        CLEANER.register(this, () -> RawMemory.free(memory));
        flush();
    }

    /** Host address of the entry for a guest address. */
    public long entry(long address) {
        return base + (address >>> INDEX_SHIFT & INDEX_MASK);
    }

    private static int filterWord(long host) {
        return (int) (host >>> 18) & 63;
    }

    private long beside(long entry) {
        return base + (entry - base ^ BESIDE);
    }

    /** Enters a page for reading; both addresses belong to the same byte. */
    public void fillRead(long address, long host) {
        fill(address, host, READ_TAG);
    }

    /** Enters a page for writing. */
    public void fillWrite(long address, long host) {
        written[filterWord(host)] |= 1L << (host >>> 12); // before the entry, as the epoch's check comes after it
        fill(address, host, WRITE_TAG);
    }

    private void fill(long address, long host, int which) {
        long entry = entry(address) + which;
        long page = address & Mmu.PAGE_MASK;
        long before = RawMemory.getLong(entry);
        if (before != page) {
            long beside = beside(entry - which) + which;
            RawMemory.putLong(beside + READ_ADDEND, RawMemory.getLong(entry + READ_ADDEND));
            RawMemory.putLong(beside, before);
        }
        RawMemory.putLong(entry + READ_ADDEND, host - address);
        RawMemory.putLong(entry, page);
    }

    /** The host address of a byte whose page may be read by the entry beside its own; otherwise {@link Mmu#DEVICE}. */
    public long readableBeside(long address) {
        return find(address, beside(entry(address)) + READ_TAG);
    }

    /** The same for a byte that may be written. */
    public long writableBeside(long address) {
        return find(address, beside(entry(address)) + WRITE_TAG);
    }

    private static long find(long address, long tag) {
        return RawMemory.getLong(tag) == (address & Mmu.PAGE_MASK)
                ? address + RawMemory.getLong(tag + READ_ADDEND)
                : Mmu.DEVICE;
    }

    /**
     * The physical address of a byte in a page known to be a device's, to be accessed without another look at page tables;
     * otherwise {@link #UNKNOWN}. The owner's thread.
     */
    public long device(long address, boolean write) {
        long entry = deviceEntry(address, write);
        return RawMemory.getLong(entry) == (address & Mmu.PAGE_MASK)
                ? address + RawMemory.getLong(entry + READ_ADDEND)
                : UNKNOWN;
    }

    /** Remembers such a page. @param epoch from before page tables and map were looked at */
    public void fillDevice(long address, long physical, boolean write, int epoch) {
        long entry = deviceEntry(address, write);
        RawMemory.putLong(entry + READ_ADDEND, physical - address);
        RawMemory.putLong(entry, address & Mmu.PAGE_MASK);
        VarHandle.fullFence(); // as for other entries, see GuestAccess
        if (this.epoch != epoch) {
            RawMemory.putLong(entry, NONE);
        }
    }

    private long deviceEntry(long address, boolean write) {
        long index = address >>> 12 & DEVICE_COUNT - 1 | (write ? DEVICE_COUNT : 0);
        return base + DEVICES + index * DEVICE_BYTES;
    }

    /** How often anything was taken away. An entry filled with an answer from before must be taken out again. */
    public int epoch() {
        return epoch;
    }

    /** Forgets everything. Another thread than the owner may call it: the owner then misses, which is never wrong. */
    public void flush() {
        EPOCH.getAndAdd(this, 1);
        for (long e = base, end = base + (long) ENTRIES * ENTRY_BYTES; e < end; e += ENTRY_BYTES) {
            RawMemory.putLong(e + READ_TAG, NONE);
            RawMemory.putLong(e + WRITE_TAG, NONE);
        }
        Arrays.fill(written, 0);
        long devices = base + DEVICES;
        for (long e = devices, end = devices + 2L * DEVICE_COUNT * DEVICE_BYTES; e < end; e += DEVICE_BYTES) {
            RawMemory.putLong(e, NONE);
        }
    }

    /** Forgets one page, and the one beside it: whoever filled an entry may just have moved one there. */
    public void flushPage(long address) {
        long entry = entry(address);
        long beside = beside(entry);
        RawMemory.putLong(entry + READ_TAG, NONE);
        RawMemory.putLong(entry + WRITE_TAG, NONE);
        RawMemory.putLong(beside + READ_TAG, NONE);
        RawMemory.putLong(beside + WRITE_TAG, NONE);
        RawMemory.putLong(deviceEntry(address, false), NONE);
        RawMemory.putLong(deviceEntry(address, true), NONE);
    }

    /** Forgets one page and counts it as taken away. */
    public void shootPage(long address) {
        EPOCH.getAndAdd(this, 1);
        flushPage(address);
    }

    /** Forgets the pages of a range. Any thread, as for {@link #flush}. */
    public void shoot(long start, long end) {
        EPOCH.getAndAdd(this, 1);
        for (long page = start & Mmu.PAGE_MASK; page < end; page += Mmu.PAGE_SIZE) {
            flushPage(page);
        }
    }

    /** Forgets every right to write. */
    public void flushWrites() {
        EPOCH.getAndAdd(this, 1);
        for (long e = base, end = base + (long) ENTRIES * ENTRY_BYTES; e < end; e += ENTRY_BYTES) {
            RawMemory.putLong(e + WRITE_TAG, NONE);
        }
    }

    /** Takes away the right to write directly to one host page, wherever the guest has mapped it. */
    public void revokeWrites(long hostPage) {
        EPOCH.getAndAdd(this, 1);
        if ((written[filterWord(hostPage)] & 1L << (hostPage >>> 12)) == 0) {
            return;
        }
        for (long e = base, end = base + (long) ENTRIES * ENTRY_BYTES; e < end; e += ENTRY_BYTES) {
            long tag = RawMemory.getLong(e + WRITE_TAG);
            if (tag != NONE && tag + RawMemory.getLong(e + WRITE_ADDEND) == hostPage) {
                RawMemory.putLong(e + WRITE_TAG, NONE);
            }
        }
    }
}
