package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.cpu.Unwind;
import dev.rhea.engine.debug.StopPoints;
import dev.rhea.engine.jit.NativeState;
import dev.rhea.engine.jit.RegionTranslator;
import dev.rhea.engine.jit.Translator;
import dev.rhea.engine.jit.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Decides turn by turn which tier runs a processor: a unit where there is one for the pc, else a slice of interpretation,
 * at whose end the pc is counted as hot.
 */
public final class Dispatch implements AutoCloseable {
    /** Instructions between two looks at the counters. */
    private static final int BUDGET = 20_000;
    /** Instructions of a slice; a prime, so that a loop's length does not divide it. */
    private static final int SLICE = 997;
    /**
     * Samples after which the translator is asked. A unit costs some 5 ms of the translator's and C1's time, for which the
     * interpreter runs more than a million instructions; whoever waits until about as much was spent in vain never loses
     * more than twice. With 100 a short Python program took 3.4 s of CPU, with 300 to 500 2.5, with 1,000 2.9.
     */
    private static final int HOT = 300;
    /**
     * The same where regions become machine code of our own, which takes some 0.4 ms, and the interpreter's loop is that too.
     * CPU time with 24, 60, 120 and 240: a start of python3 1.31 s, 1.20, 1.13, 1.03; a loop in awk 5.2, 4.5, 4.6, 5.0; esbuild
     * with 24 and 100 6.7 and 5.4.
     */
    private static final int HOT_CHEAP = 100;
    /** Turns after which nested dispatch gives up waiting for the guest to return. */
    private static final int NESTED_TURNS = 64;
    /** Calls of unknown functions for each that is sampled. */
    private static final int CALLS_PER_SAMPLE = 8;
    /** How often generated code may fill its budget before it comes back to the loop. */
    private static final int REFILLS = 64;

    private final @Nullable TemplateLoop templates;
    private final Interpreter interpreter;
    private final @Nullable Translator translator;
    private final boolean eager;
    private final int hot;
    private final LoopTraining training;

    /** @param translator null to interpret everything */
    public Dispatch(Isa isa, Tiers tiers, @Nullable RegionTranslator translator) {
        this.translator = translator;
        templates = tiers.machineCode() ? TemplateLoop.create(isa) : null;
        interpreter = new Interpreter(templates);
        training = new LoopTraining(tiers == Tiers.DEFAULT && templates == null);
        hot = translator != null && translator.isCheap() ? HOT_CHEAP : HOT;
        eager = (tiers == Tiers.REGIONS || tiers == Tiers.NATIVE) && this.translator != null;
    }

    /** The execution loop. */
    public Exit run(Cpu cpu) {
        cpu.grant(BUDGET);
        cpu.running = true;
        try {
            for (; ; ) {
                try {
                    for (; ; ) {
                        if (cpu.poll) {
                            cpu.poll = false;
                            return Exit.POLL;
                        }
                        if (!turn(cpu, Interpreter.NOWHERE, 0)) {
                            return trapped(cpu);
                        }
                    }
                } catch (GuestFault fault) {
                    // a helper called by translated code, which had written back all state, with the pc on its
                    // instruction
                    cpu.unwind = false;
                    return trapped(cpu);
                } catch (Unwind unwind) {
                    cpu.unwind = false;
                    if (cpu.trapped) {
                        cpu.trapped = false;
                        return trapped(cpu);
                    }
                }
            }
        } finally {
            cpu.running = false;
            cpu.settle();
        }
    }

    private static Exit trapped(Cpu cpu) {
        return cpu.trap == StopPoints.TRAP ? Exit.STOP : Exit.TRAP;
    }

    /** Interprets up to the next taken branch, the trap or the poll; null for the branch. For traces, without a translator. */
    public @Nullable Exit stretch(Cpu cpu) {
        if (cpu.poll) {
            cpu.poll = false;
            return Exit.POLL;
        }
        cpu.grant(BUDGET);
        int exit = interpreter.run(cpu, 0, Interpreter.NOWHERE);
        cpu.settle();
        cpu.unwind = false;
        return exit == Interpreter.TRAPPED ? trapped(cpu) : null;
    }

    /** Executes one instruction; null where it did not trap. Without a translator. */
    public @Nullable Exit step(Cpu cpu) {
        cpu.grant(BUDGET);
        int exit = interpreter.step(cpu);
        cpu.settle();
        cpu.unwind = false;
        return exit == Interpreter.TRAPPED ? trapped(cpu) : null;
    }

