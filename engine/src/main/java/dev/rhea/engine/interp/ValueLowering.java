package dev.rhea.engine.interp;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** Lowers operations on integers, and hands those on floating-point numbers on. */
final class ValueLowering {
    private final Operands operands;
    private final Fusion fusion;
    private final FloatLowering floats;

    ValueLowering(Operands operands) {
        this.operands = operands;
        this.fusion = operands.fusion;
        this.floats = new FloatLowering(operands);
    }

    /** Lowers an operation that has a value and no other effect. */
    void value(int i, Node n) {
        Node a = Operands.operand(n.a);
        switch (n.op) {
            case TRUNC -> {}
            case SEXT32, BOX -> {
                if (!Fusion.isAlias(n)) {
                    int source = operands.raw(a);
                    operands.emit(MicroOp.word(
                            n.op == Op.BOX ? MicroOp.UNBOX : MicroOp.SEXTW, operands.destination(i), source, 0));
                }
            }
            case UNBOX -> {}
            case ZEXT32 -> {
                int source = operands.raw(a);
                operands.emit(MicroOp.word(MicroOp.ZEXTW, operands.destination(i), source, 0));
            }
            case NEG, NOT, CLZ, CTZ, POPCNT, BSWAP, BITREV, SEXT8, SEXT16, ZEXT8, ZEXT16 -> {
                int source = operands.raw(a);
                int base = n.type == Type.I64 ? MicroOp.UNARY : MicroOp.UNARYW;
                operands.emit(
                        MicroOp.word(base + n.op.ordinal() - Op.NEG.ordinal(), operands.destination(i), source, 0));
            }
            case EQ, NE, LTS, GES, LTU, GEU -> compare(i, n, a, Operands.operand(n.b));
            case SELECT -> {
                int condition = operands.canonical(a);
                int yes = operands.canonical(Operands.operand(n.b));
                int no = operands.canonical(Operands.operand(n.c));
                operands.emit(MicroOp.word(MicroOp.SELECT, operands.destination(i), condition, yes, no));
            }
            case FADD,
                    FSUB,
                    FMUL,
                    FDIV,
                    FSQRT,
                    FMA,
                    FNEG,
                    FABS,
                    FEQ,
                    FLT,
                    FLE,
                    FCVT,
                    FROM_S,
                    FROM_U,
                    TO_S,
                    TO_U,
                    BITCAST -> floats.value(i, n, a);
            default -> binary(i, n, a, Operands.operand(n.b));
        }
    }

    private void compare(int i, Node n, Node a, Node b) {
        int x = operands.canonical(a);
        if (b.isConst() && MicroOp.fits(b.imm, 36) && (n.op == Op.LTS || n.op == Op.LTU)) {
            operands.emit(
                    MicroOp.word(n.op == Op.LTS ? MicroOp.LTSI : MicroOp.LTUI, operands.destination(i), x, b.imm));
            return;
        }
        int y = operands.canonical(b);
        int op = n.op == Op.LTS
                ? MicroOp.LTS
                : n.op == Op.LTU ? MicroOp.LTU : MicroOp.COMPARE + n.op.ordinal() - Op.EQ.ordinal();
        operands.emit(MicroOp.word(op, operands.destination(i), x, y, 0));
    }

    private void binary(int i, Node n, Node a, Node b) {
        boolean wide = n.type == Type.I64;
        // Bitwise operations on canonical values give canonical ones, whatever the width.
        boolean bitwise = n.op == Op.AND || n.op == Op.OR || n.op == Op.XOR;
        boolean as64 = wide || bitwise && Fusion.isCanonical(a) && Fusion.isCanonical(b);
        if (b.isConst()) {
            long imm = n.op == Op.SUB ? -b.imm : b.imm;
            int op = immediate(n.op, as64);
            if (op != 0 && MicroOp.fits(imm, 36)) {
                int x = operands.raw(a);
                operands.emit(MicroOp.word(op, operands.destination(i), x, imm));
                return;
            }
        }
        if (fusion.isFused(a) && a.op == Op.SHL) {
            int x = operands.raw(Operands.operand(a.a));
            int y = operands.raw(b);
            operands.emit(MicroOp.word(MicroOp.SHADD, operands.destination(i), x, y, Operands.operand(a.b).imm));
            return;
        }
        if (fusion.isFused(b) && b.op == Op.NOT) {
            int op = n.op == Op.AND ? MicroOp.ANDN : n.op == Op.OR ? MicroOp.ORN : MicroOp.XORN;
            int x = operands.raw(a);
            int y = operands.raw(Operands.operand(b.a));
            operands.emit(MicroOp.word(op, operands.destination(i), x, y, 0));
            return;
        }
        int x = operands.raw(a);
        int y = operands.raw(b);
        operands.emit(MicroOp.word(registers(n.op, as64), operands.destination(i), x, y, 0));
    }

    /** The operation with an immediate, or 0 if there is none. */
    private static int immediate(Op op, boolean wide) {
        return switch (op) {
            case ADD, SUB -> wide ? MicroOp.ADDI : MicroOp.ADDIW;
            case AND -> wide ? MicroOp.ANDI : 0;
            case OR -> wide ? MicroOp.ORI : 0;
            case XOR -> wide ? MicroOp.XORI : 0;
            case SHL -> wide ? MicroOp.SHLI : MicroOp.SHLIW;
            case SHR -> wide ? MicroOp.SHRI : MicroOp.SHRIW;
            case SAR -> wide ? MicroOp.SARI : MicroOp.SARIW;
            case ROTR -> wide ? MicroOp.ROTRI : MicroOp.ROTRIW;
            default -> 0;
        };
    }

    private static int registers(Op op, boolean wide) {
        return switch (op) {
            case ADD -> wide ? MicroOp.ADD : MicroOp.ADDW;
            case SUB -> wide ? MicroOp.SUB : MicroOp.SUBW;
            case MUL -> wide ? MicroOp.MUL : MicroOp.MULW;
            case AND -> wide ? MicroOp.AND : MicroOp.BINARYW + 3;
            case OR -> wide ? MicroOp.OR : MicroOp.BINARYW + 4;
            case XOR -> wide ? MicroOp.XOR : MicroOp.BINARYW + 5;
            case SHL -> wide ? MicroOp.SHL : MicroOp.SHLW;
            case SHR -> wide ? MicroOp.SHR : MicroOp.SHRW;
            case SAR -> wide ? MicroOp.SAR : MicroOp.SARW;
            default -> (wide ? MicroOp.BINARY : MicroOp.BINARYW) + op.ordinal() - Op.ADD.ordinal();
        };
    }
}
