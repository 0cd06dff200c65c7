package dev.rhea.engine.jit;

import java.util.Arrays;

/**
 * What an earlier unit learned for the next one with the same entry.
 *
 * @param apart whether each access is checked by itself, because spans lay in two pages too often
 * @param targets where computed jumps went
 */
record Hints(boolean apart, long[] targets) {
    static final Hints NONE = new Hints(false, new long[0]);

    /** Whether {@code unit}, made with these hints, has learned something new. */
    boolean isOutdated(Unit unit) {
        return unit.isStraddling() && !apart || unit.isJumping() && targets.length == 0;
    }

    /** These and what the unit has learned. */
    Hints and(Unit unit) {
        return new Hints(
                apart || unit.isStraddling(), unit.isJumping() && targets.length == 0 ? unit.targets() : targets);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hints h && h.apart == apart && Arrays.equals(h.targets, targets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(targets);
    }
}
