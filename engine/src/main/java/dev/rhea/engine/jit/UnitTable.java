package dev.rhea.engine.jit;

import dev.rhea.host.RawMemory;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Translated code of one address space and mode, found by pc: a cache over what is known elsewhere. It is direct-mapped; machine
 * code that lost its place to another unit stays in the place beside it, so that two of them do not drive each other out. Entries
 * are checked when they enter, so a hit needs only {@code unit.pc == pc}; whoever changes an executable mapping clears the
 * table. Threads of one address space share it; entries are immutable, so a race can only miss.
 */
public final class UnitTable {
    /** log2 of the number of entries. */
    public static final int BITS = 14;

    /** Distance by which an address is laid over itself: functions of a large program stand at equal places of pages. */
    static final int FOLD = 12;

    /** Distance to the other place for a unit: bits of the index that differ. */
    static final int BESIDE = 1;

    /** Indexed by {@link #index}. Generated code reads it. */
    public final @Nullable Unit[] units = new Unit[1 << BITS];

    private static final int PAGE_BITS = 1 << 12;

    private static final Cleaner CLEANER = Cleaner.create();

    private volatile int epoch;

    /** Host address of as many code addresses, for machine code that goes from unit to unit; 0 while there is none. */
    private volatile long codes;

    /** Where those lead that stand for nothing: each entry checks for itself that it is meant, so a race can only miss. */
    private long out;

    /** Which pages there may be units of, by {@link #pageBit}: a set bit may be wrong, a clear one never is. */
    private final long[] pages = new long[PAGE_BITS >>> 6];

    /** Whether anything was put since the last {@link #clear}. */
    private volatile boolean used;

    /** Where the unit for {@code pc} would be. */
    public static int index(long pc) {
        return (int) ((pc ^ pc >>> FOLD) >>> 1) & (1 << BITS) - 1;
    }

    public @Nullable Unit find(long pc) {
        int i = index(pc);
        Unit unit = units[i];
        if (unit == null || unit.pc != pc) {
            unit = units[i ^ BESIDE];
        }
        return unit != null && unit.pc == pc ? unit : null;
    }

    /** Enters a unit. @param guestPages the pages that it was made of */
    public void put(Unit unit, long... guestPages) {
        used = true;
        for (long page : guestPages) {
            int bit = pageBit(page);
            pages[bit >>> 6] |= 1L << bit;
        }
        int i = index(unit.pc);
        Unit before = units[i];
        if (unit instanceof NativeUnit && before != null && before.pc != unit.pc) {
            put(i ^ BESIDE, before);
        }
        put(i, unit);
    }

    private void put(int i, Unit unit) {
        if (unit instanceof NativeUnit machine) {
            // Before another thread can find the unit: whoever runs one jumps through the table.
            if (codes == 0) {
                allocate(machine.outAddress());
            }
            units[i] = unit;
            RawMemory.putLong(codes + i * 8L, machine.code);
        } else {
            units[i] = unit;
            forgetCode(i);
        }
    }

    private synchronized void allocate(long outAddress) {
        if (codes == 0) {
            out = outAddress;
            long memory = RawMemory.allocate(8L << BITS);
            CLEANER.register(this, () -> RawMemory.free(memory));
            forgetCodes(memory);
            codes = memory;
        }
    }

    private void forgetCodes(long memory) {
        for (long at = memory, end = at + (8L << BITS); at < end; at += 8) {
            RawMemory.putLong(at, out);
        }
    }

    private void forgetCode(int i) {
        if (codes != 0) {
            RawMemory.putLong(codes + i * 8L, out);
        }
    }

    /** What {@link NativeState#TABLE} is to hold: never 0 once a unit of machine code was put. */
    public long codeAddresses() {
        return codes;
    }

    public void remove(Unit unit) {
        int i = index(unit.pc);
        for (int place : new int[] {i, i ^ BESIDE}) {
            if (units[place] == unit) {
                units[place] = null;
                forgetCode(place);
            }
        }
    }

    private static int pageBit(long page) {
        return (int) (page >>> 12 ^ page >>> 24) & PAGE_BITS - 1;
    }

    /**
     * Forgets at least the units made of one page, because it is mapped otherwise now. Where several threads share the table
     * they use {@link #clear}.
     */
    public void clearPage(long address) {
        int bit = pageBit(address);
        if ((pages[bit >>> 6] & 1L << bit) != 0) {
            clear();
        }
    }

    /** Forgets everything, because the address space changed. Any thread. */
    public void clear() {
        epoch++; // only ever compared for equality, so a lost increment of two clearing threads does no harm
        if (used) {
            used = false;
            Arrays.fill(units, null);
            Arrays.fill(pages, 0);
            long memory = codes;
            if (memory != 0) {
                forgetCodes(memory);
            }
        }
    }

    /**
     * Changes with each {@link #clear}, before it: whoever checked the map, put a unit and then sees another epoch than
     * before the check removes the unit again.
     */
    int epoch() {
        return epoch;
    }
}
