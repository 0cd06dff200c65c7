package dev.rhea.user.memory;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.user.process.FutexKey;
import dev.rhea.user.process.SignalInfo;
import org.jspecify.annotations.Nullable;

/** A guest process's memory. */
public abstract class AddressSpace implements Mmu, GuestMemory {
    /** A processor begins to run in this memory: its TLB is looked after from now on. */
    public abstract void attach(Cpu cpu);

    /** The processor will not use this memory any more. */
    public abstract void detach(Cpu cpu);

    /** A copy for fork: private pages are copied on write, shared mappings are shared. */
    public abstract AddressSpace fork();

    /** Unmaps everything; no processor is attached any more. */
    public abstract void close();

    /** Address of the page with the code that calls rt_sigreturn. */
    public abstract long trampoline();

    /** The signal for a trap that this memory raised (SIGSEGV or SIGBUS with code and address), or null for any other trap. */
    public abstract @Nullable SignalInfo signalOf(int trap, long value);

    /**
     * What tells futexes apart: this and the address, or where {@code mayBeShared} and the mapping is shared, what is mapped
     * and the offset in it.
     */
    public abstract FutexKey futexKey(long address, boolean mayBeShared);
}
