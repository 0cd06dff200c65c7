package dev.rhea.engine.interp;

import static dev.rhea.engine.jit.NativeTemplate.*;
import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.jit.NativeFrame;
import dev.rhea.engine.jit.NativeState;
import dev.rhea.engine.jit.NativeTemplate;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;

/** Emits the pieces of {@link TemplateLoop}. */
final class Templates extends TemplateCode {
    private final NativeTemplate template;
    private final Meaning meaning;
    private Label rare = new Label();

    Templates(Assembler asm, Isa isa) {
        super(asm, isa);
        template = new NativeTemplate(asm);
        meaning = new Meaning(isa.addressType());
    }

    // ---- in and out

    /** Called from Java: RDI is the state. */
    void enter() {
        asm.clear();
        NativeFrame.enter(asm);
        load(R11, NativeState.PIECES);
        load(R12, NativeState.WORD);
        asm.load(R15, NativeState.at(NativeState.LEFT), 2, false, false);
        dispatch();
    }

    /** Called from Java: RDI is the state, RSI the code of a region. */
    void enterRegion() {
        asm.clear();
        NativeFrame.enter(asm);
        load(RAX, NativeState.TARGET);
        asm.load(R15, NativeState.at(NativeState.LEFT), 2, false, false);
        asm.alu(ADD, R15, NativeState.at(NativeState.BASE), false);
        asm.jmpRegister(RSI);
    }

    /**
     * From a region, with the next address in RAX and the budget in R15. A region for it may be in its second place. Whoever comes
     * here again with the same budget was there in vain; if there is a region word all the same, that region was not found, or got
     * nowhere, and Java has to help.
     */
    void leaveRegion() {
        asm.clear();
        var second = new Label();
        var out = new Label();
        var elsewhere = new Label();
        var stuck = new Label();
        asm.alu(CMP, RAX, NativeState.at(NativeState.SECOND), true);
        asm.jcc(NOT_EQUAL, second);
        asm.alu(CMP, R15, NativeState.at(NativeState.SECOND_BUDGET), false);
        asm.jcc(NOT_EQUAL, second);
        store(RAX, NativeState.TARGET);
        asm.mov(RCX, R15, false);
        asm.test(R15, R15, false);
        asm.load(R15, NativeState.at(NativeState.LEFT), 2, false, false);
        asm.jcc(SIGN, out);
        asm.aluImm(SUB, NativeState.at(NativeState.CALLS), 1, true);
        asm.jcc(SIGN, out);
        asm.alu(SUB, RCX, R15, false);
        asm.store(RCX, NativeState.at(NativeState.BASE), 2);
        place(elsewhere);
        load(R11, NativeState.PIECES);
        asm.load(RBX, Mem.at(R12, 0), 3, false, true);
        asm.mov(RAX, RBX, true);
        asm.shift(SHR, RAX, 64 - ABOVE, true);
        asm.aluImm(CMP, RAX, MicroOp.REGION, false);
        asm.jcc(EQUAL, stuck);
        asm.jmpMemory(Mem.element(R11, RAX));
        asm.bind(second);
        store(RAX, NativeState.SECOND);
        asm.store(R15, NativeState.at(NativeState.SECOND_BUDGET), 2);
        NativeFrame.lookupSecond(asm);
        asm.bind(out);
        asm.alu(SUB, RCX, R15, false);
        asm.store(RCX, NativeState.at(NativeState.BASE), 2);
        out(Loop.OUT);
        asm.bind(elsewhere);
        out(Loop.ELSEWHERE);
        asm.bind(stuck);
        out(Loop.STUCK);
    }

    /** Back to Java with an answer. */
    void leave(int exit) {
        asm.clear();
        out(exit);
    }

    // ---- pieces

    /** Assembles the piece for {@link MicroOp#form}; false for what Java has to do. */
    boolean make(int form) {
        asm.clear();
        int op = form & 255;
        length = (form >> 8) * 8;
        rare = new Label();
        if (op == MicroOp.NEXT_PAGE) {
            nextPage();
        } else if (op == MicroOp.REGION) {
            region();
        } else if (length == 0 || !piece(op)) {
            return false;
        }
        template.finish();
        if (rare.isUsed()) {
            asm.bind(rare);
            out(Loop.RARE);
        }
        return true;
    }

