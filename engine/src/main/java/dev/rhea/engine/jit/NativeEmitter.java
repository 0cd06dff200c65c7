package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A region as machine code, what its instructions do by {@link NativeBody}: RBP is the base of {@link NativeState}, R14 the soft TLB, R15 the budget.
 *
 * <p>Control comes in at entries (the region's, heads of loops, behind calls and behind what the interpreter executes) with the
 * guest address in RAX, which each entry checks, since it may have been found in a table that says nothing else. It goes out
 * with the next guest address in RAX: through the table to whatever is translated there, or back to Java.
 *
 * <p>As in {@link Emitter}, a block takes its instructions off the budget at its start, an exit in the middle gives back what
 * was not executed, and heads of loops and entries leave where the budget is used up: so nothing runs without end.
 */
final class NativeEmitter {
    private final Assembler asm;
    private final Region region;
    private final NativeRegisters registers;
    private final NativeFlow flow;
    private final NativeValues values;
    private final NativeBody body;
    private final NativeCode.Stubs stubs;
    private final Map<Block, Label> labels = new HashMap<>();
    private final Map<Exit, Label> exits = new HashMap<>();
    /** Code out of the way, emitted behind the blocks. */
    private final List<Runnable> late = new ArrayList<>();

    final List<Entry> entries = new ArrayList<>();
    /** Instructions for the interpreter, besides those that {@link NativeSupport} refuses. */
    private final java.util.Set<Long> tooComplex;
    /** Where it stands. */
    long current;

    /** A way in. */
    record Entry(long pc, Label label) {}

    /** A way out. @param unexecuted instructions to give back @param chain whether to look for translated code there */
    private record Exit(long pc, int dirty, int unexecuted, boolean chain) {}

    NativeEmitter(Assembler asm, Region region, NativeCode.Stubs stubs, java.util.Set<Long> tooComplex, boolean apart) {
        this.tooComplex = tooComplex;
        this.asm = asm;
        this.region = region;
        this.stubs = stubs;
        Spans shared = apart ? Spans.none() : Spans.of(region);
        Spans spans = shared.numbers() <= NativeState.SPAN_COUNT ? shared : Spans.none();
        registers = new NativeRegisters(region);
        flow = new NativeFlow(region, registers);
        values = new NativeValues(asm, registers);
        body = new NativeBody(values, spans, this::straddle);
        for (Block block : region.blocks) {
            labels.put(block, new Label());
            if (isEntry(block)) {
                entries.add(new Entry(block.pc(), new Label()));
            }
        }
    }

    private boolean isEntry(Block block) {
        return block.pc() == region.entry
                || (block.loopHead || block.resumes) && block.instructions.getFirst().end != Instruction.End.INTERPRET;
    }

    void emit() {
        for (int b = 0; b < region.blocks.size(); b++) {
            Block next = b + 1 < region.blocks.size() ? region.blocks.get(b + 1) : null;
            block(region.blocks.get(b), next);
        }
        for (Entry entry : entries) {
            entry(entry, Objects.requireNonNull(region.byPc.get(entry.pc)));
        }
        body.finish();
        for (Runnable runnable : late) {
            runnable.run();
        }
        exits.forEach(this::exit);
    }

    private Label label(Block block) {
        return Objects.requireNonNull(labels.get(block));
    }

    // ---- in

    private void entry(Entry entry, Block block) {
        asm.bind(entry.label);
        compareRax(entry.pc);
        asm.jcc(NOT_EQUAL, stubs.out());
        if (usesFloats()) {
            body.beginFloats();
        }
        asm.test(R15, R15, false);
        asm.jcc(SIGN, empty(block, 0));
        load(flow.live(block));
        asm.jmp(label(block));
    }

    private void compareRax(long pc) {
        if (pc == (int) pc) {
            asm.aluImm(CMP, RAX, (int) pc, true);
        } else {
            asm.movImm(RCX, pc);
            asm.alu(CMP, RAX, RCX, true);
        }
    }

    private boolean usesFloats() {
        for (Block block : region.blocks) {
            for (Instruction i : block.instructions) {
                if (NativeBody.usesFloats(i)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void load(int mask) {
        for (int left = mask; left != 0; left &= left - 1) {
            var global = registers.global(Integer.numberOfTrailingZeros(left));
            Mem from = NativeState.at(global.slot());
            if (global.type() == Type.F64) {
                asm.loadScalar(registers.of(global.slot()), from, true);
            } else {
                asm.load(registers.of(global.slot()), from, 3, false, true);
            }
        }
    }

    private void writeBack(int mask) {
        for (int left = mask; left != 0; left &= left - 1) {
            var global = registers.global(Integer.numberOfTrailingZeros(left));
            Mem to = NativeState.at(global.slot());
            int r = registers.of(global.slot());
            if (global.type() == Type.F64) {
                asm.storeScalar(r, to, true);
            } else if (global.type() == Type.I32) {
                asm.movsxd(r, r);
                asm.store(r, to, 3);
            } else {
                asm.store(r, to, 3);
            }
        }
    }

    // ---- blocks

    private void block(Block block, @org.jspecify.annotations.Nullable Block next) {
        asm.bind(label(block));
        int count = block.instructions.size();
        int dirty = flow.dirty(block);
        if (block.loopHead) {
            asm.test(R15, R15, false);
            asm.jcc(SIGN, empty(block, dirty));
        }
        asm.aluImm(SUB, R15, count, false);
        for (int i = 0; i < count; i++) {
            Instruction instruction = block.instructions.get(i);
            int before = dirty;
            dirty |= flow.sets(instruction);
            if (instruction.end == Instruction.End.INTERPRET || tooComplex.contains(instruction.pc)) {
                asm.jmp(exitTo(instruction.pc, before, count - i, false));
                continue;
            }
            current = instruction.pc;
            Label leave = exitTo(instruction.pc, before, count - i, false);
            body.emit(instruction, leave);
            if (i == count - 1) {
                end(instruction, dirty, leave, next);
            }
        }
    }

    /** Where to go with a budget that is used up at the head of a block. */
    private Label empty(Block block, int dirty) {
        var label = new Label();
        late.add(() -> {
            asm.bind(label);
            writeBack(dirty);
            asm.movImm(RAX, block.pc());
            asm.jmp(stubs.out());
        });
        return label;
    }

    /** Where to go with a span that is not in one page of the TLB: tells so, and leaves. */
    private Label straddle(Label leave) {
        var label = new Label();
        late.add(() -> {
            asm.bind(label);
            asm.movImm(RAX, region.entry);
            asm.store(RAX, NativeState.at(NativeState.STRADDLED), 3);
            asm.jmp(leave);
        });
        return label;
    }

    // ---- ends of blocks

    private void end(Instruction last, int dirty, Label leave, @org.jspecify.annotations.Nullable Block next) {
        switch (last.end) {
            case FALL -> go(last.next(), dirty, next);
            case JUMP -> go(last.target, dirty, next);
            case BRANCH -> {
                Node condition = NativeValues.a(last.nodes[last.nodes.length - 1]);
                Block taken = region.byPc.get(last.target);
                asm.jcc(
                        values.conditions.condition(condition),
                        taken != null ? label(taken) : exitTo(last.target, dirty, 0, true));
                go(last.next(), dirty, next);
            }
            case CALL -> asm.jmp(exitTo(last.target, dirty, 0, true));
            case CALL_INDIRECT, INDIRECT -> {
                Node target = NativeValues.a(last.nodes[last.nodes.length - 1]);
                int t = values.use(target);
                asm.mov(RAX, t, target.type == Type.I64);
                writeBack(dirty);
                asm.jmp(stubs.lookup());
            }
            case LEAVE -> asm.jmp(exitTo(last.next(), dirty, 0, false));
            case INTERPRET -> {}
        }
    }

    private void go(long pc, int dirty, @org.jspecify.annotations.Nullable Block next) {
        Block to = region.byPc.get(pc);
        if (to == null) {
            asm.jmp(exitTo(pc, dirty, 0, true));
        } else if (to != next) {
            asm.jmp(label(to));
        }
    }

    // ---- out

    private Label exitTo(long pc, int dirty, int unexecuted, boolean chain) {
        return exits.computeIfAbsent(new Exit(pc, dirty, unexecuted, chain), k -> new Label());
    }

    private void exit(Exit exit, Label label) {
        if (!label.isUsed()) {
            return;
        }
        asm.bind(label);
        writeBack(exit.dirty);
        if (exit.unexecuted != 0) {
            asm.aluImm(ADD, R15, exit.unexecuted, false);
        }
        asm.movImm(RAX, exit.pc);
        if (exit.chain) {
            asm.load(RCX, NativeState.at(NativeState.TABLE), 3, false, true);
            asm.jmpMemory(Mem.at(RCX, UnitTable.index(exit.pc) * 8));
        } else {
            asm.jmp(stubs.out());
        }
    }
}
