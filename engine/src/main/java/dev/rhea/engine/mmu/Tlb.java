package dev.rhea.engine.mmu;

import dev.rhea.host.RawMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;

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

    /** Not page-aligned, so no access's page address equals it. */
    public static final long NONE = -1;

    /** Where {@link #GUESS_COUNT} longs lie, from {@link #base} on, that generated code keeps guesses of addends in. */
    public static final int GUESSES = ENTRIES * ENTRY_BYTES;

    public static final int GUESS_COUNT = 256;

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

    /** Counts what other threads took away, so that an owner in the middle of filling an entry notices. */
    private volatile int epoch;

    public Tlb() {
        long memory = RawMemory.allocate((long) GUESSES + GUESS_COUNT * Long.BYTES);
        base = memory;
        CLEANER.register(this, () -> RawMemory.free(memory));
        flush();
    }

    /** Host address of the entry for a guest address. */
    public long entry(long address) {
        return base + (address >>> INDEX_SHIFT & INDEX_MASK);
    }

    /** Enters a page for reading; both addresses belong to the same byte. */
    public void fillRead(long address, long host) {
        long entry = entry(address);
        RawMemory.putLong(entry + READ_ADDEND, host - address);
        RawMemory.putLong(entry + READ_TAG, address & Mmu.PAGE_MASK);
    }

    /** Enters a page for writing. */
    public void fillWrite(long address, long host) {
        long entry = entry(address);
        RawMemory.putLong(entry + WRITE_ADDEND, host - address);
        RawMemory.putLong(entry + WRITE_TAG, address & Mmu.PAGE_MASK);
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
    }

    /** Forgets one page. */
    public void flushPage(long address) {
        long entry = entry(address);
        RawMemory.putLong(entry + READ_TAG, NONE);
        RawMemory.putLong(entry + WRITE_TAG, NONE);
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
        for (long e = base, end = base + (long) ENTRIES * ENTRY_BYTES; e < end; e += ENTRY_BYTES) {
            long tag = RawMemory.getLong(e + WRITE_TAG);
            if (tag != NONE && tag + RawMemory.getLong(e + WRITE_ADDEND) == hostPage) {
                RawMemory.putLong(e + WRITE_TAG, NONE);
            }
        }
    }
}
