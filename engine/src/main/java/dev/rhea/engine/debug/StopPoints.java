package dev.rhea.engine.debug;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one processor stops, and for whom.
 *
 * <p>Why it costs nothing where nothing is set, and is exact in all tiers: a page with stops for instructions never enters the
 * processor's fetch cache, and no translated code made of it its {@link dev.rhea.engine.jit.UnitTable}; so each of its
 * instructions is found by {@code Interpreter.place}, which asks here and runs it alone. A page with stops for data never enters
 * its soft TLB; so each access to it, of whatever tier, goes through {@link dev.rhea.engine.mmu.GuestAccess}, which asks here.
 *
 * <p>Its processor's thread changes it, between two instructions or in a helper that ends its block; or another while that
 * processor is out of {@link dev.rhea.engine.cpu.Engine#run}.
 */
public final class StopPoints {
    /** {@link Cpu#trap} of a stop that is no guest exception. */
    public static final int TRAP = Integer.MIN_VALUE;

    /**
     * Where it stopped.
     *
     * @param by who wanted it
     * @param address of the instruction, or of the access's first byte
     * @param size of the access in bytes; 0 for an instruction
     */
    public record Hit(Watcher by, Access access, long address, int size) {}

    private final Cpu cpu;
    private final Map<Watcher, List<StopRange>> wanted = new LinkedHashMap<>();
    private Ranges fetch = Ranges.NONE;
    private Ranges read = Ranges.NONE;
    private Ranges write = Ranges.NONE;
    private @Nullable Hit hit;

    /** Of a processor: use {@link Cpu#stops}. */
    public StopPoints(Cpu cpu) {
        this.cpu = cpu;
    }

    /**
     * Says where a watcher wants stops; where several want one, those that came first are asked first.
     *
     * @param ranges instead of those that it asked for before
     */
    public void set(Watcher watcher, List<StopRange> ranges) {
        List<StopRange> before = ranges.isEmpty() ? wanted.remove(watcher) : wanted.put(watcher, List.copyOf(ranges));
        if (before == null ? ranges.isEmpty() : before.equals(ranges)) {
            return;
        }
        fetch = all(Access.FETCH);
        read = all(Access.READ);
        write = all(Access.WRITE);
        // What was learned before leads past the stops.
        cpu.separateUnits(!fetch.isEmpty());
        cpu.flushTranslations();
        cpu.unwind = true;
    }

    private Ranges all(Access access) {
        var ranges = new ArrayList<StopRange>();
        for (List<StopRange> each : wanted.values()) {
            for (StopRange range : each) {
                if (range.accesses().contains(access)) {
                    ranges.add(range);
                }
            }
        }
        return ranges.isEmpty() ? Ranges.NONE : new Ranges(ranges);
    }

    /** What {@link dev.rhea.engine.cpu.Exit#STOP} was for; null before the first. */
    public @Nullable Hit hit() {
        return hit;
    }

    // ---- for the tiers

    /** Whether instructions of this page are to be run one by one. */
    public boolean guardsCode(long address) {
        return touchesPage(fetch, address);
    }

    /** Whether that is so of one of these pages. */
    public boolean guardsCode(long[] pages) {
        if (!fetch.isEmpty()) {
            for (long page : pages) {
                if (guardsCode(page)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether this page must not be entered in the soft TLB for an access. */
    public boolean guardsData(long address, Access access) {
        // What reads and writes at once looks at the right to write alone.
        return touchesPage(read, address) || access == Access.WRITE && touchesPage(write, address);
    }

    private static boolean touchesPage(Ranges ranges, long address) {
        return !ranges.isEmpty() && ranges.touches(address & Mmu.PAGE_MASK, address | ~Mmu.PAGE_MASK);
    }

    /**
     * To be called before each instruction of a page that is guarded, with {@link Cpu#pc} there.
     *
     * @throws dev.rhea.engine.cpu.GuestFault where the processor is to stop
     */
    public void beforeExecute(long pc) {
        if (fetch.touches(pc, pc)) {
            ask(Access.FETCH, pc, pc, pc, 0);
        }
    }

    /**
     * To be called before each access that missed the soft TLB.
     *
     * @param access {@link Access#READ} or {@link Access#WRITE}
     * @throws dev.rhea.engine.cpu.GuestFault where the processor is to stop
     */
    public void beforeAccess(Access access, long address, int size) {
        Ranges ranges = access == Access.READ ? read : write;
        if (ranges.isEmpty()) {
            return;
        }
        long last = address + size - 1 & cpu.addressMask;
        if (Long.compareUnsigned(last, address) >= 0) {
            if (ranges.touches(address, last)) {
                ask(access, address, last, address, size);
            }
        } else { // past the last address it goes on at the first
            if (ranges.touches(address, cpu.addressMask)) {
                ask(access, address, cpu.addressMask, address, size);
            }
            if (ranges.touches(0, last)) {
                ask(access, 0, last, address, size);
            }
        }
    }

    private void ask(Access access, long from, long to, long address, int size) {
        // Whoever is asked may change what is wanted.
        for (Map.Entry<Watcher, List<StopRange>> entry : List.copyOf(wanted.entrySet())) {
            for (StopRange range : entry.getValue()) {
                if (range.accesses().contains(access) && range.touches(from, to)) {
                    if (entry.getKey().reached(cpu, access, address, size)) {
                        hit = new Hit(entry.getKey(), access, address, size);
                        throw cpu.fault(TRAP, address);
                    }
                    break;
                }
            }
        }
    }
}
