package dev.rhea.engine.interp;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The decoded words of one physical page of guest code in one decoding mode. It stays valid memory as long as the object
 * is reachable, so a processor that runs in a page dropped by another one reads words of 0 and asks again.
 */
public final class CodePage {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Host address of the page whose code this is. */
    public final long hostPage;

    /** The processor mode it was decoded for. */
    final int mode;

    /** Host address of the first word. */
    final long words;

    /** Slots that stand for places in the page; more follow that lead to the next page. */
    final int slots;

    /** Whether something is decoded: guarded by the store's lock for writing. */
    volatile boolean live;

    /** The same host page in another mode. */
    final @Nullable CodePage other;

    /** Words that {@link MicroOp#REGION} replaced, by slot; guarded by the store's lock. */
    @Nullable
    Map<Integer, Long> originals;

    /** How often each slot was where a slice of interpretation ended; made when first needed, racy and only a hint. */
    short @Nullable [] samples;

    /** What the words point to is kept alive with the page. */
    final Object sequences;

    CodePage(long hostPage, int mode, int granule, int maxLength, Object sequences, @Nullable CodePage other) {
        this.hostPage = hostPage;
        this.mode = mode;
        this.other = other;
        this.sequences = sequences;
        slots = Mmu.PAGE_SIZE / granule;
        int past = maxLength / granule;
        long memory = RawMemory.allocate((slots + past) * 8L);
        words = memory;
        CLEANER.register(this, () -> RawMemory.free(memory));
        for (int i = slots; i < slots + past; i++) {
            RawMemory.putLong(words + i * 8L, MicroOp.word(MicroOp.NEXT_PAGE));
        }
    }

    long word(int slot) {
        return RawMemory.getLong(words + slot * 8L);
    }

    /** The word at a slot, seen through a region word. Under the store's lock. */
    long original(int slot) {
        long word = word(slot);
        if (MicroOp.op(word) == MicroOp.REGION && originals != null) {
            Long kept = originals.get(slot);
            return kept == null ? 0 : kept;
        }
        return word;
    }

    void put(int slot, long word) {
        RawMemory.putLong(words + slot * 8L, word);
    }

    void setRegion(int slot) {
        long word = word(slot);
        if (MicroOp.op(word) == MicroOp.REGION) {
            return;
        }
        if (originals == null) {
            originals = new HashMap<>();
        }
        originals.put(slot, word);
        put(slot, MicroOp.word(MicroOp.REGION));
    }

    void clearRegion(int slot) {
        Long kept = originals == null ? null : originals.remove(slot);
        if (kept != null && MicroOp.op(word(slot)) == MicroOp.REGION) {
            put(slot, kept);
        }
    }

    /** Forgets everything decoded. Under the store's lock. */
    void clear() {
        live = false;
        RawMemory.fill(words, slots * 8L, (byte) 0);
        originals = null;
        samples = null;
    }

    /** Counts a sample at a slot; returns the new count. */
    int sample(int slot) {
        short[] counts = samples;
        if (counts == null) {
            counts = new short[slots];
            samples = counts;
        }
        short count = counts[slot];
        if (count < Short.MAX_VALUE) {
            counts[slot] = ++count;
        }
        return count;
    }

    void resetSample(int slot) {
        short[] counts = samples;
        if (counts != null) {
            counts[slot] = 0;
        }
    }
}
