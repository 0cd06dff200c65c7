package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import java.lang.reflect.Method;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From copied code to a unit: scan, emit, check the size, define. */
final class RegionCompiler {
    /** HotSpot never compiles a method of more than 8,000 bytes ({@code -XX:-DontCompileHugeMethods} aside). */
    static final int MAX_CODE = 7_990;

    /** Guest instructions of the largest region. */
    private static final int MAX_INSTRUCTIONS = 100;

    /** The same for one that follows computed jumps: a guest's own interpreter. */
    private static final int MAX_JUMPING_INSTRUCTIONS = 250;

    /**
     * Budgets of 20,000 instructions that have to run out in a unit, for each kilobyte of its bytecode, until C2 is worth
     * its time (30 ms a kilobyte; a budget takes 20 us in C1's code). Of 300, 1,000 and 3,000, a loop in bash took 9.0, 8.5
     * and 10.0 s of CPU, sqlite 13.9, 12.8 and 13.6.
     */
    private static final int BUDGETS_PER_KILOBYTE = 1_000;

    private final Isa isa;
    private final @Nullable CodeSpace space;

    /**
     * @param space tells code that was executed from code that never was; null to take all there is, and not to ask HotSpot
     *     to compile units before they are used
     */
    RegionCompiler(Isa isa, @Nullable CodeSpace space) {
        this.isa = isa;
        this.space = space;
    }

    /** Whether code is worth translating: HotSpot's time is too short for what was never executed. */
    private boolean isWanted(CodeSnapshot code, long pc) {
        return space == null || code.available(pc) > 0 && space.isDecoded(code.host(pc));
    }

    /**
     * @param pages guest addresses of the pages it was made of
     * @param blocks guest addresses of the starts of its blocks
     * @param size bytes of bytecode
     * @param instructions guest instructions
     * @param compiling the method that HotSpot was asked to compile
     */
    record Result(
            Unit unit,
            long[] pages,
            long[] blocks,
            int size,
            int instructions,
            @Nullable Method compiling) {
        /** Whether HotSpot has not yet done what it was asked. */
        boolean isCompiling() {
            return compiling != null && HotSpot.level(compiling) == 0;
        }
    }

    /** @return null if the first instruction can only be interpreted */
    @Nullable
    Result compile(CodeSnapshot code, long pc, int mode) {
        return compile(code, pc, mode, Hints.NONE);
    }

    /** @param hints what an earlier unit learned */
    @Nullable
    Result compile(CodeSnapshot code, long pc, int mode, Hints hints) {
        boolean records = canCompileEarly() && hints.targets().length == 0;
        for (int limit = hints.targets().length == 0 ? MAX_INSTRUCTIONS : MAX_JUMPING_INSTRUCTIONS; ; ) {
            Region region = Region.scan(isa, mode, code, pc, limit, at -> isWanted(code, at), hints.targets());
            if (region == null) {
                return null;
            }
            var made = new RegionClass(region, "R", hints.apart(), records);
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
            long[] guestPages = pages.stream().mapToLong(p -> p).toArray();
            Unit unit = made.define();
            return new Result(
                    unit,
                    guestPages,
                    blocks,
                    made.codeLength(),
                    region.instructions,
                    compileEarly(unit, made.codeLength()));
        }
    }

    private boolean canCompileEarly() {
        return space != null && HotSpot.available();
    }

    /**
     * Skips HotSpot's own interpreter: C1's code at once, without a profile, which takes a third of the time to make and
     * runs in half of it. The unit itself asks for more when it turns out to be hot.
     */
    private @Nullable Method compileEarly(Unit unit, int size) {
        if (!canCompileEarly()) {
            return null;
        }
        try {
            Method run = unit.getClass().getDeclaredMethod("run", Cpu.class, int.class);
            if (!HotSpot.compile(run, HotSpot.C1)) {
                return null;
            }
            unit.promoteAfter(size * BUDGETS_PER_KILOBYTE >> 10, run);
            return run;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a unit without the method just made", e);
        }
    }
}
