package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_Short;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/** Turns the byte order of the value on top of the stack. */
final class Swap {
    private Swap() {}

    static void emit(CodeBuilder c, int log2) {
        switch (log2) {
            case 1 -> c.invokestatic(CD_Short, "reverseBytes", MethodTypeDesc.of(CD_short, CD_short));
            case 2 -> c.invokestatic(CD_Integer, "reverseBytes", MethodTypeDesc.of(CD_int, CD_int));
            case 3 -> c.invokestatic(CD_Long, "reverseBytes", MethodTypeDesc.of(CD_long, CD_long));
            default -> {}
        }
    }
}