    /**
     * For generated code that called a guest function of which it knows no unit: runs until the guest gets to
     * {@code returnPc}. The state is in the {@link Cpu} before and after.
     *
     * @param depth how many units called each other on the JVM's stack to get here
     * @throws Unwind where that does not happen, or somebody wants the processor
     */
    public static void nested(Cpu cpu, long pc, long returnPc, int depth) {
        Dispatch dispatch = cpu.code.dispatch();
        cpu.pc = pc;
        if (dispatch.translator != null && isSampled(cpu)) {
            dispatch.sample(cpu); // calls from units are no taken branches of the interpreter, which would be sampled
        }
        for (int turns = 0; cpu.pc != returnPc; turns++) {
            if (cpu.poll || cpu.unwind || turns == NESTED_TURNS) {
                throw Unwind.UNWIND;
            }
            if (!dispatch.turn(cpu, returnPc, depth)) {
                cpu.trapped = true;
                throw Unwind.UNWIND;
            }
        }
        if (cpu.unwind) {
            throw Unwind.UNWIND; // the caller's own code may be what was dropped
        }
    }

    /**
     * For generated code whose budget is used up, with the count written back: fills it again where nobody wants the
     * processor, so that a loop of one unit need not be left. Now and then it is left all the same: whoever was in it for
     * so long may find better code at its head.
     *
     * @param unit the one whose code it is
     * @return whether to go on; otherwise the region is left
     */
    public static boolean refill(Cpu cpu, Unit unit) {
        unit.sample();
        if (cpu.poll || cpu.unwind || ++cpu.refills % REFILLS == 0) {
            return false;
        }
        cpu.settle();
        cpu.grant(BUDGET);
        return true;
    }

    /** Runs a unit or a slice; tells whether it ended without a trap. */
    private boolean turn(Cpu cpu, long stop, int depth) {
        cpu.countTurn();
        if (cpu.budget < 0) {
            cpu.settle();
            cpu.grant(BUDGET);
            training.poll(cpu.isa, cpu.code);
        }
        Unit unit = cpu.units.find(cpu.pc);
        if (unit != null && !interpreter.enters(unit)) {
            return call(cpu, unit, stop, depth);
        }
        if (cpu.left && isSampled(cpu) && unit == null && translator != null) {
            sample(cpu); // units that lead here are no taken branches of the interpreter, which would be sampled
        }
        int exit;
        if (unit != null) {
            cpu.counters.entries++;
            exit = ended(cpu, interpreter.enter(cpu, unit, slice(cpu), stop));
        } else {
            exit = ended(cpu, interpreter.run(cpu, slice(cpu), stop));
        }
        if (exit == Interpreter.ENTER_REGION || exit == Interpreter.STUCK) {
            boolean known = cpu.units.find(cpu.pc) != null;
            boolean helps = known
                    ? exit == Interpreter.ENTER_REGION
                    : translator != null && translator.find(cpu, cpu.pc) != null;
            if (!helps) {
                exit = ended(cpu, interpreter.runOriginal(cpu, slice(cpu), stop));
            }
        }
        return exit != Interpreter.TRAPPED;
    }

    /** Runs a unit that is a method. */
    private boolean call(Cpu cpu, Unit unit, long stop, int depth) {
        int before = cpu.budget;
        cpu.counters.entries++;
        cpu.pc = unit.run(cpu, depth);
        cpu.left = true;
        if (cpu.budget < 0) {
            unit.sample();
        }
        return cpu.pc != unit.pc
                || cpu.budget != before
                || ended(cpu, interpreter.runOriginal(cpu, 0, stop)) != Interpreter.TRAPPED;
    }

    /** What is left of a slice goes on after a unit ran: short stretches between units have to be noticed too. */
    private int slice(Cpu cpu) {
        return eager ? 0 : Math.max(cpu.slice, 1);
    }

    /** What follows from how the interpreter ended, which it gives back. */
    private int ended(Cpu cpu, int exit) {
        cpu.slice = cpu.interpreter.left;
        cpu.left = exit == Interpreter.OUT;
        if (exit == Interpreter.SLICE) {
            cpu.slice = translator == null ? BUDGET : SLICE;
            if (translator != null) {
                sample(cpu);
            }
        }
        return exit;
    }

    /** No processor runs any more. */
    @Override
    public void close() {
        if (templates != null) {
            templates.close();
        }
    }

    /** Counts a call from a unit to code that has none; now and then it is to be sampled. */
    private static boolean isSampled(Cpu cpu) {
        if (--cpu.r[NativeState.CALLS] >= 0) {
            return false;
        }
        cpu.r[NativeState.CALLS] = CALLS_PER_SAMPLE - 1;
        return true;
    }

    private void sample(Cpu cpu) {
        long pc = cpu.pc;
        Translator asked = java.util.Objects.requireNonNull(translator);
        if (cpu.units.find(pc) != null) {
            cpu.slice = 1; // a unit is no news: the next taken branch
            return;
        }
        try {
            int slot = cpu.code.slot(pc);
            CodePage page = cpu.code.fetch(cpu, pc);
            if (eager) {
                cpu.code.decode(cpu, pc);
                asked.request(cpu, pc);
            } else if (page.sample(slot) >= hot) {
                page.resetSample(slot);
                asked.request(cpu, pc);
            }
        } catch (GuestFault fault) {
            // The next turn meets it again, and reports it.
        }
    }
}
