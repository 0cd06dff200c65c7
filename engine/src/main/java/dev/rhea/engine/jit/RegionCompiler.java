package dev.rhea.engine.jit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From copied code to units: machine code of our own ({@link NativeCompiler}), or JVM methods ({@link HotSpotCompiler}). */
interface RegionCompiler {
    /** Guest instructions of the largest region. */
    int MAX_INSTRUCTIONS = 100;

    /**
     * Translates the region around {@code pc}. On the translator's thread.
     *
     * @param hints what an earlier unit learned
     * @return null if the first instruction can only be interpreted
     */
    @Nullable
    Result compile(CodeSnapshot code, long pc, int mode, Hints hints);

    /** Whether translating is so cheap that it pays after a few thousand instructions. */
    boolean isCheap();

    /** Bytes of code that are kept at most. */
    long codeBudget();

    /**
     * @param units one for each entry, the region's own first
     * @param pages guest addresses of the pages it was made of
     * @param blocks guest addresses of the starts of its blocks
     * @param size bytes of bytecode, or of machine code
     * @param instructions guest instructions
     * @param compiling the method that HotSpot was asked to compile
     */
    record Result(
            List<Unit> units,
            long[] pages,
            long[] blocks,
            int size,
            int instructions,
            @Nullable Method compiling) {
        /** Of a region and what was made of it. */
        static Result of(CodeSnapshot code, Region region, List<Unit> units, int size, @Nullable Method compiling) {
            var pages = new TreeSet<Long>();
            for (Block block : region.blocks) {
                for (Instruction i : block.instructions) {
                    code.addPages(i.pc, i.length, pages);
                }
            }
            return new Result(
                    units,
                    pages.stream().mapToLong(p -> p).toArray(),
                    region.blocks.stream().mapToLong(Block::pc).toArray(),
                    size,
                    region.instructions,
                    compiling);
        }

        /** Whether HotSpot has not yet done what it was asked. */
        boolean isCompiling() {
            return compiling != null && HotSpot.level(compiling) == 0;
        }
    }
}
