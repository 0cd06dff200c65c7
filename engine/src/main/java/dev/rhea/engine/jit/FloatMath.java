package dev.rhea.engine.jit;

/** Placeholder until the next commit. */
final class FloatMath {
    private FloatMath() {}
}
