package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Regions as JVM methods, which HotSpot compiles: scan, emit, check the size, define. Runs on any host. */
final class HotSpotCompiler implements RegionCompiler {
    /** HotSpot never compiles a method of more than 8,000 bytes ({@code -XX:-DontCompileHugeMethods} aside). */
    static final int MAX_CODE = 7_990;

    /** Guest instructions of a region that follows computed jumps: a guest's own interpreter. */
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
    HotSpotCompiler(Isa isa, @Nullable CodeSpace space) {
        this.isa = isa;
        this.space = space;
    }

    /** Whether code is worth translating: HotSpot's time is too short for what was never executed. */
    private boolean isWanted(CodeSnapshot code, long pc) {
        return space == null || code.available(pc) > 0 && space.isDecoded(code.host(pc));
    }

    /** HotSpot makes about ten bytes of machine code of each of bytecode, and its code cache has 240 MB. */
    @Override
    public long codeBudget() {
        return 12L << 20;
    }

    @Override
    public boolean isCheap() {
        return false;
    }

    @Override
    public @Nullable Result compile(CodeSnapshot code, long pc, int mode, Hints hints) {
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
            Unit unit = made.define();
            int size = made.codeLength();
            return Result.of(code, region, List.of(unit), size, compileEarly(unit, size));
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
