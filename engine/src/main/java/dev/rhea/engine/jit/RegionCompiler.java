package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Isa;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From copied code to a unit: scan, emit, check the size, define. */
final class RegionCompiler {
    /** HotSpot never compiles a method of more than 8,000 bytes ({@code -XX:-DontCompileHugeMethods} aside). */
    static final int MAX_CODE = 7_990;

    /** Guest instructions of the largest region. */
    private static final int MAX_INSTRUCTIONS = 250;

    private final Isa isa;
    private final @Nullable CodeSpace space;

    /** @param space what tells executed code from code that never was; null to take everything */
    RegionCompiler(Isa isa, @Nullable CodeSpace space) {
        this.isa = isa;
        this.space = space;
    }

    /**
     * @param pages guest addresses of the pages it was made of
     * @param blocks guest addresses of the starts of its blocks
     * @param size bytes of bytecode
     * @param instructions guest instructions
     */
    record Result(Unit unit, long[] pages, long[] blocks, int size, int instructions) {}

    /** @return null if the first instruction can only be interpreted */
    @Nullable Result compile(CodeSnapshot code, long pc, int mode) {
        for (int limit = MAX_INSTRUCTIONS; ; ) {
            Region region = Region.scan(isa, mode, code, pc, limit, at -> true);
            if (region == null) {
                return null;
            }
            var made = new RegionClass(region, "R");
            if (made.codeLength() > MAX_CODE && region.instructions > 1) {
                limit = Math.min(limit, region.instructions) * 2 / 3;
                continue;
            }
            var pages = new TreeSet<Long>();
            for (Block block : region.blocks) {
                for (Instruction i : block.instructions) {
                    code.addPages(i.pc, i.length, pages);
                }
            }
            long[] blocks = new long[region.blocks.size()];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = region.blocks.get(i).pc();
            }
            return new Result(
                    made.define(), pages.stream().mapToLong(p -> p).toArray(), blocks, made.codeLength(), region.instructions);
        }
    }

    /** Tells HotSpot what to do with it. */
    void compileEarly(Unit unit, Result result) {}
}
