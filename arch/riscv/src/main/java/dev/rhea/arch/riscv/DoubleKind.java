package dev.rhea.arch.riscv;

import dev.rhea.engine.fp.F64;
import dev.rhea.engine.fp.MinMax;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** binary64: the D extension. */
final class DoubleKind extends IrFloatKind {
    static final DoubleKind D = new DoubleKind();

    private final Helper min =
            FloatKind.flagging("fmin.d", Type.F64, (cpu, a, b, c) -> F64.min(cpu.fp, a, b, MinMax.NUMBER_2019));
    private final Helper max =
            FloatKind.flagging("fmax.d", Type.F64, (cpu, a, b, c) -> F64.max(cpu.fp, a, b, MinMax.NUMBER_2019));
    private final Helper minNan =
            FloatKind.flagging("fminm.d", Type.F64, (cpu, a, b, c) -> F64.min(cpu.fp, a, b, MinMax.NAN_2019));
    private final Helper maxNan =
            FloatKind.flagging("fmaxm.d", Type.F64, (cpu, a, b, c) -> F64.max(cpu.fp, a, b, MinMax.NAN_2019));
    private final Helper ltQuiet =
            FloatKind.flagging("fltq.d", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F64.ltQuiet(cpu.fp, a, b)));
    private final Helper leQuiet =
            FloatKind.flagging("fleq.d", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F64.leQuiet(cpu.fp, a, b)));
    private final Helper classify = Helper.pure("fclass.d", Type.I32, (cpu, a, b, c) -> FloatClass.of(a, 11, 52));

    private DoubleKind() {
        super("d", "01", Type.F64);
    }

    @Override
    public Node read(RiscvBuilder t, int f) {
        return t.d(f);
    }

    @Override
    public void write(RiscvBuilder t, int f, Node value) {
        t.d(f, value);
    }

    @Override
    public Node sign(RiscvBuilder t, Op op, Node a, Node b) {
        return t.bitcast(
                Type.F64, signBits(t, op, t.bitcast(Type.I64, a), t.bitcast(Type.I64, b), t.i64(Long.MIN_VALUE)));
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
        return FloatKind.flagging(
                "fround.d", Type.F64, (cpu, a, b, c) -> F64.roundToIntegral(cpu.fp, a, rounding, exact));
    }
}
