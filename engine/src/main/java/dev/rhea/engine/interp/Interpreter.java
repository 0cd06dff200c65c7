package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;

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

    private final Loop loop;

    /** @param loop what executes most instructions */
    Interpreter(Loop loop) {
        this.loop = loop;
    }

    /** Runs the instruction at {@link Cpu#pc} that a region word hides, then goes on as {@link #run} does. */
    int runOriginal(Cpu cpu, int slice, long stop) {
        long word;
        try {
            word = cpu.code.original(cpu, cpu.pc);
        } catch (GuestFault fault) {
            return TRAPPED;
        }
        return run(cpu, slice, stop, word);
    }

    /**
     * Runs from {@link Cpu#pc} on, up to the first taken branch after {@code slice} instructions; takes what it ran off
     * {@link Cpu#budget}.
     *
     * @param stop a computed jump to there ends the slice too
     */
    int run(Cpu cpu, int slice, long stop) {
        return run(cpu, slice, stop, 0);
    }

    /** @param first the first instruction's word if it is not the one that is stored for the pc, or 0 */
    private int run(Cpu cpu, int slice, long stop, long first) {
        InterpreterState s = cpu.interpreter;
        s.left = slice;
        int exit;
        try {
            place(cpu, s, cpu.pc);
            if (first != 0) {
                s.placeAside(first, cpu.pc, cpu.code.shift);
            }
            do {
                exit = switch (loop.run(cpu, s, stop)) {
                    case Loop.SLICE -> {
                        cpu.pc = s.target;
                        yield SLICE;
                    }
                    case Loop.ELSEWHERE -> {
                        place(cpu, s, s.target);
                        yield -1;
                    }
                    default -> rare(cpu, s, stop);
                };
            } while (exit < 0);
        } catch (GuestFault fault) {
            // Whoever threw it had set the pc.
            exit = TRAPPED;
        }
        cpu.budget -= slice - s.left;
        cpu.counters.interpreted += slice - s.left;
        cpu.counters.slices++;
        return exit;
    }

    /** Finds the word for a pc. */
    private static void place(Cpu cpu, InterpreterState s, long pc) {
        cpu.pc = pc;
        CodeStore code = cpu.code;
        long words = code.fetch(cpu, pc).words;
        s.place(words + ((pc & ~Mmu.PAGE_MASK) << code.shift & -8), pc, code.shift);
    }

    /** Does what the hot loop does not know; returns why the slice ends, or -1. Where it throws, the instruction does not count. */
    private int rare(Cpu cpu, InterpreterState s, long stop) {
        CodeStore code = cpu.code;
        long pc = (s.cp >> code.shift) + s.bias;
        cpu.pc = pc;
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
                boolean back = s.isAside();
                place(cpu, s, pc & cpu.addressMask);
                return s.left < 0 && !back ? SLICE : -1;
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
                int how = Sequences.run(cpu, MicroOp.sequence(w), pc);
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
