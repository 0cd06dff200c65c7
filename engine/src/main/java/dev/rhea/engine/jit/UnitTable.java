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

    public void clear() {
        Arrays.fill(units, null);
    }
}
