package dev.rhea.arch.riscv.system;

import dev.rhea.engine.cpu.Exit;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import java.util.function.Supplier;

/**
 * All that reaches a hart and does not follow from its registers, its memory and its instructions: time, devices, interrupts and
 * when they come. Whoever stands here can write it down; and a hart that is given what was written down does the same again,
 * instruction by instruction. Called on the hart's thread.
 */
interface Outside {
    /** As things come. */
    Outside LIVE = new Outside() {};

    /** What {@code time} shows. @param now by the machine's clock */
    default long time(long now) {
        return now;
    }

    /** What a counter of cycles or instructions shows. @param now exact */
    default long counter(long now) {
        return now;
    }

    /** What {@code seed} shows. @param fresh from the hart's source */
    default long entropy(long fresh) {
        return fresh;
    }

    /** What {@code mip} shows. @param now the wires' levels and what was written */
    default long pending(long now) {
        return now;
    }

    /** Reads from what is no memory to be read straight from. */
    default long read(AddressSpace memory, long address, int size) throws BusError {
        return memory.read(address, size);
    }

    /** Writes to it. */
    default void write(AddressSpace memory, long address, long value, int size) throws BusError {
        memory.write(address, value, size);
    }

    /**
     * Takes an interrupt that is pending and enabled, if there is one, then runs up to a trap or until somebody wants the hart.
     *
     * @param guest runs it, as {@link dev.rhea.engine.cpu.Engine#run} does
     */
    default Exit run(Supplier<Exit> guest, SystemCpu cpu) {
        cpu.traps.interrupt(cpu.pending());
        return guest.get();
    }

    /** Whether {@code wfi} sleeps. */
    default boolean waits() {
        return true;
    }
}
