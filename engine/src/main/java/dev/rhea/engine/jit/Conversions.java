package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_Double;
import static java.lang.constant.ConstantDescs.CD_Float;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.rhea.engine.ir.Type;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/** Values on the operand stack as the 64 bits of a register, and back: I32 sign-extended, F32 NaN-boxed, F64 its bits. */
final class Conversions {
    static final MethodTypeDesc LONG_OF_DOUBLE = MethodTypeDesc.of(CD_long, CD_double);
    static final MethodTypeDesc DOUBLE_OF_LONG = MethodTypeDesc.of(CD_double, CD_long);
    static final MethodTypeDesc INT_OF_FLOAT = MethodTypeDesc.of(CD_int, CD_float);
    static final MethodTypeDesc FLOAT_OF_INT = MethodTypeDesc.of(CD_float, CD_int);

    private static final long BOX = 0xffffffff_00000000L;

    private Conversions() {}

    static void toBits(CodeBuilder c, Type type) {
        switch (type) {
            case I32 -> c.i2l();
            case F32 -> {
                c.invokestatic(CD_Float, "floatToRawIntBits", INT_OF_FLOAT).i2l();
                c.loadConstant(BOX).lor();
            }
            case F64 -> c.invokestatic(CD_Double, "doubleToRawLongBits", LONG_OF_DOUBLE);
            default -> {}
        }
    }

    static void fromBits(CodeBuilder c, Type type) {
        switch (type) {
            case I32 -> c.l2i();
            case F32 -> c.l2i().invokestatic(CD_Float, "intBitsToFloat", FLOAT_OF_INT);
            case F64 -> c.invokestatic(CD_Double, "longBitsToDouble", DOUBLE_OF_LONG);
            default -> {}
        }
    }

    /** From one type to another by way of the register's bits. */
    static void convert(CodeBuilder c, Type from, Type to) {
        if (from != to) {
            toBits(c, from);
            fromBits(c, to);
        }
    }
}
