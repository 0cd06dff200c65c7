package dev.rhea.engine.jit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Translated code of one address space and mode, found by pc: direct-mapped, a cache over what is known elsewhere. Entries
 * are checked when they enter, so a hit needs only {@code unit.pc == pc}; whoever changes an executable mapping clears the
 * table. Threads of one address space share it; entries are immutable, so a race can only miss.
 */
public final class UnitTable {
    /** log2 of the number of entries. */
    public static final int BITS = 14;

    /** Indexed by {@link #index}. Generated code reads it. */
    public final @Nullable Unit[] units = new Unit[1 << BITS];

    private volatile int epoch;

    /** Where the unit for {@code pc} would be. */
    public static int index(long pc) {
        return (int) (pc >>> 1) & (1 << BITS) - 1;
    }

    public @Nullable Unit find(long pc) {
        Unit unit = units[index(pc)];
        return unit != null && unit.pc == pc ? unit : null;
    }

    public void put(Unit unit) {
        units[index(unit.pc)] = unit;
    }

    public void remove(Unit unit) {
        int i = index(unit.pc);
        if (units[i] == unit) {
            units[i] = null;
        }
    }

    /** Forgets everything, because the address space changed. Any thread. */
    public void clear() {
        epoch++; // only ever compared for equality, so a lost increment of two clearing threads does no harm
        Arrays.fill(units, null);
    }

    /**
     * Changes with each {@link #clear}, before it: whoever checked the map, put a unit and then sees another epoch than
     * before the check removes the unit again.
     */
    int epoch() {
        return epoch;
    }
}
