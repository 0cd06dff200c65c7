package dev.rhea.arch.riscv;

import dev.rhea.engine.fp.F16;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.fp.MinMax;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/**
 * binary16: the Zfh extension. The IR has no such type: a value is an I64 with the number in its low 16 bits, unboxed when
 * read (a broken box is the canonical NaN) and boxed when written.
 */
final class HalfKind implements FloatKind {
    static final HalfKind H = new HalfKind();

    /** By rounding mode as rm encodes it. */
    private interface Rounded {
        long apply(FpState s, long a, long b, long c, int rounding);
    }

    private static final Helper UNBOX = Helper.pure("unbox.h", Type.I64, (cpu, a, b, c) -> unbox(a));

    private final Helper[] add = byRounding("fadd.h", Type.I64, (s, a, b, c, rm) -> F16.add(s, a, b, rm));
    private final Helper[] sub = byRounding("fsub.h", Type.I64, (s, a, b, c, rm) -> F16.sub(s, a, b, rm));
    private final Helper[] mul = byRounding("fmul.h", Type.I64, (s, a, b, c, rm) -> F16.mul(s, a, b, rm));
    private final Helper[] div = byRounding("fdiv.h", Type.I64, (s, a, b, c, rm) -> F16.div(s, a, b, rm));
    private final Helper[] sqrt = byRounding("fsqrt.h", Type.I64, (s, a, b, c, rm) -> F16.sqrt(s, a, rm));
    private final Helper[] fma = byRounding("fmadd.h", Type.I64, (s, a, b, c, rm) -> F16.fma(s, a, b, c, rm));
    private final Helper[] fromS = byRounding("fcvt.h.l", Type.I64, (s, a, b, c, rm) -> F16.fromS64(s, a, rm));
    private final Helper[] fromU = byRounding("fcvt.h.lu", Type.I64, (s, a, b, c, rm) -> F16.fromU64(s, a, rm));
    private final Helper[] toS32 =
            byRounding("fcvt.w.h", Type.I32, (s, a, b, c, rm) -> F16.toInteger(s, a, 32, true, rm));
    private final Helper[] toU32 =
            byRounding("fcvt.wu.h", Type.I32, (s, a, b, c, rm) -> F16.toInteger(s, a, 32, false, rm));
    private final Helper[] toS64 =
            byRounding("fcvt.l.h", Type.I64, (s, a, b, c, rm) -> F16.toInteger(s, a, 64, true, rm));
    private final Helper[] toU64 =
            byRounding("fcvt.lu.h", Type.I64, (s, a, b, c, rm) -> F16.toInteger(s, a, 64, false, rm));
    private final Helper[] round =
            byRounding("fround.h", Type.I64, (s, a, b, c, rm) -> F16.roundToIntegral(s, a, rm, false));
    private final Helper[] roundExact =
            byRounding("froundnx.h", Type.I64, (s, a, b, c, rm) -> F16.roundToIntegral(s, a, rm, true));
    private final Helper eq =
            FloatKind.flagging("feq.h", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F16.eq(cpu.fp, a, b)));
    private final Helper lt =
            FloatKind.flagging("flt.h", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F16.lt(cpu.fp, a, b)));
    private final Helper le =
            FloatKind.flagging("fle.h", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F16.le(cpu.fp, a, b)));
    private final Helper ltQuiet =
            FloatKind.flagging("fltq.h", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F16.ltQuiet(cpu.fp, a, b)));
    private final Helper leQuiet =
            FloatKind.flagging("fleq.h", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F16.leQuiet(cpu.fp, a, b)));
    private final Helper min =
            FloatKind.flagging("fmin.h", Type.I64, (cpu, a, b, c) -> F16.min(cpu.fp, a, b, MinMax.NUMBER_2019));
    private final Helper max =
            FloatKind.flagging("fmax.h", Type.I64, (cpu, a, b, c) -> F16.max(cpu.fp, a, b, MinMax.NUMBER_2019));
    private final Helper minNan =
            FloatKind.flagging("fminm.h", Type.I64, (cpu, a, b, c) -> F16.min(cpu.fp, a, b, MinMax.NAN_2019));
    private final Helper maxNan =
            FloatKind.flagging("fmaxm.h", Type.I64, (cpu, a, b, c) -> F16.max(cpu.fp, a, b, MinMax.NAN_2019));
    private final Helper classify = Helper.pure("fclass.h", Type.I32, (cpu, a, b, c) -> FloatClass.of(a, 5, 10));

    private HalfKind() {}

    /** One helper for each rounding mode that an instruction can name. */
    private static Helper[] byRounding(String name, Type result, Rounded rounded) {
        var all = new Helper[8];
        for (int rm = 0; rm < 8; rm++) {
            int rounding = rm;
            all[rm] = FloatKind.flagging(name, result, (cpu, a, b, c) -> rounded.apply(cpu.fp, a, b, c, rounding));
        }
        return all;
    }

    /** A binary16 out of an f register: unprivileged manual, "NaN Boxing of Narrower Values". */
    static long unbox(long bits) {
        return bits >= -0x10000 && bits < 0 ? bits & 0xffff : 0x7e00;
    }

    @Override
    public String suffix() {
        return "h";
    }

    @Override
    public String fmt() {
        return "10";
    }

    @Override
    public Node read(RiscvBuilder t, int f) {
        return t.value(UNBOX, t.fbits(f));
    }

    @Override
    public void write(RiscvBuilder t, int f, Node value) {
        t.d(f, t.bitcast(Type.F64, t.or(value, t.i64(-0x10000))));
    }

    @Override
    public Node binary(RiscvBuilder t, Op op, Node a, Node b, int rounding) {
        Helper[] helper = switch (op) {
            case FADD -> add;
            case FSUB -> sub;
            case FMUL -> mul;
            case FDIV -> div;
            default -> throw new IllegalArgumentException(op + " is no floating-point operation of two operands");
        };
        return t.value(helper[rounding], a, b);
    }

    @Override
    public Node sqrt(RiscvBuilder t, Node a, int rounding) {
        return t.value(sqrt[rounding], a);
    }

    @Override
    public Node fma(RiscvBuilder t, Node a, Node b, Node c, int rounding) {
        return t.value(fma[rounding], a, b, c);
    }

    @Override
    public Node negate(RiscvBuilder t, Node a) {
        return t.xor(a, t.i64(0x8000));
    }

    @Override
    public Node abs(RiscvBuilder t, Node a) {
        return t.and(a, t.i64(0x7fff));
    }

    @Override
    public Node sign(RiscvBuilder t, Op op, Node a, Node b) {
        return IrFloatKind.signBits(t, op, a, b, t.i64(0x8000));
    }

    @Override
    public Node compare(RiscvBuilder t, Op op, Node a, Node b) {
        return t.value(op == Op.FEQ ? eq : op == Op.FLT ? lt : le, a, b);
    }

    @Override
    public Node fromInteger(RiscvBuilder t, Node a, boolean signed, int rounding) {
        return t.value((signed ? fromS : fromU)[rounding], signed ? t.sext32(a) : t.zext32(a));
    }

    @Override
    public Node toInteger(RiscvBuilder t, Type to, Node a, boolean signed, int rounding) {
        return t.value((to == Type.I32 ? signed ? toS32 : toU32 : signed ? toS64 : toU64)[rounding], a);
    }

    @Override
    public Helper min() {
        return min;
    }

    @Override
    public Helper max() {
        return max;
    }

    @Override
    public Helper minNan() {
        return minNan;
    }

    @Override
    public Helper maxNan() {
        return maxNan;
    }

    @Override
    public Helper ltQuiet() {
        return ltQuiet;
    }

    @Override
    public Helper leQuiet() {
        return leQuiet;
    }

    @Override
    public Helper classify() {
        return classify;
    }

    @Override
    public Helper roundToIntegral(int rounding, boolean exact) {
        return (exact ? roundExact : round)[rounding];
    }
}
