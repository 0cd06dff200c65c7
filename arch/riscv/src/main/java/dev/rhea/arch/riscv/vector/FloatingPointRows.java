package dev.rhea.arch.riscv.vector;

import static dev.rhea.arch.riscv.vector.VectorFloat.negate;
import static dev.rhea.arch.riscv.vector.VectorFloat.signBit;
import static dev.rhea.arch.riscv.vector.VectorFloat.widen;
import static dev.rhea.arch.riscv.vector.VectorState.require;

import dev.rhea.arch.riscv.FloatClass;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;

/** Floating point: manual, section "Vector Floating-Point Instructions". A reserved frm makes all of them illegal. */
final class FloatingPointRows {
    private final Forms f;
    /** The narrowest format: log2 of bytes, 1 with Zvfh and 2 without. */
    private final int narrowest;

    private FloatingPointRows(Forms f, int narrowest) {
        this.f = f;
        this.narrowest = narrowest;
    }

    static void addTo(Forms f, boolean half) {
        var rows = new FloatingPointRows(f, half ? 1 : 2);
        rows.addSingleWidth();
        rows.addMultiplyAdd();
        rows.addWidening();
        rows.addComparisons();
        rows.addMoves();
        rows.addReductions();
    }

    static final Shape SAME = Shape.UNSIGNED;
    private static final Shape WIDEN = Shape.WIDEN_UNSIGNED;
    private static final Shape WIDE = Shape.WIDE_UNSIGNED;
    private static final Shape TO_MASK = Shape.COMPARE_UNSIGNED;

    private void addSingleWidth() {
        arithmetic("000000", "vfadd", "vf", SAME, (v, d, b, a) -> VectorFloat.add(v, v.sew, b, a));
        arithmetic("000010", "vfsub", "vf", SAME, (v, d, b, a) -> VectorFloat.sub(v, v.sew, b, a));
        arithmetic("100111", "vfrsub", "f", SAME, (v, d, b, a) -> VectorFloat.sub(v, v.sew, a, b));
        arithmetic("100100", "vfmul", "vf", SAME, (v, d, b, a) -> VectorFloat.mul(v, v.sew, b, a));
        arithmetic("100000", "vfdiv", "vf", SAME, (v, d, b, a) -> VectorFloat.div(v, v.sew, b, a));
        arithmetic("100001", "vfrdiv", "f", SAME, (v, d, b, a) -> VectorFloat.div(v, v.sew, a, b));
        arithmetic("000100", "vfmin", "vf", SAME, (v, d, b, a) -> VectorFloat.min(v, v.sew, b, a));
        arithmetic("000110", "vfmax", "vf", SAME, (v, d, b, a) -> VectorFloat.max(v, v.sew, b, a));
        arithmetic("001000", "vfsgnj", "vf", SAME, (v, d, b, a) -> b & ~signBit(v.sew) | a & signBit(v.sew));
        arithmetic("001001", "vfsgnjn", "vf", SAME, (v, d, b, a) -> b & ~signBit(v.sew) | ~a & signBit(v.sew));
        arithmetic("001010", "vfsgnjx", "vf", SAME, (v, d, b, a) -> b ^ a & signBit(v.sew));
        unary("010011", "00000", "vfsqrt.v", Shape.UNARY, 0, (v, d, b, a) -> VectorFloat.sqrt(v, v.sew, b));
        unary("010011", "00100", "vfrsqrt7.v", Shape.UNARY, 0, (v, d, b, a) -> Estimate.reciprocalRoot(v, v.sew, b));
        unary("010011", "00101", "vfrec7.v", Shape.UNARY, 0, (v, d, b, a) -> Estimate.reciprocal(v, v.sew, b));
        unary(
                "010011",
                "10000",
                "vfclass.v",
                Shape.UNARY,
                0,
                (v, d, b, a) -> FloatClass.of(b, VectorFloat.exponentBits(v.sew), VectorFloat.fractionBits(v.sew)));
        ConversionRows.addTo(this);
    }

