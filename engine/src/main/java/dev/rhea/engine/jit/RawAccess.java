package dev.rhea.engine.jit;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.rhea.host.RawMemory;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * The bytecode that touches host memory: the JDK's Unsafe where {@link RawMemory#INTERNAL}, otherwise calls of
 * {@link RawMemory}.
 *
 * <p>Use: {@link #begin}, push the address, (push the value,) {@link #load} or {@link #store}.
 */
final class RawAccess {
    private static final ClassDesc UNSAFE = ClassDesc.of("jdk.internal.misc.Unsafe");
    private static final ClassDesc HOLDER = ClassDesc.of("dev.rhea.engine.jit.RawAccess$Internal");
    private static final ClassDesc RAW = ClassDesc.of("dev.rhea.host.RawMemory");
    private static final ClassDesc[] TYPES = {CD_byte, CD_short, CD_int, CD_long};
    private static final String[] GET = {"getByte", "getShort", "getInt", "getLong"};
    private static final String[] PUT = {"putByte", "putShort", "putInt", "putLong"};
    private static final MethodTypeDesc[] GET_TYPE = new MethodTypeDesc[4];
    private static final MethodTypeDesc[] PUT_TYPE = new MethodTypeDesc[4];

    static {
        for (int i = 0; i < 4; i++) {
            GET_TYPE[i] = MethodTypeDesc.of(TYPES[i], CD_long);
            PUT_TYPE[i] = MethodTypeDesc.of(CD_void, CD_long, TYPES[i]);
        }
    }

    /** Where generated code finds the Unsafe. Loaded only where {@link RawMemory#INTERNAL}. */
    static final class Internal {
        static final jdk.internal.misc.Unsafe U = jdk.internal.misc.Unsafe.getUnsafe();

        private Internal() {}
    }

    private RawAccess() {}

    /** Before the address is pushed. */
    static void begin(CodeBuilder c) {
        if (RawMemory.INTERNAL) {
            c.getstatic(HOLDER, "U", UNSAFE);
        }
    }

    /** Address to value: an int, sign-extended, for sizes up to 4, else a long. */
    static void load(CodeBuilder c, int sizeLog2) {
        if (RawMemory.INTERNAL) {
            c.invokevirtual(UNSAFE, GET[sizeLog2], GET_TYPE[sizeLog2]);
        } else {
            c.invokestatic(RAW, GET[sizeLog2], GET_TYPE[sizeLog2]);
        }
    }

    /** Takes address and value: an int for sizes up to 4, else a long. */
    static void store(CodeBuilder c, int sizeLog2) {
        if (RawMemory.INTERNAL) {
            c.invokevirtual(UNSAFE, PUT[sizeLog2], PUT_TYPE[sizeLog2]);
        } else {
            c.invokestatic(RAW, PUT[sizeLog2], PUT_TYPE[sizeLog2]);
        }
    }
}
