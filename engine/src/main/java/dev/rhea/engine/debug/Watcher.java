package dev.rhea.engine.debug;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.mmu.Access;

/** Asked for stops, and decides at each of them what is to happen. */
@FunctionalInterface
public interface Watcher {
    /**
     * The processor is about to do what a {@link StopRange} of this watcher names; nothing of the instruction was done, save for
     * the parts of a vector access before this one. Called on the processor's thread, with {@link Cpu#pc} at the instruction. An
     * access that reads and writes is announced as both, the read first. Whoever lets it pass is asked anew when the
     * instruction is begun again.
     *
     * @param address of the instruction, or of the access's first byte
     * @param size of the access in bytes; 0 for an instruction
     * @return whether to stop here: {@link dev.rhea.engine.cpu.Engine#run} then comes back with {@link
     *     dev.rhea.engine.cpu.Exit#STOP}
     * @throws dev.rhea.engine.cpu.GuestFault made by {@link Cpu#fault}, to have the instruction raise that guest exception
     */
    boolean reached(Cpu cpu, Access access, long address, int size);
}
