package dev.rhea.engine.cpu;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Mmu;
import org.jspecify.annotations.Nullable;

/**
 * What an architecture gives to the engine: one CPU model of it, with its features chosen. Immutable; shared by all
 * processors and threads.
 */
public interface Isa {
    /** The name users know: {@code riscv64}. */
    String name();

    /** The register file. */
    Globals globals();

    /** Distance in bytes between places where instructions can start: 1, 2 or 4. */
    int granule();

    /** Length of the longest instruction in bytes, at most 16. */
    int maxLength();

    /** {@link Type#I64} or {@link Type#I32}: the type of an address. */
    Type addressType();

    /** A builder that this architecture's rows understand; not shared between threads. */
    Builder newBuilder();

    /**
     * Emits the meaning of one instruction into {@code builder}, which has begun it. Bits that are no instruction emit the
     * architecture's illegal-instruction trap.
     *
     * @param lo the first eight bytes of code, little-endian
     * @param hi the next eight
     * @param available how many of those bytes are code that can be read, at least {@link #granule}
     * @param mode the processor mode as far as decoding depends on it
     * @return the length in bytes, or 0 if the instruction needs more than the available bytes (nothing was emitted then)
     */
    int translate(long lo, long hi, int available, int mode, Builder builder);

    /**
     * The instruction that {@link #translate} would emit, where its meaning follows from its bits and the mode alone: the
     * interpreter then learns from some instructions of a row what the others come to. Null where there is no such row, or
     * more bytes are needed.
     */
    default @Nullable Insn decode(long lo, long hi, int available, int mode) {
        return null;
    }

    /** The instruction at {@code pc} in the architecture's assembly syntax; unknown bits as a data directive. */
    String disassemble(long lo, long hi, int available, int mode, long pc);

    /**
     * The trap of an access that {@link dev.rhea.engine.ir.MemOp#aligned} demands to be aligned and is not; its value is the
     * address.
     *
     * @param write whether it may write, as a read-modify-write does
     */
    int misalignedTrap(boolean write);

    /** A processor in its reset state. */
    Cpu newCpu(Mmu mmu);

    /** Copies all architectural state, for a guest's fork or clone. */
    void copyState(Cpu from, Cpu to);
}
