package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytecode for calls of helpers: what each sees and changes of the processor is what its contract says. */
final class HelperCalls {
    static final ClassDesc CODE = ClassDesc.of("dev.rhea.engine.ir.Helper$Code");
    private static final MethodTypeDesc HELPER = MethodTypeDesc.of(CD_long, Emitter.CPU, CD_long, CD_long, CD_long);

    private final CodeBuilder c;
    private final Locals locals;
    private final Expressions expressions;
    private final PageGuesses guesses;
    private final Helpers helpers;

    /** The helpers that a region calls, each a static final field of its class. */
    interface Helpers {
        /** Name of the field that holds the helper's code. */
        String field(Helper helper);

        /** The class that is being made. */
        ClassDesc owner();
    }

    HelperCalls(CodeBuilder c, Locals locals, Expressions expressions, PageGuesses guesses, Helpers helpers) {
        this.c = c;
        this.locals = locals;
        this.expressions = expressions;
        this.guesses = guesses;
        this.helpers = helpers;
    }

    /**
     * Calls a helper and keeps its value.
     *
     * @param pc of the instruction
     * @param dirty the globals that are not in the processor yet; none of them after a helper that wants to see them
     * @param unexecuted what is to be given back to the budget if the helper ends the run
     */
    void call(Node n, long pc, SlotSet dirty, int unexecuted) {
        Helper helper = n.helper();
        if (Dataflow.writesBack(helper)) {
            expressions.commit();
            locals.store(c, dirty);
            dirty.clear();
        }
        if (!helper.isPure()) {
            c.aload(Locals.CPU).loadConstant(pc).putfield(Emitter.CPU, "pc", CD_long);
            c.aload(Locals.CPU)
                    .iload(Locals.BUDGET)
                    .loadConstant(unexecuted)
                    .iadd()
                    .putfield(Emitter.CPU, "budget", CD_int);
        }
        c.getstatic(helpers.owner(), helpers.field(helper), CODE).aload(Locals.CPU);
        argument(n.a);
        argument(n.b);
        argument(n.c);
        c.invokeinterface(CODE, "call", HELPER);
        if (!helper.isPure()) {
            guesses.forgetPages(c);
        }
        if (helper.has(Helper.Effect.WRITES_STATE)) {
            // The value stays on the stack meanwhile.
            locals.load(c, locals.used());
        }
        if (n.type == null) {
            c.pop2();
        } else {
            Conversions.fromBits(c, n.type);
            expressions.keepTop(n);
        }
    }

    private void argument(@Nullable Node n) {
        if (n == null) {
            c.lconst_0();
        } else {
            expressions.push(n);
            Conversions.toBits(c, Objects.requireNonNull(n.type));
        }
    }
}
