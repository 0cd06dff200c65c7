package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;

/** A region's machine code, entered at one of its entries. */
final class NativeUnit extends Unit {
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
        NativeFlags.give(cpu);
        state[NativeState.PC] = pc;
        long next = owner.call(state, code);
        cpu.budget = (int) state[NativeState.BUDGET];
        NativeFlags.take(cpu);
        if (state[NativeState.STRADDLED] != 0) {
            Unit left = cpu.units.find(state[NativeState.STRADDLED]);
            state[NativeState.STRADDLED] = 0;
            if (left != null) {
                left.straddle(cpu);
            }
        }
        return next;
    }
}
