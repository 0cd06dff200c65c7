package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.fp.FpFlags;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Machine code for all that an instruction does before it jumps. R14 is the soft TLB. */
final class NativeBody {
    private final Assembler asm;
    private final NativeValues values;
    private final NativeAtomics atomics;
    private final Spans spans;
    private final UnaryOperator<Label> straddle;
    /** Code out of the way. */
    private final List<Runnable> late = new ArrayList<>();

    /** @param straddle from where to go with an instruction to where to go because of a span that is not in one page */
    NativeBody(NativeValues values, Spans spans, UnaryOperator<Label> straddle) {
        this.asm = values.asm;
        this.values = values;
        this.spans = spans;
        this.straddle = straddle;
        atomics = new NativeAtomics(values);
    }

    /** Emits what is out of the way, behind the last instruction that it is for. */
    void finish() {
        late.forEach(Runnable::run);
        late.clear();
    }

    /** Forgets what was to be {@link #finish finished}. */
    void abandon() {
        late.clear();
    }

    /** Whether {@link #beginFloats} has to come before it. */
    static boolean usesFloats(Instruction instruction) {
        for (Node n : instruction.nodes) {
            if (FloatEmitter.isFloat(n.op) || n.op == Op.CALL) {
                return true;
            }
        }
        return false;
    }

    /** Has MXCSR collect the guest's flags from here on, if it does not yet. */
    void beginFloats() {
        var ready = new Label();
        asm.aluImm(CMP, NativeState.at(NativeState.FLOATS), 0, false);
        asm.jcc(NOT_EQUAL, ready);
        asm.storeImm(NativeState.at(NativeState.FLOATS), 1, false);
        asm.ldmxcsr(NativeState.at(NativeState.MXCSR_CLEAR));
        asm.bind(ready);
    }

    /** @param leave where to go, with nothing done, where only the interpreter gets on */
    void emit(Instruction instruction, Label leave) {
        Node[] nodes = instruction.nodes;
        Schedule schedule = Schedule.of(instruction);
        values.begin(instruction, schedule, leave);
        int lastLeave = -1;
        for (int i = 0; i < nodes.length; i++) {
            if (mayLeave(nodes[i])) {
                lastLeave = i;
            }
        }
        for (int i = 0; i < nodes.length; i++) {
            Node n = nodes[i];
            if (schedule.needed(n)) {
                statement(n, schedule, i < lastLeave, leave);
            }
            if (i == lastLeave) {
                values.commit();
            }
        }
    }

    /** Floating-point operations may leave, too; they do so before the write of their result, which follows them. */
    private static boolean mayLeave(Node n) {
        return Instruction.mayLeave(n) || n.op.effect() && FloatEmitter.isFloat(n.op);
    }

    private void statement(Node n, Schedule schedule, boolean putOff, Label leave) {
        switch (n.op) {
            case SET -> values.set(n, putOff);
            case LOAD -> {
                check(n, leave);
                if (!schedule.inline(n)) {
                    values.keep(n);
                }
            }
            case STORE -> {
                check(n, leave);
                values.memory.store(n);
                if (n.mem().order() == MemOp.Order.SEQ_CST) {
                    asm.fullFence();
                }
            }
            case RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE -> {
                check(n, leave);
                atomics.access(n);
            }
            case CALL -> {
                if (n.helper() == FpFlags.READ_FLAGS) {
                    values.floats.readFlags(n);
                } else {
                    values.floats.writeFlags(n);
                }
            }
            case FENCE -> {
                if (n.imm == 0) { // x86 keeps all other orders by itself
                    asm.fullFence();
                }
            }
            case GIVE_UP_IF -> asm.jcc(values.conditions.condition(NativeValues.a(n)), leave);
            case TRAP_IF -> asm.jcc(values.conditions.condition(NativeValues.b(n)), leave);
            case JUMP, JUMP_IF, JUMP_TO, LEAVE -> {}
            default -> {
                if (!schedule.inline(n)) {
                    values.keep(n);
                }
            }
        }
    }

    // ---- memory

    /** Checks that the page is here, and takes a register for the host address. */
    private void check(Node n, Label miss) {
        Spans.Span span = spans.of(n);
        int h = values.take();
        if (span == null) {
            values.memory.address(n, h);
            checkPage(n, h, n.mem().size(), n.op != Op.LOAD && n.op != Op.LOAD_EXCLUSIVE, miss);
            values.memory.checked(n, h, 0);
            return;
        }
        Mem checked = NativeState.at(NativeState.SPANS + span.number());
        if (span.leader == n) {
            values.memory.address(n, h);
            if (span.below() != 0) {
                asm.aluImm(ADD, h, span.below(), true);
            }
            checkPage(n, h, span.size(), span.write, straddle.apply(miss));
            asm.store(h, checked, 3);
        } else {
            asm.load(h, checked, 3, false, true);
        }
        values.memory.checked(n, h, spans.offset(n));
    }

    /** Turns the guest address in a register into the host's. See {@link Tlb} for why the check is right. */
    private void checkPage(Node n, int h, int size, boolean write, Label miss) {
        int e = values.take();
        asm.mov(e, h, true);
        asm.shift(SHR, e, Tlb.INDEX_SHIFT, true);
        asm.aluImm(AND, e, (int) Tlb.INDEX_MASK, false);
        if (n.mem().aligned() || size == 1) {
            asm.mov(RCX, h, true);
            asm.aluImm(AND, RCX, (int) Mmu.PAGE_MASK | (n.mem().aligned() ? size - 1 : 0), true);
        } else {
            asm.lea(RCX, Mem.at(h, size - 1), true);
            asm.aluImm(AND, RCX, (int) Mmu.PAGE_MASK, true);
        }
        var tag = new Mem(R14, e, write ? Tlb.WRITE_TAG : Tlb.READ_TAG);
        var beside = new Label();
        var known = new Label();
        asm.alu(CMP, RCX, tag, true);
        asm.jcc(NOT_EQUAL, beside);
        asm.bind(known);
        late.add(() -> {
            asm.bind(beside);
            asm.aluImm(XOR, e, Tlb.BESIDE, false);
            asm.alu(CMP, RCX, tag, true);
            asm.jcc(EQUAL, known);
            asm.jmp(miss);
        });
        asm.alu(ADD, h, new Mem(R14, e, write ? Tlb.WRITE_ADDEND : Tlb.READ_ADDEND), true);
        values.give(e);
    }
}
