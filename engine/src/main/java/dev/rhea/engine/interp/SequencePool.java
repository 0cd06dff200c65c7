package dev.rhea.engine.interp;

import dev.rhea.host.RawMemory;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.List;

/** Micro-operations of instructions that need several: position-independent, written once, shared by all pages. */
final class SequencePool {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int CHUNK_WORDS = 8192;

    /** 16 MB: a thousand times what a large program has. */
    private static final int FULL = 256;

    /** What keeps the memory allocated while it is reachable. */
    static final class Memory {}

    private final Memory memory = new Memory();
    private final List<Long> chunks = new ArrayList<>();
    private int used = CHUNK_WORDS;

    /** Whether it is time to start anew: a guest can make up instructions without end. */
    boolean isFull() {
        return chunks.size() >= FULL;
    }

    Memory memory() {
        return memory;
    }

    /** Host address of a copy of the words, ended. */
    long add(long[] words, int count) {
        if (count >= CHUNK_WORDS) {
            throw new IllegalStateException(
                    "an instruction of " + count + " micro-operations; its row should use a helper");
        }
        if (used + count + 1 > CHUNK_WORDS) {
            long chunk = RawMemory.allocate(CHUNK_WORDS * 8L);
            chunks.add(chunk);
            CLEANER.register(memory, () -> RawMemory.free(chunk));
            used = 0;
        }
        long at = chunks.getLast() + used * 8L;
        for (int i = 0; i < count; i++) {
            RawMemory.putLong(at + i * 8L, words[i]);
        }
        RawMemory.putLong(at + count * 8L, MicroOp.word(MicroOp.NEXT_PAGE));
        used += count + 1;
        return at;
    }
}