    private void addMultiplyAdd() {
        fused("101000", "vfmadd", (v, d, b, a) -> VectorFloat.fma(v, v.sew, a, d, b));
        fused("101001", "vfnmadd", (v, d, b, a) -> VectorFloat.fma(v, v.sew, negate(v.sew, a), d, negate(v.sew, b)));
        fused("101010", "vfmsub", (v, d, b, a) -> VectorFloat.fma(v, v.sew, a, d, negate(v.sew, b)));
        fused("101011", "vfnmsub", (v, d, b, a) -> VectorFloat.fma(v, v.sew, negate(v.sew, a), d, b));
        fused("101100", "vfmacc", (v, d, b, a) -> VectorFloat.fma(v, v.sew, a, b, d));
        fused("101101", "vfnmacc", (v, d, b, a) -> VectorFloat.fma(v, v.sew, negate(v.sew, a), b, negate(v.sew, d)));
        fused("101110", "vfmsac", (v, d, b, a) -> VectorFloat.fma(v, v.sew, a, b, negate(v.sew, d)));
        fused("101111", "vfnmsac", (v, d, b, a) -> VectorFloat.fma(v, v.sew, negate(v.sew, a), b, d));
    }

    private void addWidening() {
        arithmetic(
                "110000",
                "vfwadd",
                "vf",
                WIDEN,
                (v, d, b, a) -> VectorFloat.add(v, v.sew + 1, widen(v, v.sew, b), widen(v, v.sew, a)));
        arithmetic(
                "110010",
                "vfwsub",
                "vf",
                WIDEN,
                (v, d, b, a) -> VectorFloat.sub(v, v.sew + 1, widen(v, v.sew, b), widen(v, v.sew, a)));
        arithmetic(
                "110100", "vfwadd.w", "vf", WIDE, (v, d, b, a) -> VectorFloat.add(v, v.sew + 1, b, widen(v, v.sew, a)));
        arithmetic(
                "110110", "vfwsub.w", "vf", WIDE, (v, d, b, a) -> VectorFloat.sub(v, v.sew + 1, b, widen(v, v.sew, a)));
        arithmetic(
                "111000",
                "vfwmul",
                "vf",
                WIDEN,
                (v, d, b, a) -> VectorFloat.mul(v, v.sew + 1, widen(v, v.sew, b), widen(v, v.sew, a)));
        wideFused("111100", "vfwmacc", false, false);
        wideFused("111101", "vfwnmacc", true, true);
        wideFused("111110", "vfwmsac", false, true);
        wideFused("111111", "vfwnmsac", true, false);
    }

    private void addComparisons() {
        arithmetic("011000", "vmfeq", "vf", TO_MASK, (v, d, b, a) -> VectorFloat.eq(v, v.sew, b, a) ? 1 : 0);
        arithmetic("011001", "vmfle", "vf", TO_MASK, (v, d, b, a) -> VectorFloat.le(v, v.sew, b, a) ? 1 : 0);
        arithmetic("011011", "vmflt", "vf", TO_MASK, (v, d, b, a) -> VectorFloat.lt(v, v.sew, b, a) ? 1 : 0);
        arithmetic("011100", "vmfne", "vf", TO_MASK, (v, d, b, a) -> VectorFloat.eq(v, v.sew, b, a) ? 0 : 1);
        arithmetic("011101", "vmfgt", "f", TO_MASK, (v, d, b, a) -> VectorFloat.lt(v, v.sew, a, b) ? 1 : 0);
        arithmetic("011111", "vmfge", "f", TO_MASK, (v, d, b, a) -> VectorFloat.le(v, v.sew, a, b) ? 1 : 0);
    }

