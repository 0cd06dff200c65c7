package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Isa;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Regions as machine code of our own, on hosts that run it. */
final class NativeCompiler implements RegionCompiler {
    private final Isa isa;
    private final @Nullable CodeSpace space;
    private final NativeCode code;

    /** @param space tells code that was executed from code that never was; null to take all there is */
    NativeCompiler(Isa isa, @Nullable CodeSpace space, NativeCode code) {
        this.isa = isa;
        this.space = space;
        this.code = code;
    }

    /** {@link NativeCode} has its own bound: no single region is given up for another. */
    @Override
    public long codeBudget() {
        return Long.MAX_VALUE;
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public synchronized @Nullable Result compile(CodeSnapshot snapshot, long pc, int mode, Hints hints) {
        CodeSpace known = space;
        LongPredicate wanted =
                known == null ? at -> true : at -> snapshot.available(at) > 0 && known.isDecoded(snapshot.host(at));
        Region region = Region.scanNative(isa, mode, snapshot, pc, MAX_INSTRUCTIONS, wanted::test);
        if (region == null) {
            return null;
        }
        NativeCode.Made made = code.compile(region, hints.apart());
        return Result.of(snapshot, region, made.units(), made.size(), null);
    }
}
