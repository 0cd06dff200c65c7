package dev.rhea.engine.fp;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Type;

/** Reading and writing of the sticky flags, for the rows of all architectures; machine code does both without a call. */
public final class FpFlags {
    private static final int ALL = 2 * FpState.INVALID - 1;

    /** {@link FpState#flags}, an I32. */
    public static final Helper READ_FLAGS =
            Helper.of("fp flags", Type.I32, (cpu, a, b, c) -> cpu.fp.flags, Effect.IMPURE);

    /** Sets {@link FpState#flags} to the flags among the bits of an I32. */
    public static final Helper WRITE_FLAGS = Helper.of(
            "fp flags=",
            null,
            (cpu, a, b, c) -> {
                cpu.fp.flags = (int) a & ALL;
                return 0;
            },
            Effect.IMPURE);

    private FpFlags() {}
}
