package dev.rhea.engine.interp;

import dev.rhea.engine.mmu.Mmu;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a processor last found the decoded words of a page: direct-mapped by guest page. Only the owner enters pages; others
 * may only clear, so a race can only miss.
 */
public final class FetchCache {
    private static final int ENTRIES = 256;
    private static final VarHandle EPOCH;

    static {
        try {
            EPOCH = MethodHandles.lookup().findVarHandle(FetchCache.class, "epoch", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Page address, with the mode in the low bits. */
    private final long[] tags = new long[ENTRIES];

    private final @Nullable CodePage[] pages = new CodePage[ENTRIES];
    private volatile int epoch;

    /** The page the owner runs in: held so that its words stay allocated. */
    @Nullable CodePage current;

    @Nullable CodePage find(long pc, int mode) {
        int i = (int) (pc >>> 12) & ENTRIES - 1;
        return tags[i] == (pc & Mmu.PAGE_MASK | mode) ? pages[i] : null;
    }

    int epoch() {
        return epoch;
    }

    /** Enters a page that was looked up when the epoch was {@code seen}. */
    void enter(long pc, int mode, CodePage page, int seen) {
        int i = (int) (pc >>> 12) & ENTRIES - 1;
        tags[i] = pc & Mmu.PAGE_MASK | mode;
        pages[i] = page;
        VarHandle.fullFence();
        if (epoch != seen) {
            pages[i] = null;
        }
    }

    /** Forgets everything. Any thread. */
    public void clear() {
        EPOCH.getAndAdd(this, 1);
        Arrays.fill(pages, null);
    }
}
