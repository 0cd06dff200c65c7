package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Node;

/**
 * A register that is nothing but memory, in a slot.
 *
 * @param mask the bits that it has
 */
record StoredCsr(Global slot, long mask) implements Csr.Inline {
    /** The register of that name. */
    Csr named(String name) {
        int index = slot.slot();
        return new Csr(name, cpu -> cpu.r[index], (cpu, v) -> cpu.r[index] = v & mask, Csr.Guard.NONE, false, this);
    }

    @Override
    public Node read(RiscvBuilder t) {
        return t.get(slot);
    }

    @Override
    public void write(RiscvBuilder t, Csr.Change change, Node operand) {
        t.set(slot, change.of(t, t.get(slot), t.and(operand, t.i64(mask))));
    }
}
