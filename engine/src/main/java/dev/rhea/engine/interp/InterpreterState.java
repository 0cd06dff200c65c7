package dev.rhea.engine.interp;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import org.jspecify.annotations.Nullable;

/**
 * What the interpreter keeps for one processor: where it stands, and a direct-mapped cache from guest pages to the words
 * decoded from them.
 *
 * <p>Only the owner enters pages; others may only clear, so a race can only miss. A page stays referenced until the owner
 * puts another one in its place, which it does not do while it runs in it: so its words stay allocated, even where another
 * thread dropped the page.
 */
public final class InterpreterState {
    private static final int ENTRIES = 256;
    private static final int ENTRY_BYTES = 16;
    static final int WORDS = 8;
    static final int INDEX_SHIFT = 12 - 4;
    static final long INDEX_MASK = (ENTRIES - 1) * ENTRY_BYTES;
    /** A word, and one behind it for each length it can have. */
    private static final int ASIDE_BYTES = 16 * 8;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final VarHandle EPOCH;

    static {
        try {
            EPOCH = MethodHandles.lookup().findVarHandle(InterpreterState.class, "epoch", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Host address of entries of two longs: the guest page with the mode in the low bits, and the address of its words. */
    final long fetch;

    /** Host address of the place for a word that is executed out of its page, and of what leads back to it. */
    private final long aside;

    private final @Nullable CodePage[] pages = new CodePage[ENTRIES];
    private volatile int epoch;

    /** The last page that is run one by one, which must not be in the cache; a tag as there. Others may only clear it. */
    private long guardedTag = -1;

    private @Nullable CodePage guarded;

    // ---- where the interpreter stands

    /** Host address of the word to execute. */
    long cp;

    /** What to add to {@code cp >> shift} to get the pc. */
    long bias;

    /** Instructions left in the slice. */
    int left;

    /** The budget less {@link #left}; a loop that goes through regions takes off it what they executed. */
    int base;

    /** The target where the loop stopped because of a jump. */
    long target;

    public InterpreterState() {
        long memory = RawMemory.allocate(ENTRIES * ENTRY_BYTES + ASIDE_BYTES);
        fetch = memory;
        aside = memory + ENTRIES * ENTRY_BYTES;
        for (int i = 8; i < ASIDE_BYTES; i += 8) {
            RawMemory.putLong(aside + i, MicroOp.word(MicroOp.NEXT_PAGE));
        }
        CLEANER.register(this, () -> RawMemory.free(memory));
        clear();
    }

    static long entry(long fetch, long pc) {
        return fetch + (pc >>> INDEX_SHIFT & INDEX_MASK);
    }

    static long tag(long pc, int mode) {
        return pc & Mmu.PAGE_MASK | mode;
    }

    /** Goes to a word. @param pc the address it stands for */
    void place(long word, long pc, int shift) {
        cp = word;
        bias = pc - (word >> shift);
    }

    /** Goes to a word that is not what its page holds. */
    void placeAside(long word, long pc, int shift) {
        RawMemory.putLong(aside, word);
        place(aside, pc, shift);
    }

    @Nullable
    CodePage find(long pc, int mode) {
        return RawMemory.getLong(entry(fetch, pc)) == tag(pc, mode) ? pages[(int) (pc >>> 12) & ENTRIES - 1] : null;
    }

    int epoch() {
        return epoch;
    }

    @Nullable
    CodePage findGuarded(long pc, int mode) {
        return guardedTag == tag(pc, mode) ? guarded : null;
    }

    /** As {@link #enter}, but the loops do not find it. */
    void enterGuarded(long pc, int mode, CodePage page, int seen) {
        guarded = page;
        guardedTag = tag(pc, mode);
        VarHandle.fullFence();
        if (epoch != seen) {
            guardedTag = -1;
        }
    }

    /** Enters a page that was looked up when the epoch was {@code seen}. */
    void enter(long pc, int mode, CodePage page, int seen) {
        long entry = entry(fetch, pc);
        RawMemory.putLong(entry, -1);
        pages[(int) (pc >>> 12) & ENTRIES - 1] = page;
        RawMemory.putLong(entry + WORDS, page.words);
        RawMemory.putLong(entry, tag(pc, mode));
        // Whoever clears counts up first: either it cleared our entry, or we see the count.
        VarHandle.fullFence();
        if (epoch != seen) {
            RawMemory.putLong(entry, -1);
        }
    }

    /** Forgets one page. The owner only. */
    public void clearPage(long pc) {
        EPOCH.getAndAdd(this, 1);
        guardedTag = -1;
        RawMemory.putLong(entry(fetch, pc), -1);
    }

    /** Forgets what pages were found. Any thread. */
    public void clear() {
        EPOCH.getAndAdd(this, 1);
        guardedTag = -1;
        for (long e = fetch, end = fetch + ENTRIES * ENTRY_BYTES; e < end; e += ENTRY_BYTES) {
            RawMemory.putLong(e, -1);
        }
    }
}
