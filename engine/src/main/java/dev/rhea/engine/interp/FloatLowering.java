package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** Lowers operations on floating-point numbers. */
final class FloatLowering {
    private final Operands operands;

    FloatLowering(Operands operands) {
        this.operands = operands;
    }

    void value(int i, Node n, Node a) {
        boolean wide = n.type == Type.F64;
        boolean wideSource = a.type == Type.F64;
        long rounding = n.imm << 8;
        switch (n.op) {
            case FADD, FSUB, FMUL, FDIV -> {
                int op = MicroOp.FADD + 2 * (n.op.ordinal() - Op.FADD.ordinal()) + (wide ? 1 : 0);
                int x = operands.raw(a);
                int y = operands.raw(Operands.operand(n.b));
                operands.emit(MicroOp.word(op, operands.destination(i), x, y, rounding));
            }
            case FMA -> {
                int x = operands.raw(a);
                int y = operands.raw(Operands.operand(n.b));
                int z = operands.raw(Operands.operand(n.c));
                operands.emit(MicroOp.word(MicroOp.FMA + (wide ? 1 : 0), operands.destination(i), x, y, z | rounding));
            }
            case FEQ, FLT, FLE -> {
                int op = MicroOp.FEQ + 2 * (n.op.ordinal() - Op.FEQ.ordinal()) + (wideSource ? 1 : 0);
                int x = operands.raw(a);
                int y = operands.raw(Operands.operand(n.b));
                operands.emit(MicroOp.word(op, operands.destination(i), x, y, 0));
            }
            case FSQRT -> unaryFloat(i, MicroOp.FSQRT + (wide ? 1 : 0), a, rounding);
            case FNEG -> unaryFloat(i, MicroOp.FNEG + (wide ? 1 : 0), a, 0);
            case FABS -> unaryFloat(i, MicroOp.FABS + (wide ? 1 : 0), a, 0);
            case FCVT -> unaryFloat(i, MicroOp.FCVT + (wide ? 1 : 0), a, rounding);
            case FROM_S, FROM_U ->
                unaryFloat(
                        i,
                        MicroOp.FROM_INT + (wide ? 1 : 0),
                        a,
                        rounding | (a.type == Type.I64 ? 1L << 11 : 0) | (n.op == Op.FROM_S ? 1L << 12 : 0));
            case TO_S, TO_U ->
                unaryFloat(
                        i,
                        MicroOp.TO_INT + (wideSource ? 1 : 0),
                        a,
                        rounding | (n.type == Type.I64 ? 1L << 11 : 0) | (n.op == Op.TO_S ? 1L << 12 : 0));
            default -> {
                int x = operands.raw(a);
                int op = n.type == Type.F32
                        ? MicroOp.FLOAT_FROM_BITS
                        : a.type == Type.F32 ? MicroOp.FLOAT_TO_BITS : MicroOp.MOV;
                operands.emit(MicroOp.word(op, operands.destination(i), x, 0, 0));
            }
        }
    }

    private void unaryFloat(int i, int op, Node a, long flags) {
        int x = operands.raw(a);
        operands.emit(MicroOp.word(op, operands.destination(i), x, 0, flags));
    }
}
