package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.jit.Unit;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import org.jspecify.annotations.Nullable;

/** The first tier: drives a {@link Loop} and does what that leaves undone. */
public final class Interpreter {
    /** The slice is over, at a taken branch: {@link Cpu#pc} is its target. */
    public static final int SLICE = 0;
    /** There is translated code at {@link Cpu#pc}. */
    public static final int ENTER_REGION = 1;
    /** The guest asked for what only the execution loop can do, or the mode may have changed. */
    public static final int LEFT = 2;
    /** A guest exception: {@link Cpu#trap} at {@link Cpu#pc}. */
    public static final int TRAPPED = 3;
    /** Translated code led to {@link Cpu#pc}; that is to be looked at. */
    public static final int OUT = 4;
    /** The same, and what is translated there did not help. */
    public static final int STUCK = 5;

    /** Instructions that a slice may take longer while no branch is taken: pages of nothing but them have an end, too. */
    static final int OVERTIME = 4096;

    /** No pc of a guest's instruction that could be waited for. */
    static final long NOWHERE = 1;

    private final Loop loop;
    private final @Nullable TemplateLoop templates;

    /** @param templates the loop as machine code, or null for the one in Java */
    Interpreter(@Nullable TemplateLoop templates) {
        this.templates = templates;
        loop = templates != null ? templates : new HotLoop();
    }

    /** Runs the instruction at {@link Cpu#pc} that a region word hides, then goes on as {@link #run} does. */
    int runOriginal(Cpu cpu, int slice, long stop) {
        long word;
        try {
            word = cpu.code.original(cpu, cpu.pc);
        } catch (GuestFault fault) {
            return TRAPPED;
        }
        return run(cpu, slice, stop, word, 0);
    }

    /**
     * Runs from {@link Cpu#pc} on, up to the first taken branch after {@code slice} instructions; takes what it ran off
     * {@link Cpu#budget}.
     *
     * @param stop a computed jump to there ends the slice too
     */
    int run(Cpu cpu, int slice, long stop) {
        return run(cpu, slice, stop, 0, 0);
    }

    /**
     * The same from a unit for {@link Cpu#pc} on: goes from units to interpretation and back as long as Java is not needed.
     *
     * @return {@link #OUT} and {@link #STUCK} too
     */
    int enter(Cpu cpu, Unit unit, int slice, long stop) {
        return run(cpu, slice, stop, 0, unit.machineCode());
    }

    /** Executes the instruction at {@link Cpu#pc} and no other. @return as {@link #run} */
    int step(Cpu cpu) {
        InterpreterState s = cpu.interpreter;
        s.left = 0;
        s.base = cpu.budget;
        int exit = -1;
        try {
            if (cpu.stops.guardsCode(cpu.pc)) {
                cpu.stops.beforeExecute(cpu.pc);
            }
            // Behind a word that is run out of its place the loop stops.
            s.placeAside(cpu.code.alone(cpu, cpu.pc), cpu.pc, cpu.code.shift);
            while (s.left == 0 && exit < 0) {
                if (loop.run(cpu, s, NOWHERE) != Loop.RARE) {
                    cpu.pc = s.target;
                    exit = SLICE;
                } else if (s.left == 0) {
                    exit = rare(cpu, s, NOWHERE);
                }
            }
            if (exit < 0) {
                cpu.pc = (s.cp >> cpu.code.shift) + s.bias & cpu.addressMask;
                exit = SLICE;
            }
        } catch (GuestFault fault) {
            exit = TRAPPED;
        }
        cpu.counters.interpreted -= s.left;
        cpu.budget = s.base + s.left;
        return exit;
    }

    /** Whether {@link #enter} is the way into a unit. */
    boolean enters(Unit unit) {
        return templates != null && unit.machineCode() != 0;
    }