    private boolean piece(int op) {
        if (op >= MicroOp.BRANCH_IN && op < MicroOp.JUMP_IN) {
            branch(op);
            return true;
        }
        switch (op) {
            case MicroOp.JUMP_IN -> jumpIn();
            case MicroOp.LINK_IN -> {
                link();
                jumpIn();
            }
            case MicroOp.JUMP_OUT, MicroOp.LINK_OUT -> {
                pc(RAX);
                immediate(RCX, 36);
                asm.alu(ADD, RAX, RCX, true);
                jumpOut(op);
            }
            case MicroOp.INDIRECT, MicroOp.INDIRECT_LINK, MicroOp.INDIRECT_EVEN, MicroOp.INDIRECT_EVEN_LINK -> {
                slotA(RCX);
                immediate(RAX, 36);
                asm.alu(ADD, RAX, RCX, true);
                jumpOut(op);
            }
            case MicroOp.PC -> {
                pc(D_REGISTER);
                immediate(RCX, 36);
                asm.alu(ADD, D_REGISTER, RCX, true);
                if (narrow) {
                    asm.movsxd(D_REGISTER, D_REGISTER);
                }
                result();
                next();
            }
            case MicroOp.NOP -> next();
            default -> {
                return operation(op);
            }
        }
        return true;
    }

    private boolean operation(int op) {
        if (!meaning.say(op)) {
            return false;
        }
        if (meaning.dynamicRounding) {
            asm.mov(RAX, RBX, true);
            asm.shift(SHR, RAX, 32, true);
            asm.aluImm(AND, RAX, 7, false);
            asm.aluImm(CMP, RAX, Rounding.DYNAMIC, false);
            asm.jcc(NOT_EQUAL, rare);
        }
        operands();
        if (!template.emit(meaning.nodes(), rare)) {
            return false;
        }
        if (meaning.result) {
            result();
        }
        next();
        return true;
    }

    // ---- operands

    private void operands() {
        operand(meaning.a, A_REGISTER);
        operand(meaning.b, B_REGISTER);
        operand(meaning.c, C_REGISTER);
    }

    private void operand(Meaning.Source source, int r) {
        switch (source) {
            case NONE -> {}
            case SLOT_A -> slotA(r);
            case SLOT_B -> slot(r, 16);
            case SLOT_C -> slot(r, 24);
            case SLOT_D -> slot(r, 0);
            case IMM28 -> immediate(r, 28);
            case DISPLACEMENT -> immediate(r, 33);
            case IMM36 -> immediate(r, 36);
            case IMM44 -> immediate(r, 44);
        }
    }

    // ---- on to the next word

    private void branch(int op) {
        boolean in = op < MicroOp.BRANCH_OUT;
        meaning.sayCondition(op - (in ? MicroOp.BRANCH_IN : MicroOp.BRANCH_OUT));
        operands();
        var taken = new Label();
        asm.jcc(template.condition(meaning.nodes()), taken);
        next();
        asm.bind(taken);
        if (in) {
            jumpIn();
        } else {
            pc(RAX);
            immediate(RCX, 28);
            asm.alu(ADD, RAX, RCX, true);
            jumpOut(op);
        }
    }

    /** To a word of the same page. */
    private void jumpIn() {
        immediate(RAX, 28);
        asm.alu(ADD, R12, RAX, true);
        asm.aluImm(SUB, R15, 1, false);
        var over = new Label();
        asm.jcc(SIGN, over);
        dispatch();
        asm.bind(over);
        pc(RAX);
        store(RAX, NativeState.TARGET);
        out(Loop.SLICE);
    }

    /** To the address in RAX, in any page. */
    private void jumpOut(int op) {
        if (narrow) {
            asm.mov(RAX, RAX, false);
        }
        if (op >= MicroOp.INDIRECT_EVEN) {
            asm.aluImm(AND, RAX, -2, true);
        }
        if (op >= MicroOp.LINK_OUT && (op & 1) == 0) {
            link();
        }
        var over = new Label();
        var elsewhere = new Label();
        asm.aluImm(SUB, R15, 1, false);
        asm.jcc(SIGN, over);
        asm.alu(CMP, RAX, NativeState.at(NativeState.STOP), true);
        asm.jcc(EQUAL, over);
        place(elsewhere);
        dispatch();
        asm.bind(over);
        store(RAX, NativeState.TARGET);
        out(Loop.SLICE);
        asm.bind(elsewhere);
        store(RAX, NativeState.TARGET);
        out(Loop.ELSEWHERE);
    }

    /** To the region that begins here, if some table for machine code is there. */
    private void region() {
        asm.aluImm(CMP, NativeState.at(NativeState.TABLE), 0, true);
        asm.jcc(EQUAL, rare);
        pc(RAX);
        if (narrow) {
            asm.mov(RAX, RAX, false);
        }
        asm.store(R15, NativeState.at(NativeState.LEFT), 2);
        asm.alu(ADD, R15, NativeState.at(NativeState.BASE), false);
        NativeFrame.lookup(asm);
    }

    /** From behind the last word of a page, or from a word aside, to where the code goes on. */
    private void nextPage() {
        asm.aluImm(CMP, R15, -Interpreter.OVERTIME, false);
        asm.jcc(LESS, rare);
        pc(RAX);
        if (narrow) {
            asm.mov(RAX, RAX, false);
        }
        place(rare);
        dispatch();
    }
}
