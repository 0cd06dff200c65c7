package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;

/** Machine code for what x86 does in RDX:RAX only: division, and products twice as wide. */
final class NativeDivision {
    private final NativeValues values;
    private final Assembler asm;

    NativeDivision(NativeValues values) {
        this.values = values;
        this.asm = values.asm;
    }

    /** Saves RAX and RDX in spill slots where somebody else uses them; not on the stack, since an operand may leave. */
    private int[] save(int d) {
        int[] saved = new int[2];
        for (int i = 0; i < 2; i++) {
            int r = i == 0 ? RAX : RDX;
            if (r != d && !values.isFree(r)) {
                saved[i] = values.spill();
                asm.store(r, NativeState.at(saved[i]), 3);
            }
        }
        return saved;
    }

    private void restore(int[] saved) {
        for (int i = 0; i < 2; i++) {
            if (saved[i] != 0) {
                asm.load(i == 0 ? RAX : RDX, NativeState.at(saved[i]), 3, false, true);
            }
        }
    }

    /** Puts both operands where the one-operand instructions want them: a in RAX, b in RCX. */
    private void operands(Node n, boolean wide) {
        int t = values.use(NativeValues.b(n));
        boolean scratch = values.isScratch(t);
        Mem kept = NativeState.at(scratch ? values.spill() : 0);
        if (scratch) {
            asm.store(t, kept, 3);
            values.give(t);
        }
        int u = values.use(NativeValues.a(n));
        if (u != RAX) {
            asm.mov(RAX, u, wide);
        }
        values.give(u);
        if (scratch) {
            asm.load(RCX, kept, 3, false, true);
        } else {
            asm.mov(RCX, t, wide);
        }
    }

    /** Upper half of a product, by {@link Assembler#MUL} or {@link Assembler#IMUL}. */
    void highProduct(int op, Node n, int d, boolean wide) {
        int[] saved = save(d);
        operands(n, wide);
        asm.unary(op, RCX, wide);
        if (d != RDX) {
            asm.mov(d, RDX, wide);
        }
        restore(saved);
    }

    /** Quotients and remainders, which never trap: see {@link Op#DIVS}. */
    void divide(Node n, int d, boolean wide) {
        boolean signed = n.op == Op.DIVS || n.op == Op.REMS;
        boolean quotient = n.op == Op.DIVS || n.op == Op.DIVU;
        int[] saved = save(d);
        operands(n, wide);
        var zero = new Label();
        var minusOne = new Label();
        var done = new Label();
        asm.test(RCX, RCX, wide);
        asm.jcc(EQUAL, zero);
        if (signed) {
            asm.aluImm(CMP, RCX, -1, wide);
            asm.jcc(EQUAL, minusOne);
            asm.signToRdx(wide);
            asm.unary(IDIV, RCX, wide);
        } else {
            asm.alu(XOR, RDX, RDX, false);
            asm.unary(DIV, RCX, wide);
        }
        if (!quotient) {
            asm.mov(RAX, RDX, wide);
        }
        asm.jmp(done);
        if (signed) {
            asm.bind(minusOne);
            if (quotient) {
                asm.unary(NEG, RAX, wide);
            } else {
                asm.alu(XOR, RAX, RAX, false);
            }
            asm.jmp(done);
        }
        asm.bind(zero);
        if (quotient) {
            asm.alu(XOR, RAX, RAX, false);
        }
        asm.bind(done);
        if (d != RAX) {
            asm.mov(d, RAX, wide);
        }
        restore(saved);
    }
}