    private void addMoves() {
        row(
                "010111 0 vs2:5 rs1:5 101 vd:5 1010111",
                "vfmerge.vfm {vd:v}, {vs2:v}, {rs1:f}, v0",
                (cpu, bits, x) -> scalar(cpu, bits, x, Shape.MERGE, (v, d, b, a) -> d != 0 ? a : b),
                Forms.F);
        row(
                "010111 1 00000 rs1:5 101 vd:5 1010111",
                "vfmv.v.f {vd:v}, {rs1:f}",
                (cpu, bits, x) -> scalar(cpu, bits, x, SAME, (v, d, b, a) -> a),
                Forms.F);
        row(
                "001110 vm:1 vs2:5 rs1:5 101 vd:5 1010111",
                "vfslide1up.vf {vd:v}, {vs2:v}, {rs1:f}{vm}",
                (cpu, bits, x) -> PermutationRows.slideOneUp(cpu, bits, unbox(cpu, bits, x)),
                Forms.F);
        row(
                "001111 vm:1 vs2:5 rs1:5 101 vd:5 1010111",
                "vfslide1down.vf {vd:v}, {vs2:v}, {rs1:f}{vm}",
                (cpu, bits, x) -> PermutationRows.slideOneDown(cpu, bits, unbox(cpu, bits, x)),
                Forms.F);
        row(
                "010000 1 00000 rs1:5 101 vd:5 1010111",
                "vfmv.s.f {vd:v}, {rs1:f}",
                (cpu, bits, x) -> PermutationRows.moveToFirst(cpu, bits, unbox(cpu, bits, x)),
                Forms.F);
        Helper first = Forms.question("vfmv.f.s", Type.I64, (cpu, bits, x) -> {
            VectorState v = cpu.vector();
            require(!v.vill && v.sew >= narrowest, cpu, bits);
            v.vstart = 0;
            return VectorFloat.box(v.get(VectorState.vs2(bits), 0, v.sew), v.sew);
        });
        f.table().insn("010000 1 vs2:5 00000 001 rd:5 1010111", "vfmv.f.s {rd:f}, {vs2:v}", (t, i) -> {
            if (t.reservedRounding()) {
                t.illegal(i);
            } else {
                t.d(i.rd(), t.bitcast(Type.F64, t.value(first, t.i64(i.bits()))));
            }
        });
    }

    private void addReductions() {
        reduction("000001", "vfredusum", false, (v, d, b, a) -> VectorFloat.add(v, v.sew, a, b));
        reduction("000011", "vfredosum", false, (v, d, b, a) -> VectorFloat.add(v, v.sew, a, b));
        reduction("000101", "vfredmin", false, (v, d, b, a) -> VectorFloat.min(v, v.sew, a, b));
        reduction("000111", "vfredmax", false, (v, d, b, a) -> VectorFloat.max(v, v.sew, a, b));
        reduction("110001", "vfwredusum", true, (v, d, b, a) -> VectorFloat.add(v, v.sew + 1, a, widen(v, v.sew, b)));
        reduction("110011", "vfwredosum", true, (v, d, b, a) -> VectorFloat.add(v, v.sew + 1, a, widen(v, v.sew, b)));
    }

    // ---- forms

    /** A row that is one call, illegal while frm is reserved. */
    private void row(String pattern, String syntax, Forms.Action action, Forms.Scalar scalar) {
        Helper helper = Forms.helper(syntax.substring(0, syntax.indexOf(' ')), action);
        f.table().insn(pattern, syntax, (t, i) -> {
            if (t.reservedRounding()) {
                t.illegal(i);
                return;
            }
            Node operand = scalar.emit(t, i);
            if (operand == null) {
                t.call(helper, t.i64(i.bits()));
            } else {
                t.call(helper, t.i64(i.bits()), operand);
            }
        });
    }

    /** The formats that an instruction computes in have to exist. */
    private void requireFormat(RiscvCpu cpu, long bits, int eew) {
        VectorState v = cpu.vector();
        require(!v.vill && eew >= narrowest && eew <= 3, cpu, bits);
    }

