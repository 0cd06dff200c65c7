package dev.rhea.engine.cpu;

import dev.rhea.engine.interp.InterpreterState;
import dev.rhea.engine.jit.UnitTable;
import dev.rhea.engine.mmu.Tlb;

/**
 * What a processor has learned of memory in one address space and with one set of rights: its soft TLB, where decoded pages
 * are, and which translated code stands at which address. A processor looks through one view at a time
 * ({@link Cpu#see}); changing it costs three references, so that neither a change of privilege nor of the address space need
 * forget anything.
 */
public final class View {
    public final Tlb tlb = new Tlb();

    /** Translated code by pc, as others may see it too. */
    private final UnitTable common;

    private final boolean shared;

    /** The same, as this processor sees it. */
    private volatile UnitTable units;

    /** Decoded pages by pc. */
    public final InterpreterState interpreter = new InterpreterState();

    /** @param shared whether other processors may use these units, too */
    View(UnitTable units, boolean shared) {
        this.shared = shared;
        common = units;
        this.units = units;
    }

    /** Translated code by pc. */
    public UnitTable units() {
        return units;
    }

    /** See {@link Cpu#separateUnits}. */
    void separateUnits(boolean apart) {
        if (apart && shared && units == common) {
            units = new UnitTable();
        } else if (!apart && units != common) {
            common.clear(); // nobody told it what was dropped meanwhile
            units = common;
        }
    }

    /** Forgets rights to memory and decoded pages, not translated code. Any thread. */
    public void flushTlb() {
        tlb.flush();
        interpreter.clear();
    }

    /** Forgets everything. Any thread. */
    public void flush() {
        flushTlb();
        units.clear();
    }

    /** Forgets one page. The processor's own thread. */
    public void flushPage(long address) {
        tlb.shootPage(address);
        interpreter.clearPage(address);
        units.clearPage(address);
    }
}
