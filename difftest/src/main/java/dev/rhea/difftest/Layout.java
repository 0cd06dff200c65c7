package dev.rhea.difftest;

/**
 * Where things are in the program. Everything is one segment that may be read, written and executed.
 *
 * <p>A record holds what a sequence starts with and, after it has run, what it left: eight bytes for each of the entry
 * address (in the place of x0), x1 to x31, f0 to f31 and fcsr, then a window of memory.
 */
final class Layout {
    private Layout() {}

    static final long ORIGIN = 0x90000;

    /** What every base register points at: 64 bytes below a page's end, so that accesses cross into the next page. */
    static final long BASE = 0x80fc0;

    /** Offsets from {@link #BASE} that sequences may access. */
    static final int WINDOW_LOW = -64;
    static final int WINDOW_HIGH = 208;

    static final int WINDOW_BYTES = WINDOW_HIGH - WINDOW_LOW;

    /** First byte of the segment. */
    static final long SEGMENT = 0x80000;

    static final int FLOATS = 32 * 8;
    static final int FCSR = 64 * 8;
    static final int WINDOW = 65 * 8;
    static final int RECORD = WINDOW + WINDOW_BYTES;

    // registers with a purpose: never written by a sequence
    static final int SP = 2;
    /** The sequence's entry, then scratch of its way out. */
    static final int GP = 3;
    /** The record. */
    static final int TP = 4;

    /** Point at {@link #BASE}; two of them can be used by compressed instructions. */
    static final int[] BASES = {SP, 8, 9, 20};

    /** Counts the turns of a loop. */
    static final int COUNTER = 21;

    static boolean reserved(int register) {
        return register == GP || register == TP || register == COUNTER || isBase(register);
    }

    static boolean isBase(int register) {
        for (int base : BASES) {
            if (base == register) {
                return true;
            }
        }
        return false;
    }
}
