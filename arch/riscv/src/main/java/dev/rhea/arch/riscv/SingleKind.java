package dev.rhea.arch.riscv;

import dev.rhea.engine.fp.F32;
import dev.rhea.engine.fp.MinMax;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** binary32: the F extension. */
final class SingleKind extends IrFloatKind {
    static final SingleKind S = new SingleKind();

    private final Helper min =
            FloatKind.flagging("fmin.s", Type.F32, (cpu, a, b, c) -> F32.min(cpu.fp, a, b, MinMax.NUMBER_2019));
    private final Helper max =
            FloatKind.flagging("fmax.s", Type.F32, (cpu, a, b, c) -> F32.max(cpu.fp, a, b, MinMax.NUMBER_2019));
    private final Helper minNan =
            FloatKind.flagging("fminm.s", Type.F32, (cpu, a, b, c) -> F32.min(cpu.fp, a, b, MinMax.NAN_2019));
    private final Helper maxNan =
            FloatKind.flagging("fmaxm.s", Type.F32, (cpu, a, b, c) -> F32.max(cpu.fp, a, b, MinMax.NAN_2019));
    private final Helper ltQuiet =
            FloatKind.flagging("fltq.s", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F32.ltQuiet(cpu.fp, a, b)));
    private final Helper leQuiet =
            FloatKind.flagging("fleq.s", Type.I32, (cpu, a, b, c) -> FloatKind.flag(F32.leQuiet(cpu.fp, a, b)));
    private final Helper classify =
            Helper.pure("fclass.s", Type.I32, (cpu, a, b, c) -> FloatClass.of(a & 0xffffffffL, 8, 23));

    private SingleKind() {
        super("s", "00", Type.F32);
    }

    @Override
    public Node read(RiscvBuilder t, int f) {
        return t.s(f);
    }

    @Override
    public void write(RiscvBuilder t, int f, Node value) {
        t.s(f, value);
    }

    @Override
    public Node sign(RiscvBuilder t, Op op, Node a, Node b) {
        return t.bitcast(
                Type.F32, signBits(t, op, t.bitcast(Type.I32, a), t.bitcast(Type.I32, b), t.i32(Integer.MIN_VALUE)));
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
                "fround.s", Type.F32, (cpu, a, b, c) -> F32.roundToIntegral(cpu.fp, a, rounding, exact));
    }
}
