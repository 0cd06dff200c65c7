package dev.rhea.arch.riscv;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** A format that is a type of the IR. */
abstract class IrFloatKind implements FloatKind {
    private final String suffix;
    private final String fmt;
    private final Type type;

    IrFloatKind(String suffix, String fmt, Type type) {
        this.suffix = suffix;
        this.fmt = fmt;
        this.type = type;
    }

    @Override
    public final String suffix() {
        return suffix;
    }

    @Override
    public final String fmt() {
        return fmt;
    }

    @Override
    public final Node binary(RiscvBuilder t, Op op, Node a, Node b, int rounding) {
        return t.fbinary(op, a, b, rounding);
    }

    @Override
    public final Node sqrt(RiscvBuilder t, Node a, int rounding) {
        return t.fsqrt(a, rounding);
    }

    @Override
    public final Node fma(RiscvBuilder t, Node a, Node b, Node c, int rounding) {
        return t.fma(a, b, c, rounding);
    }

    @Override
    public final Node negate(RiscvBuilder t, Node a) {
        return t.fsign(Op.FNEG, a);
    }

    @Override
    public final Node abs(RiscvBuilder t, Node a) {
        return t.fsign(Op.FABS, a);
    }

    @Override
    public final Node compare(RiscvBuilder t, Op op, Node a, Node b) {
        return t.fcompare(op, a, b);
    }

    @Override
    public final Node fromInteger(RiscvBuilder t, Node a, boolean signed, int rounding) {
        return t.fromInteger(type, a, signed, rounding);
    }

    @Override
    public final Node toInteger(RiscvBuilder t, Type to, Node a, boolean signed, int rounding) {
        return t.toInteger(to, a, signed, rounding);
    }

    /** The magnitude of a with a sign made of both signs, on their bits. */
    static Node signBits(RiscvBuilder t, Op op, Node a, Node b, Node signBit) {
        return switch (op) {
            case OR -> t.or(t.and(a, t.not(signBit)), t.and(b, signBit));
            case NOT -> t.or(t.and(a, t.not(signBit)), t.and(t.not(b), signBit));
            case XOR -> t.xor(a, t.and(b, signBit));
            default -> throw new IllegalArgumentException(op + " makes no sign");
        };
    }
}
