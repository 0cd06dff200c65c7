package dev.rhea.difftest;

/**
 * Where things are in the program. Everything is one segment that may be read, written and executed.
 *
 * <p>A record holds what a sequence starts with and, after it has run, what it left: eight bytes for each of the entry
 * address (in the place of x0), x1 to x31, f0 to f31, fcsr, vl, vtype, vcsr and the {@link #LOG}, then a window of memory and
 * the vector registers of 128 bits.
 */
final class Layout {
    private Layout() {}

    static final long ORIGIN = 0xa0000;

    /** What every base register points at: 64 bytes below a page's end, so that accesses cross into the next page. */
    static final long BASE = 0x80fc0;

    /** Offsets from {@link #BASE} that sequences may access. */
    static final int WINDOW_LOW = -64;

    static final int WINDOW_HIGH = 208;

    static final int WINDOW_BYTES = WINDOW_HIGH - WINDOW_LOW;

    /** First byte of the segment. */
    static final long SEGMENT = 0x80000;

    /**
     * A word that illegal instructions leave their trace in: at each one it is doubled and the pc added, and the program goes
     * on four bytes later. In the reference a handler of SIGILL does that.
     */
    static final long LOG = SEGMENT;

    /** Above what indexed accesses reach: the handler's stack. */
    static final long HANDLER_STACK = 0x94000;

    static final int HANDLER_STACK_BYTES = 0x8000;

    static final int FLOATS = 32 * 8;
    static final int FCSR = 64 * 8;
    static final int VL = 65 * 8;
    static final int VTYPE = 66 * 8;
    static final int VCSR = 67 * 8;
    static final int LOGGED = 68 * 8;
    static final int WINDOW = 69 * 8;
    static final int VECTORS = WINDOW + WINDOW_BYTES;
    static final int RECORD = VECTORS + 32 * 16;

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
