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

    @Override
    public long machineCode() {
        return code;
    }

    /** Another unit of machine code costs some 0.5 ms. */
    @Override
    int maxStraddles() {
        return 2_000;
    }

    /** Address that leads to nothing translated. */
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
        countStraddle(cpu);
        return next;
    }
}
