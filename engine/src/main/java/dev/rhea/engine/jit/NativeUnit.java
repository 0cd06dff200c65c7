package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.fp.FpState;

/** A region's machine code, entered at one of its entries. */
final class NativeUnit extends Unit {
    // MXCSR's flags.
    private static final int IE = 1;
    private static final int ZE = 4;
    private static final int OE = 8;
    private static final int UE = 16;
    private static final int PE = 32;

    private final NativeCode owner;

    /** Host address of the entry. */
    final long code;

    NativeUnit(long pc, NativeCode owner, long code) {
        super(pc);
        this.owner = owner;
        this.code = code;
    }

    /** Address that leads nowhere but back to Java. */
    long outAddress() {
        return owner.outAddress();
    }

    @Override
    public long run(Cpu cpu, int depth) {
        long[] state = cpu.r;
        state[NativeState.BUDGET] = cpu.budget;
        state[NativeState.TABLE] = cpu.units.codeAddresses();
        state[NativeState.FLOAT_MODE] = mode(cpu.fp);
        state[NativeState.FP_FLAGS] = cpu.fp.flags;
        state[NativeState.PC] = pc;
        long next = owner.call(state, code);
        cpu.budget = (int) state[NativeState.BUDGET];
        if (state[NativeState.FLOATS] != 0) {
            state[NativeState.FLOATS] = 0;
            cpu.fp.flags = (int) state[NativeState.FP_FLAGS];
            flags(cpu.fp, (int) state[NativeState.MXCSR]);
        }
        if (state[NativeState.STRADDLED] != 0) {
            Unit left = cpu.units.find(state[NativeState.STRADDLED]);
            state[NativeState.STRADDLED] = 0;
            if (left != null) {
                left.straddle(cpu);
            }
        }
        return next;
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
