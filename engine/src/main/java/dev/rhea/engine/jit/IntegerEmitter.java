package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Bytecode for operations on integers that are on the operand stack already. */
final class IntegerEmitter {
    private static final ClassDesc JAVA_MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc INTEGER_MATH = ClassDesc.of("dev.rhea.engine.jit.IntegerMath");
    private static final MethodTypeDesc I_II = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final MethodTypeDesc L_LL = MethodTypeDesc.of(CD_long, CD_long, CD_long);

    private final CodeBuilder c;

    IntegerEmitter(CodeBuilder c) {
        this.c = c;
    }

    /** An int that an operation gave, as the type of its result. */
    void extend(boolean wide) {
        if (wide) {
            c.i2l();
        }
    }

    /** One of two instructions by the width. */
    void operate(boolean wide, Opcode ifWide, Opcode ifInt) {
        c.with(OperatorInstruction.of(wide ? ifWide : ifInt));
    }

    /** ADD to XOR. */
    void arithmetic(Op op, Type type) {
        boolean wide = type == Type.I64;
        switch (op) {
            case ADD -> operate(wide, Opcode.LADD, Opcode.IADD);
            case SUB -> operate(wide, Opcode.LSUB, Opcode.ISUB);
            case MUL -> operate(wide, Opcode.LMUL, Opcode.IMUL);
            case AND -> operate(wide, Opcode.LAND, Opcode.IAND);
            case OR -> operate(wide, Opcode.LOR, Opcode.IOR);
            default -> operate(wide, Opcode.LXOR, Opcode.IXOR);
        }
    }

    /** What the JVM has a method for, or we have. */
    void method(Op op, boolean wide) {
        MethodTypeDesc type = wide ? L_LL : I_II;
        switch (op) {
            case MULHS -> c.invokestatic(wide ? JAVA_MATH : INTEGER_MATH, wide ? "multiplyHigh" : "mulhs", type);
            case MULHU ->
                c.invokestatic(wide ? JAVA_MATH : INTEGER_MATH, wide ? "unsignedMultiplyHigh" : "mulhu", type);
            case MINS -> c.invokestatic(JAVA_MATH, "min", type);
            case MAXS -> c.invokestatic(JAVA_MATH, "max", type);
            case DIVS -> c.invokestatic(INTEGER_MATH, "divs", type);
            case DIVU -> c.invokestatic(INTEGER_MATH, "divu", type);
            case REMS -> c.invokestatic(INTEGER_MATH, "rems", type);
            case REMU -> c.invokestatic(INTEGER_MATH, "remu", type);
            case MINU -> c.invokestatic(INTEGER_MATH, "minu", type);
            default -> c.invokestatic(INTEGER_MATH, "maxu", type);
        }
    }
}
