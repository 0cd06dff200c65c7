package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Objects;

/** Floating-point operations: calls of {@link FloatMath}, whose fast paths HotSpot inlines. */
final class FloatEmitter {
    private static final ClassDesc JAVA_MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc MATH = ClassDesc.of("dev.rhea.engine.jit.FloatMath");
    private static final ClassDesc STATE = ClassDesc.of("dev.rhea.engine.fp.FpState");

    private final CodeBuilder c;
    private final Expressions expressions;

    FloatEmitter(CodeBuilder c, Expressions expressions) {
        this.c = c;
        this.expressions = expressions;
    }

    static boolean isFloat(Op op) {
        return switch (op) {
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
                    BITCAST,
                    UNBOX,
                    BOX -> true;
            default -> false;
        };
    }

    private static ClassDesc desc(Type type) {
        return switch (type) {
            case I32 -> CD_int;
            case I64, V128 -> CD_long;
            case F32 -> CD_float;
            case F64 -> CD_double;
        };
    }

    /** Pushes the value. */
    void compute(Node n) {
        Node a = Objects.requireNonNull(n.a);
        Type from = Objects.requireNonNull(a.type);
        Type to = Objects.requireNonNull(n.type);
        switch (n.op) {
            case FADD -> arithmetic(n, "add", 2);
            case FSUB -> arithmetic(n, "sub", 2);
            case FMUL -> arithmetic(n, "mul", 2);
            case FDIV -> arithmetic(n, "div", 2);
            case FSQRT -> arithmetic(n, "sqrt", 1);
            case FMA -> arithmetic(n, "fma", 3);
            case FCVT -> arithmetic(n, to == Type.F64 ? "toDouble" : "toFloat", 1);
            case FROM_S -> arithmetic(n, to == Type.F64 ? "doubleOfSigned" : "floatOfSigned", 1);
            case FROM_U -> arithmetic(n, to == Type.F64 ? "doubleOfUnsigned" : "floatOfUnsigned", 1);
            case TO_S -> arithmetic(n, to == Type.I64 ? "toLong" : "toInt", 1);
            case TO_U -> arithmetic(n, to == Type.I64 ? "toUnsignedLong" : "toUnsignedInt", 1);
            case FEQ -> compare(n, "eq");
            case FLT -> compare(n, "lt");
            case FLE -> compare(n, "le");
            case FNEG -> {
                expressions.push(a);
                if (to == Type.F64) {
                    c.dneg();
                } else {
                    c.fneg();
                }
            }
            case FABS -> {
                expressions.push(a);
                c.invokestatic(JAVA_MATH, "abs", MethodTypeDesc.of(desc(to), desc(to)));
            }
            case BITCAST -> {
                expressions.push(a);
                if (from == Type.F32) {
                    c.invokestatic(
                            java.lang.constant.ConstantDescs.CD_Float, "floatToRawIntBits", Conversions.INT_OF_FLOAT);
                } else if (to == Type.F32) {
                    c.invokestatic(
                            java.lang.constant.ConstantDescs.CD_Float, "intBitsToFloat", Conversions.FLOAT_OF_INT);
                } else {
                    Conversions.convert(c, from, to);
                }
            }
            case BOX -> {
                expressions.push(a);
                Conversions.convert(c, Type.F32, to);
            }
            default -> { // UNBOX
                expressions.push(a);
                Conversions.toBits(c, from);
                c.invokestatic(MATH, "unbox", MethodTypeDesc.of(CD_float, CD_long));
            }
        }
    }

    private void arithmetic(Node n, String name, int operands) {
        var types = new ClassDesc[operands + 2];
        types[0] = STATE;
        c.aload(Locals.FP);
        Node[] all = {n.a, n.b, n.c};
        for (int i = 0; i < operands; i++) {
            Node operand = Objects.requireNonNull(all[i]);
            expressions.push(operand);
            types[i + 1] = desc(Objects.requireNonNull(operand.type));
        }
        c.loadConstant((int) n.imm);
        types[operands + 1] = CD_int;
        c.invokestatic(MATH, name, MethodTypeDesc.of(desc(Objects.requireNonNull(n.type)), types));
    }

    private void compare(Node n, String name) {
        Node a = Objects.requireNonNull(n.a);
        ClassDesc type = desc(Objects.requireNonNull(a.type));
        c.aload(Locals.FP);
        expressions.push(a);
        expressions.push(Objects.requireNonNull(n.b));
        c.invokestatic(MATH, name, MethodTypeDesc.of(CD_int, STATE, type, type));
    }
}
