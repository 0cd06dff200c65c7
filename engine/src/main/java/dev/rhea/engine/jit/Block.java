package dev.rhea.engine.jit;

import java.util.ArrayList;
import java.util.List;

/** Instructions of a region that run one after the other. */
public final class Block {
    public final List<Instruction> instructions = new ArrayList<>();
    public final List<Block> successors = new ArrayList<>();

    /** Whether an edge from behind or from itself comes here: the budget is looked at. */
    public boolean loopHead;

    /** Whether control can come back here within the region. */
    boolean inLoop;

    /** Whether control comes back here from outside: behind a call, or an instruction that the interpreter executes. */
    boolean resumes;

    /** Globals that may have been written since they were last written back, at the block's start. */
    public final SlotSet dirtyIn = new SlotSet();

    /** Globals whose JVM locals must hold the value at the block's start. */
    public final SlotSet liveIn = new SlotSet();

    /** I64 globals known to be sign-extended 32-bit values at the block's start; null while nothing is known. */
    public SlotSet narrowIn = new SlotSet();

    public boolean narrowKnown;

    public long pc() {
        return instructions.getFirst().pc;
    }

    public Instruction last() {
        return instructions.getLast();
    }
}
