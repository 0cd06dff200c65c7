package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.fp.FpState;

/** Floating-point flags and rounding on the way into machine code and out of it: see {@link NativeFloats}. */
public final class NativeFlags {
    // MXCSR's flags.
    private static final int IE = 1;
    private static final int ZE = 4;
    private static final int OE = 8;
    private static final int UE = 16;
    private static final int PE = 32;

    private NativeFlags() {}

    /** Before machine code is called. */
    public static void give(Cpu cpu) {
        cpu.r[NativeState.FLOAT_MODE] = mode(cpu.fp);
        cpu.r[NativeState.FP_FLAGS] = cpu.fp.flags;
    }

    /** After it came back. */
    public static void take(Cpu cpu) {
        long[] state = cpu.r;
        if (state[NativeState.FLOATS] != 0) {
            state[NativeState.FLOATS] = 0;
            cpu.fp.flags = (int) state[NativeState.FP_FLAGS];
            flags(cpu.fp, (int) state[NativeState.MXCSR]);
        }
    }

    /** Whether SSE rounds as the guest's instructions do now, and finds the same flags. */
    private static int mode(FpState fp) {
        return fp.rounding == 0 && fp.rules.tininessAfterRounding() ? 0 : 1;
    }

    private static void flags(FpState fp, int mxcsr) {
        if ((mxcsr & (IE | ZE | OE | UE | PE)) != 0) {
            fp.raise(((mxcsr & IE) != 0 ? FpState.INVALID : 0)
                    | ((mxcsr & ZE) != 0 ? FpState.DIVIDE_BY_ZERO : 0)
                    | ((mxcsr & OE) != 0 ? FpState.OVERFLOW : 0)
                    | ((mxcsr & UE) != 0 ? FpState.UNDERFLOW : 0)
                    | ((mxcsr & PE) != 0 ? FpState.INEXACT : 0));
        }
    }
}
