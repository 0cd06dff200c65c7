package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The ways out of a region: a stub for each pc with the globals to write back, which goes to an epilogue that writes what it
 * has more than a smaller one, and goes on there.
 */
final class Exits {
    private final CodeBuilder c;
    private final Locals locals;
    private final Map<Exit, Label> stubs = new HashMap<>();
    private final Map<SlotSet, Label> epilogues = new HashMap<>();

    /** Where to leave to. @param unexecuted instructions to give back */
    private record Exit(long pc, SlotSet dirty, int unexecuted) {}

    Exits(CodeBuilder c, Locals locals) {
        this.c = c;
        this.locals = locals;
    }

    /** Leaves to {@code pc}; {@code unexecuted} instructions are given back to the budget. */
    Label exit(long pc, SlotSet dirty, int unexecuted) {
        return stubs.computeIfAbsent(new Exit(pc, new SlotSet(dirty), unexecuted), k -> c.newLabel());
    }

    /** Where to go with the next pc on the stack. */
    Label epilogue(SlotSet dirty) {
        return epilogues.computeIfAbsent(new SlotSet(dirty), k -> c.newLabel());
    }

    /** Emits all that was asked for. */
    void emit() {
        stubs.forEach(this::stub);
        Label done = c.newLabel();
        List<SlotSet> sets = new ArrayList<>(epilogues.keySet());
        sets.sort(Comparator.comparingInt(SlotSet::size));
        for (int i = sets.size() - 1; i >= 0; i--) {
            SlotSet rest = new SlotSet(sets.get(i));
            Label then = done;
            for (int k = i - 1; k >= 0; k--) {
                if (rest.containsAll(sets.get(k))) {
                    rest.removeAll(sets.get(k));
                    then = Objects.requireNonNull(epilogues.get(sets.get(k)));
                    break;
                }
            }
            c.labelBinding(Objects.requireNonNull(epilogues.get(sets.get(i))));
            locals.store(c, rest);
            c.goto_(then);
        }
        c.labelBinding(done);
        c.aload(Locals.CPU).iload(Locals.BUDGET).putfield(Emitter.CPU, "budget", CD_int);
        c.lreturn();
    }

    private void stub(Exit exit, Label label) {
        c.labelBinding(label);
        if (exit.unexecuted != 0) {
            c.iinc(Locals.BUDGET, exit.unexecuted);
        }
        c.loadConstant(exit.pc).goto_(epilogue(exit.dirty));
    }
}
