package dev.rhea.arch.riscv;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/**
 * One floating-point format as rows see it: how its values are read from f registers, computed with and written back.
 * {@link FloatRows} is written once in these words; F and D are operations of the IR, Zfh calls soft-float.
 */
interface FloatKind {
    /** As in a mnemonic: {@code s}. */
    String suffix();

    /** The {@code fmt} field: unprivileged manual, table "Format field encoding". */
    String fmt();

    Node read(RiscvBuilder t, int f);

    void write(RiscvBuilder t, int f, Node value);

    /** FADD, FSUB, FMUL, FDIV. */
    Node binary(RiscvBuilder t, Op op, Node a, Node b, int rounding);

    Node sqrt(RiscvBuilder t, Node a, int rounding);

    Node fma(RiscvBuilder t, Node a, Node b, Node c, int rounding);

    Node negate(RiscvBuilder t, Node a);

    Node abs(RiscvBuilder t, Node a);

    /** FEQ, FLT, FLE. */
    Node compare(RiscvBuilder t, Op op, Node a, Node b);

    Node fromInteger(RiscvBuilder t, Node a, boolean signed, int rounding);

    Node toInteger(RiscvBuilder t, Type to, Node a, boolean signed, int rounding);

    /** a with b's sign (OR), with the opposite of b's sign (NOT), or with the two signs multiplied (XOR). */
    Node sign(RiscvBuilder t, Op op, Node a, Node b);

    // ---- what the IR has no operation for

    Helper min();

    Helper max();

    /** Zfa: a NaN wins. */
    Helper minNan();

    Helper maxNan();

    Helper ltQuiet();

    Helper leQuiet();

    Helper classify();

    /** By rounding mode. */
    Helper roundToIntegral(int rounding, boolean exact);

    /** A helper that may set flags. */
    static Helper flagging(String name, Type result, Helper.Code code) {
        return Helper.of(name, result, code, Effect.IMPURE);
    }

    /** A comparison's result. */
    static long flag(boolean value) {
        return value ? 1 : 0;
    }
}