    /**
     * @param first the first instruction's word if it is not the one that is stored for the pc, or 0
     * @param region machine code to begin with, or 0
     */
    private int run(Cpu cpu, int slice, long stop, long first, long region) {
        InterpreterState s = cpu.interpreter;
        s.left = slice;
        s.base = cpu.budget - slice;
        int exit;
        try {
            int end;
            if (templates != null && region != 0) {
                s.target = cpu.pc;
                end = templates.enter(cpu, s, stop, region);
            } else {
                place(cpu, s, cpu.pc);
                if (first != 0) {
                    s.placeAside(first, cpu.pc, cpu.code.shift);
                }
                end = loop.run(cpu, s, stop);
            }
            while ((exit = after(end, cpu, s, stop)) < 0) {
                end = loop.run(cpu, s, stop);
            }
        } catch (GuestFault fault) {
            // Whoever threw it had set the pc.
            exit = TRAPPED;
        }
        cpu.budget = s.base + s.left;
        cpu.counters.interpreted += slice - s.left;
        cpu.counters.slices++;
        return exit;
    }

    /** What to do after the loop ended: why the slice ends, or -1. */
    private int after(int end, Cpu cpu, InterpreterState s, long stop) {
        switch (end) {
            case Loop.RARE -> {
                return rare(cpu, s, stop);
            }
            case Loop.ELSEWHERE -> {
                place(cpu, s, s.target);
                return -1;
            }
            default -> {
                cpu.pc = s.target;
                return end == Loop.SLICE ? SLICE : end == Loop.OUT ? OUT : STUCK;
            }
        }
    }

    /** Finds the word for a pc. */
    private static void place(Cpu cpu, InterpreterState s, long pc) {
        cpu.pc = pc;
        CodeStore code = cpu.code;
        if (cpu.stops.guardsCode(pc)) {
            // Such a page is in no fetch cache: every one of its instructions comes here, and alone.
            cpu.budget = s.base + s.left;
            cpu.stops.beforeExecute(pc);
            s.placeAside(code.alone(cpu, pc), pc, code.shift);
            return;
        }
        long words = code.fetch(cpu, pc).words;
        s.place(words + ((pc & ~Mmu.PAGE_MASK) << code.shift & -8), pc, code.shift);
    }

    /** Does what the hot loop does not know; returns why the slice ends, or -1. Where it throws, the instruction does not count. */
    private int rare(Cpu cpu, InterpreterState s, long stop) {
        CodeStore code = cpu.code;
        long pc = (s.cp >> code.shift) + s.bias;
        cpu.pc = pc;
        cpu.budget = s.base + s.left; // a helper may ask how many instructions were executed
        long w = RawMemory.getLong(s.cp);
        int op = MicroOp.op(w);
        if (op >= MicroOp.BRANCH_IN && op <= MicroOp.INDIRECT_EVEN_LINK) {
            return -1; // another thread decoded it, or took a region away, after the loop had seen the word
        }
        long next = s.cp + MicroOp.granules(w) * 8;
        switch (op) {
            case MicroOp.DECODE -> {
                code.decode(cpu, pc);
                place(cpu, s, pc);
                return -1;
            }
            case MicroOp.NEXT_PAGE -> {
                place(cpu, s, pc & cpu.addressMask);
                return s.left < -OVERTIME ? SLICE : -1;
            }
            case MicroOp.SPAN -> {
                s.placeAside(code.span(cpu, pc), pc, code.shift);
                return -1;
            }
            case MicroOp.REGION -> {
                return ENTER_REGION;
            }
            case MicroOp.TRAP -> {
                cpu.trap = (int) MicroOp.imm36(w);
                cpu.trapValue = 0;
                return TRAPPED;
            }
            case MicroOp.LEAVE -> {
                s.left--;
                cpu.pc = (next >> code.shift) + s.bias & cpu.addressMask;
                return LEFT;
            }
            case MicroOp.SEQUENCE -> {
                int how = Sequences.run(cpu, MicroOp.sequence(w), pc, (next >> code.shift) + s.bias);
                if (how == Sequences.TRAP) {
                    return TRAPPED;
                }
                s.left--;
                if (how != Sequences.NEXT) {
                    if ((how & Sequences.JUMP) == 0) {
                        cpu.pc = (next >> code.shift) + s.bias & cpu.addressMask;
                    }
                    if ((how & Sequences.LEAVE) != 0) {
                        return LEFT;
                    }
                    if (s.left < 0 || cpu.pc == stop) {
                        return SLICE;
                    }
                    place(cpu, s, cpu.pc);
                    return -1;
                }
            }
            default -> {
                RareOps.execute(cpu, cpu.r, w, pc);
                s.left--;
            }
        }
        s.cp = next;
        return -1;
    }
}
