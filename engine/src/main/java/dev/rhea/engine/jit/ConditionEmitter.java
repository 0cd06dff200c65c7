package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.MethodTypeDesc;

/** Bytecode for jumps on comparisons of integers. */
final class ConditionEmitter {
    private static final MethodTypeDesc I_II = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final MethodTypeDesc I_LL = MethodTypeDesc.of(CD_int, CD_long, CD_long);

    private final CodeBuilder c;
    private final Expressions expressions;

    ConditionEmitter(CodeBuilder c, Expressions expressions) {
        this.c = c;
        this.expressions = expressions;
    }

    /** Jumps if the I32 condition is not 0 (or, with {@code sense} false, if it is 0). */
    void branch(Node condition, boolean sense, Label to) {
        boolean comparison = switch (condition.op) {
            case EQ, NE, LTS, GES, LTU, GEU -> !expressions.isKept(condition);
            default -> false;
        };
        if (!comparison) {
            expressions.push(condition);
            if (sense) {
                c.ifne(to);
            } else {
                c.ifeq(to);
            }
            return;
        }
        Node a = Expressions.a(condition);
        Node b = Expressions.b(condition);
        boolean ints = a.type == Type.I32 || Narrow.isNarrow(a) && Narrow.isNarrow(b);
        Op op = sense ? condition.op : inverse(condition.op);
        if (op == Op.LTU || op == Op.GEU) {
            unsigned(op, a, b, ints, to);
        } else if (ints) {
            expressions.pushInt(a);
            if (b.isConst(0)) {
                c.branch(zero(op), to);
            } else {
                expressions.pushInt(b);
                c.branch(two(op), to);
            }
        } else {
            expressions.push(a);
            expressions.push(b);
            c.lcmp().branch(zero(op), to);
        }
    }

    private void unsigned(Op op, Node a, Node b, boolean ints, Label to) {
        if (ints) {
            expressions.pushInt(a);
            expressions.pushInt(b);
            c.invokestatic(CD_Integer, "compareUnsigned", I_II);
        } else {
            expressions.push(a);
            expressions.push(b);
            c.invokestatic(CD_Long, "compareUnsigned", I_LL);
        }
        c.branch(op == Op.LTU ? Opcode.IFLT : Opcode.IFGE, to);
    }

    private static Op inverse(Op op) {
        return switch (op) {
            case EQ -> Op.NE;
            case NE -> Op.EQ;
            case LTS -> Op.GES;
            case GES -> Op.LTS;
            case LTU -> Op.GEU;
            default -> Op.LTU;
        };
    }

    private static Opcode zero(Op op) {
        return switch (op) {
            case EQ -> Opcode.IFEQ;
            case NE -> Opcode.IFNE;
            case LTS -> Opcode.IFLT;
            default -> Opcode.IFGE;
        };
    }

    private static Opcode two(Op op) {
        return switch (op) {
            case EQ -> Opcode.IF_ICMPEQ;
            case NE -> Opcode.IF_ICMPNE;
            case LTS -> Opcode.IF_ICMPLT;
            default -> Opcode.IF_ICMPGE;
        };
    }
}
