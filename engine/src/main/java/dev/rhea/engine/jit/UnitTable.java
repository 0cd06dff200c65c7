package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.host.RawMemory;
import java.lang.ref.Cleaner;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Translated code of one address space and mode, found by pc: a cache over what is known elsewhere. It is direct-mapped; machine
 * code that lost its place to another unit moves to a second one, which is another for each of those that share the first, so
 * that none that is in use drives another out. (With the neighbouring place for it, a Debian kernel at work on 2,900 units was
 * without one of them once in 2,500 instructions.) Entries are checked when they enter, so a hit needs only {@code unit.pc == pc}; whoever changes an executable mapping clears the
 * table, or what it has of the pages that may have changed. Threads of one address space share it; entries are immutable,
 * so a race can only miss.
 */
public final class UnitTable {
    /** log2 of the number of entries. */
    public static final int BITS = 15;

    /** Distance by which an address is laid over itself: functions of a large program stand at equal places of pages. */
    static final int FOLD = 12;

    /** What spreads the second places: the golden ratio's bits, as in Knuth's multiplicative hashing. */
    static final int SPREAD = 0x9e3779b1;

    /** How many units move for one that enters; then the last one is out. */
    private static final int MOVES = 8;

    /** Indexed by {@link #index}. Generated code reads it. */
    public final @Nullable Unit[] units = new Unit[1 << BITS];

    private static final Cleaner CLEANER = Cleaner.create();

    private volatile int epoch;

    /** Host address of as many code addresses, for machine code that goes from unit to unit; 0 while there is none. */
    private volatile long codes;

    /** Where those lead that stand for nothing: each entry checks for itself that it is meant, so a race can only miss. */
    private long out;

    /** A guest page and what the table has of it, or had until another unit took its place. */
    private static final class Page {
        final long address;
        /** Where it was on the host when that was checked last. */
        long host;

        final Set<Translation> users = new HashSet<>();

        Page(long address) {
            this.address = address;
        }
    }

    /** By address. Changed with the lock held, but not only then gone through. */
    private final Map<Long, Page> pages = new ConcurrentHashMap<>();

    /** What is in {@link #pages}. */
    private final Set<Translation> entered = new HashSet<>();

    /** Whether anything was put since the last {@link #clear}. */
    private boolean used;

    /** Where the unit for {@code pc} would be first. */
    public static int index(long pc) {
        return (int) ((pc ^ pc >>> FOLD) >>> 1) & (1 << BITS) - 1;
    }

    /** Where it would be if another one is there. */
    static int secondIndex(long pc) {
        return index(pc) ^ ((int) (pc >>> 1) * SPREAD >>> 32 - BITS | 1);
    }

    public @Nullable Unit find(long pc) {
        Unit unit = units[index(pc)];
        if (unit == null || unit.pc != pc) {
            unit = units[secondIndex(pc)];
        }
        return unit != null && unit.pc == pc ? unit : null;
    }

    /**
     * Enters what was translated together where there is room, and one of it in any case. Most of the others are never asked for,
     * and must not drive out what is.
     *
     * @param wanted a unit of it
     */
    synchronized void enter(Translation translation, Unit wanted) {
        if (entered.add(translation)) {
            for (int i = 0; i < translation.guestPages.length; i++) {
                Page page = pages.computeIfAbsent(translation.guestPages[i], Page::new);
                if (page.host != translation.hostPages[i]) {
                    clear(page); // what is entered was checked just now
                    pages.put(page.address, page);
                    page.host = translation.hostPages[i];
                }
                page.users.add(translation);
            }
        }
        for (Unit unit : translation.units) {
            if (units[index(unit.pc)] == null && find(unit.pc) == null) {
                put(unit);
            }
        }
        put(wanted); // last, lest one of the others takes its place
    }

    /** Takes out what was translated together. Any thread. */
    synchronized void leave(Translation translation) {
        if (entered.remove(translation)) {
            for (long address : translation.guestPages) {
                Page page = pages.get(address);
                if (page != null && page.users.remove(translation) && page.users.isEmpty()) {
                    pages.remove(address);
                }
            }
            translation.units.forEach(this::remove);
        }
    }

    /** Enters a unit. */
    synchronized void put(Unit unit) {
        used = true;
        int first = index(unit.pc);
        Unit entering = unit;
        int place = first;
        for (int moves = 0; moves <= MOVES; moves++) {
            Unit before = units[place];
            put(place, entering);
            if (!(entering instanceof NativeUnit) || before == null || before.pc == entering.pc) {
                return;
            }
            entering = before;
            place ^= index(before.pc) ^ secondIndex(before.pc); // from either place to the other
        }
        if (entering == unit) { // it came round
            put(first, unit);
        }
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

    private void allocate(long outAddress) {
        out = outAddress;
        long memory = RawMemory.allocate(8L << BITS);
        CLEANER.register(this, () -> RawMemory.free(memory));
        forgetCodes(memory);
        codes = memory;
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

    /** Takes a unit out. Any thread. */
    public synchronized void remove(Unit unit) {
        for (int place : new int[] {index(unit.pc), secondIndex(unit.pc)}) {
            if (units[place] == unit) {
                units[place] = null;
                forgetCode(place);
            }
        }
    }

    /** Forgets what was made of one page, because it is mapped otherwise now. */
    public synchronized void clearPage(long address) {
        Page page = pages.get(address);
        if (page != null) {
            clear(page);
        }
    }

    private void clear(Page page) {
        List.copyOf(page.users).forEach(this::leave);
    }

    /**
     * Forgets what was made of pages that code is no longer fetched from where it was. The processor's own thread, while it
     * is in the address space and mode that this table is for. A guest's kernel forgets all it knows of memory far more often
     * than it moves code: in a Debian's start 68,000 times in 34,000 changes of address space, with some 200 units looked up
     * anew after each.
     */
    public void recheck(Cpu cpu) {
        // Without the lock: a map has locks of its own, under which other threads come here.
        for (Page page : pages.values()) {
            if (cpu.mmu.fetched(cpu, page.address) != page.host) {
                clearPage(page.address);
            }
        }
    }

    /** Forgets everything, because the address space changed. Any thread. */
    public synchronized void clear() {
        epoch++;
        if (used) {
            used = false;
            pages.clear();
            entered.clear();
            Arrays.fill(units, null);
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
