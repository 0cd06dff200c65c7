package dev.rhea.engine.jit;

/** A unit that is to be installed when HotSpot has compiled it: its own interpreter would take 50 times as long. */
record Compiling(Translation translation, RegionCompiler.Result result, long since) {
    boolean isDone() {
        return !result.isCompiling() || System.nanoTime() - since > 500_000_000;
    }
}