    private long unbox(RiscvCpu cpu, long bits, long x) {
        int sew = cpu.vector().sew;
        requireFormat(cpu, bits, sew);
        return VectorFloat.unbox(x, sew);
    }

    private void vector(RiscvCpu cpu, long bits, Shape shape, Element op) {
        requireFormat(cpu, bits, cpu.vector().sew);
        Elementwise.vector(cpu, bits, shape, op);
    }

    private void scalar(RiscvCpu cpu, long bits, long x, Shape shape, Element op) {
        Elementwise.scalar(cpu, bits, unbox(cpu, bits, x), shape, op);
    }

    /** {@code forms}: v and f, in either case vs2 first. */
    private void arithmetic(String funct6, String name, String forms, Shape shape, Element op) {
        String base = name.endsWith(".w") ? name : name + ".v";
        if (forms.indexOf('v') >= 0) {
            row(
                    funct6 + " vm:1 vs2:5 vs1:5 001 vd:5 1010111",
                    base + "v {vd:v}, {vs2:v}, {vs1:v}{vm}",
                    (cpu, bits, x) -> vector(cpu, bits, shape, op),
                    Forms.NONE);
        }
        row(
                funct6 + " vm:1 vs2:5 rs1:5 101 vd:5 1010111",
                base + "f {vd:v}, {vs2:v}, {rs1:f}{vm}",
                (cpu, bits, x) -> scalar(cpu, bits, x, shape, op),
                Forms.F);
    }

    private void fused(String funct6, String name, Element op) {
        fused(funct6, name, SAME, op);
    }

    private void fused(String funct6, String name, Shape operands, Element op) {
        Shape shape = operands.accumulating();
        row(
                funct6 + " vm:1 vs2:5 vs1:5 001 vd:5 1010111",
                name + ".vv {vd:v}, {vs1:v}, {vs2:v}{vm}",
                (cpu, bits, x) -> vector(cpu, bits, shape, op),
                Forms.NONE);
        row(
                funct6 + " vm:1 vs2:5 rs1:5 101 vd:5 1010111",
                name + ".vf {vd:v}, {rs1:f}, {vs2:v}{vm}",
                (cpu, bits, x) -> scalar(cpu, bits, x, shape, op),
                Forms.F);
    }

    private void wideFused(String funct6, String name, boolean negateProduct, boolean negateAddend) {
        fused(funct6, name, WIDEN, (v, d, b, a) -> {
            int e = v.sew + 1;
            long x = widen(v, v.sew, a);
            return VectorFloat.fma(
                    v, e, negateProduct ? negate(e, x) : x, widen(v, v.sew, b), negateAddend ? negate(e, d) : d);
        });
    }

    /** @param format width of the narrowest floats it touches, relative to SEW */
    void unary(String funct6, String selector, String mnemonic, Shape shape, int format, Element op) {
        row(
                funct6 + " vm:1 vs2:5 " + selector + " 001 vd:5 1010111",
                mnemonic + " {vd:v}, {vs2:v}{vm}",
                (cpu, bits, x) -> {
                    requireFormat(cpu, bits, cpu.vector().sew + format);
                    Elementwise.vector(cpu, bits, shape, op);
                },
                Forms.NONE);
    }

    private void reduction(String funct6, String name, boolean widen, Element op) {
        row(
                funct6 + " vm:1 vs2:5 vs1:5 001 vd:5 1010111",
                name + ".vs {vd:v}, {vs2:v}, {vs1:v}{vm}",
                (cpu, bits, x) -> {
                    requireFormat(cpu, bits, cpu.vector().sew);
                    ReductionRows.run(cpu, bits, false, widen, op);
                },
                Forms.NONE);
    }

    static int rounding(boolean toZero) {
        return toZero ? Rounding.TO_ZERO : Rounding.DYNAMIC;
    }
}
