package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.rhea.engine.ir.Node;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of a region's {@code run} method.
 *
 * <p>Count: a block takes the number of its instructions off the budget at its start; an exit in the middle gives back what
 * was not executed. Loop heads leave where the budget is below 0, so no loop is without end.
 */
final class Emitter {
    static final ClassDesc UNIT = ClassDesc.of("dev.rhea.engine.jit.Unit");
    static final ClassDesc TABLE = ClassDesc.of("dev.rhea.engine.jit.UnitTable");
    static final ClassDesc CPU = MemoryEmitter.CPU;
    static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_long, CPU, CD_int);
    private static final ClassDesc DISPATCH = ClassDesc.of("dev.rhea.engine.interp.Dispatch");
    private static final ClassDesc TLB = ClassDesc.of("dev.rhea.engine.mmu.Tlb");
    private static final ClassDesc FP_STATE = ClassDesc.of("dev.rhea.engine.fp.FpState");
    private static final MethodTypeDesc JUMPED = MethodTypeDesc.of(CD_void, CPU, CD_long);
    private static final MethodTypeDesc NESTED = MethodTypeDesc.of(CD_void, CPU, CD_long, CD_long, CD_int);
    private static final MethodTypeDesc REFILL =
            MethodTypeDesc.of(java.lang.constant.ConstantDescs.CD_boolean, CPU, UNIT);

    /** Guest calls nest this deep on the JVM's stack at most; then the region is left. */
    static final int MAX_DEPTH = 200;

    private final CodeBuilder c;
    private final Region region;
    private final Locals locals;
    private final Expressions expressions;
    private final MemoryEmitter memory;
    private final PageGuesses guesses;
    private final HelperCalls helperCalls;
    private final boolean records;
    private final Map<Block, Label> labels = new HashMap<>();
    private final Exits exits;
    /** Code out of the way, emitted behind the blocks. */
    private final List<Runnable> late = new ArrayList<>();

    Emitter(CodeBuilder c, Region region, HelperCalls.Helpers helpers, boolean apart, boolean records) {
        this.c = c;
        this.region = region;
        this.records = records;
        locals = new Locals(region);
        exits = new Exits(c, locals);
        Spans spans = apart ? Spans.none() : Spans.of(region);
        guesses = new PageGuesses(region);
        guesses.allocate(region, spans, locals);
        memory = new MemoryEmitter(c, locals, guesses, spans, late);
        expressions = new Expressions(c, locals, memory);
        helperCalls = new HelperCalls(c, locals, expressions, guesses, helpers);
    }

    void emit() {
        Dataflow.analyse(region);
        for (Block block : region.blocks) {
            labels.put(block, c.newLabel());
        }
        Block entry = Objects.requireNonNull(region.byPc.get(region.entry));
        prologue(entry);
        if (region.blocks.getFirst() != entry) {
            c.goto_(label(entry));
        }
        for (int b = 0; b < region.blocks.size(); b++) {
            Block next = b + 1 < region.blocks.size() ? region.blocks.get(b + 1) : null;
            block(region.blocks.get(b), next);
        }
        for (int i = 0; i < late.size(); i++) {
            late.get(i).run();
        }
        exits.emit();
    }

    private Label label(Block block) {
        return Objects.requireNonNull(labels.get(block));
    }

    private void prologue(Block entry) {
        c.aload(Locals.CPU).getfield(CPU, "r", CD_long.arrayType()).astore(Locals.R);
        c.aload(Locals.CPU).getfield(CPU, "budget", CD_int).istore(Locals.BUDGET);
        c.aload(Locals.CPU)
                .getfield(CPU, "tlb", TLB)
                .getfield(TLB, "base", CD_long)
                .lstore(Locals.TLB);
        if (locals.hasFloats()) {
            c.aload(Locals.CPU).getfield(CPU, "fp", FP_STATE).astore(Locals.FP);
        }
        guesses.clear(c);
        SlotSet used = locals.used();
        for (int slot = used.next(0); slot >= 0; slot = used.next(slot + 1)) {
            if (entry.liveIn.contains(slot)) {
                locals.load(c, slot);
            } else {
                locals.clear(c, slot);
            }
        }
    }

    // ---- blocks

    private void block(Block block, @Nullable Block next) {
        c.labelBinding(label(block));
        int count = block.instructions.size();
        if (block.loopHead) {
            poll(exits.exit(block.pc(), block.dirtyIn, 0));
        }
        c.iinc(Locals.BUDGET, -count);
        var dirty = new SlotSet(block.dirtyIn);
        var narrow = new SlotSet(block.narrowIn);
        for (int i = 0; i < count; i++) {
            Instruction instruction = block.instructions.get(i);
            var before = new SlotSet(dirty);
            Dataflow.dirty(instruction, dirty);
            for (Node node : instruction.nodes) {
                Dataflow.narrow(node, narrow);
            }
            body(instruction, block, before, count - i);
            if (i == count - 1) {
                end(instruction, before, dirty, next);
            }
        }
    }

    /** Looks whether the budget is used up, and then whether to go on or to leave. */
    private void poll(Label leave) {
        Label empty = c.newLabel();
        Label on = c.newLabel();
        c.iload(Locals.BUDGET).iflt(empty).labelBinding(on);
        late.add(() -> {
            c.labelBinding(empty);
            c.aload(Locals.CPU).iload(Locals.BUDGET).putfield(CPU, "budget", CD_int);
            c.aload(Locals.CPU)
                    .aload(0)
                    .invokestatic(DISPATCH, "refill", REFILL)
                    .ifeq(leave);
            c.aload(Locals.CPU).getfield(CPU, "budget", CD_int).istore(Locals.BUDGET);
            guesses.forgetPages(c);
            c.goto_(on);
        });
    }

    private void body(Instruction instruction, Block block, SlotSet before, int unexecuted) {
        Node[] nodes = instruction.nodes;
        Schedule schedule = Schedule.of(instruction);
        expressions.begin(instruction, schedule);
        int lastLeave = -1;
        for (int i = 0; i < nodes.length; i++) {
            if (Instruction.mayLeave(nodes[i])) {
                lastLeave = i;
            }
        }
        var dirty = new SlotSet(before);
        for (int i = 0; i < nodes.length; i++) {
            Node n = nodes[i];
            if (!schedule.needed(n)) {
                continue;
            }
            switch (n.op) {
                case SET -> {
                    expressions.set(n, i < lastLeave);
                    dirty.add(n.global().slot());
                }
                case LOAD, STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE -> {
                    memory.check(n, expressions, block, () -> exits.exit(instruction.pc, before, unexecuted));
                    access(n, schedule);
                }
                case FENCE -> memory.fence(n);
                case TRAP_IF ->
                    expressions.conditions.branch(
                            Objects.requireNonNull(n.b), true, exits.exit(instruction.pc, before, unexecuted));
                case CALL -> helperCalls.call(n, instruction.pc, dirty, unexecuted);
                case JUMP, JUMP_IF, JUMP_TO, TRAP, LEAVE -> {}
                default -> {
                    if (!schedule.inline(n)) {
                        expressions.keep(n);
                    }
                }
            }
            if (i == lastLeave) {
                expressions.commit();
            }
        }
    }

    private void access(Node n, Schedule schedule) {
        switch (n.op) {
            case LOAD -> {
                if (schedule.uses(n) > 0 && !schedule.inline(n)) {
                    expressions.keep(n);
                }
            }
            case STORE -> memory.store(n, expressions);
            default -> {
                memory.atomic(n, expressions);
                expressions.keepTop(n);
            }
        }
    }

    // ---- ends of blocks

    private void end(Instruction last, SlotSet before, SlotSet dirty, @Nullable Block next) {
        switch (last.end) {
            case FALL -> go(last.next(), dirty, next);
            case JUMP -> go(last.target, dirty, next);
            case BRANCH -> {
                Node condition = Objects.requireNonNull(last.nodes[last.nodes.length - 1].a);
                Block taken = region.byPc.get(last.target);
                Label to = taken != null ? label(taken) : exits.exit(last.target, dirty, 0);
                if (taken != null && taken.loopHead) {
                    // HotSpot's poll of a jump backwards keeps the operand stack, and so the result of an lcmp, which
                    // it
                    // then has to compute: five instructions more in each turn of a loop.
                    Label on = c.newLabel();
                    expressions.conditions.branch(condition, false, on);
                    c.goto_(to).labelBinding(on);
                } else {
                    expressions.conditions.branch(condition, true, to);
                }
                go(last.next(), dirty, next);
            }
            case CALL, CALL_INDIRECT -> guestCall(last, before, dirty, next);
            case INDIRECT -> {
                expressions.pushAddress(Objects.requireNonNull(last.nodes[last.nodes.length - 1].a), 0);
                if (last.jumpsAnywhere()) {
                    computed();
                }
                c.goto_(exits.epilogue(dirty));
            }
            case LEAVE -> c.goto_(exits.exit(last.next(), dirty, 0));
            case INTERPRET -> c.goto_(exits.exit(last.pc, before, 1));
        }
    }

    /** Goes to a target within the region, if the one on the stack is; otherwise leaves it there. */
    private void computed() {
        int target = locals.temporary(java.lang.classfile.TypeKind.LONG);
        if (records) {
            c.lstore(target).aload(0).aload(Locals.CPU).lload(target).invokevirtual(UNIT, "jumped", JUMPED);
            c.lload(target);
        }
        if (region.targets.isEmpty()) {
            return;
        }
        Label elsewhere = c.newLabel();
        c.lstore(target).lload(target).loadConstant(region.entry).lsub();
        c.dup2().l2i().i2l().lcmp().ifne(elsewhere);
        var cases = new ArrayList<SwitchCase>();
        for (long to : region.targets) {
            cases.add(SwitchCase.of((int) (to - region.entry), label(Objects.requireNonNull(region.byPc.get(to)))));
        }
        c.lload(target).loadConstant(region.entry).lsub().l2i().lookupswitch(elsewhere, cases);
        c.labelBinding(elsewhere).lload(target);
    }

    private void go(long pc, SlotSet dirty, @Nullable Block next) {
        Block to = region.byPc.get(pc);
        if (to == null) {
            c.goto_(exits.exit(pc, dirty, 0));
        } else if (to != next) {
            c.goto_(label(to));
        }
    }

    /**
     * A call of guest code as a call of the JVM, through the address space's own table: nothing has to be unlinked when
     * code goes away, and HotSpot inlines by the profile of the call.
     */
    private void guestCall(Instruction call, SlotSet before, SlotSet dirty, @Nullable Block next) {
        boolean direct = call.end == Instruction.End.CALL;
        long back = call.next();
        int unit = locals.temporary(java.lang.classfile.TypeKind.REFERENCE);
        int target = locals.temporary(java.lang.classfile.TypeKind.LONG);
        if (!direct) {
            expressions.pushAddress(Objects.requireNonNull(call.nodes[call.nodes.length - 1].a), 0);
            c.lstore(target);
        }
        Label deep = c.newLabel();
        c.iload(Locals.DEPTH).loadConstant(MAX_DEPTH).if_icmpge(deep);
        late.add(() -> {
            c.labelBinding(deep);
            pushTarget(direct, call, target);
            c.goto_(exits.epilogue(dirty));
        });
        locals.store(c, dirty);
        c.aload(Locals.CPU).iload(Locals.BUDGET).putfield(CPU, "budget", CD_int);
        c.aload(Locals.CPU).getfield(CPU, "units", TABLE).getfield(TABLE, "units", UNIT.arrayType());
        if (direct) {
            c.loadConstant(UnitTable.index(call.target));
        } else {
            c.lload(target).invokestatic(TABLE, "index", MethodTypeDesc.of(CD_int, CD_long));
        }
        Label unknown = c.newLabel();
        Label elsewhere = c.newLabel();
        Label returned = c.newLabel();
        c.aaload().astore(unit).aload(unit).ifnull(unknown);
        c.aload(unit).getfield(UNIT, "pc", CD_long);
        pushTarget(direct, call, target);
        c.lcmp().ifne(unknown);
        c.aload(unit).aload(Locals.CPU).iload(Locals.DEPTH).iconst_1().iadd().invokevirtual(UNIT, "run", RUN);
        c.dup2().loadConstant(back).lcmp().ifne(elsewhere).pop2();
        c.labelBinding(returned);
        late.add(() -> {
            c.labelBinding(unknown);
            pushTarget(direct, call, target);
            c.labelBinding(elsewhere).lstore(target);
            c.aload(Locals.CPU)
                    .lload(target)
                    .loadConstant(back)
                    .iload(Locals.DEPTH)
                    .iconst_1()
                    .iadd();
            c.invokestatic(DISPATCH, "nested", NESTED).goto_(returned);
        });
        c.aload(Locals.CPU).getfield(CPU, "budget", CD_int).istore(Locals.BUDGET);
        Block to = region.byPc.get(back);
        var nothing = new SlotSet();
        if (to == null) {
            c.goto_(exits.exit(back, nothing, 0));
            return;
        }
        poll(exits.exit(back, nothing, 0));
        guesses.forgetPages(c);
        locals.load(c, to.liveIn);
        go(back, nothing, next);
    }

    private void pushTarget(boolean direct, Instruction call, int target) {
        if (direct) {
            c.loadConstant(call.target);
        } else {
            c.lload(target);
        }
    }
}
