package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.fp.F64;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;

/** Zfa: unprivileged manual, chapter "Zfa Extension for Additional Floating-Point Instructions". */
final class ZfaRows {
    private ZfaRows() {}

    /** What FLI loads, in binary64: manual, table "Immediate values loaded by the FLI instructions". */
    private static final double[] CONSTANTS = {
        -1,
        0 /* the format's smallest normal number */,
        0x1p-16,
        0x1p-15,
        0x1p-8,
        0x1p-7,
        0.0625,
        0.125,
        0.25,
        0.3125,
        0.375,
        0.4375,
        0.5,
        0.625,
        0.75,
        0.875,
        1,
        1.25,
        1.5,
        1.75,
        2,
        2.5,
        3,
        4,
        8,
        16,
        128,
        256,
        0x1p15,
        0x1p16,
        Double.POSITIVE_INFINITY,
        Double.NaN
    };

    private static final int SMALLEST_NORMAL = 1;

    static void addTo(Table<RiscvBuilder> table, int xlen, Extensions extensions) {
        table.group("Zfa");
        addTo(table, SingleKind.S);
        table.insn(
                "1111000 00001 constant:5 000 rd:5 1010011",
                "fli.s {rd:f}, {constant}",
                (t, i) ->
                        t.s(i.rd(), t.bitcast(Type.F32, t.i32(Float.floatToIntBits(single((int) i.get("constant")))))));
        if (extensions.has(Extension.D)) {
            addTo(table, DoubleKind.D);
            addDouble(table, xlen);
        }
        if (extensions.has(Extension.ZFH)) {
            addTo(table, HalfKind.H);
            table.insn(
                    "1111010 00001 constant:5 000 rd:5 1010011",
                    "fli.h {rd:f}, {constant}",
                    (t, i) -> HalfKind.H.write(t, i.rd(), t.i64(half((int) i.get("constant")))));
        }
    }

    private static void addTo(Table<RiscvBuilder> table, FloatKind kind) {
        String s = kind.suffix();
        FloatRows.helper(table, kind, "010", "fminm.", kind.minNan());
        FloatRows.helper(table, kind, "011", "fmaxm.", kind.maxNan());
        quiet(table, kind, "101", "fltq.", kind.ltQuiet());
        quiet(table, kind, "100", "fleq.", kind.leQuiet());
        round(table, kind, "00100", "fround." + s, false);
        round(table, kind, "00101", "froundnx." + s, true);
    }

    private static void quiet(Table<RiscvBuilder> table, FloatKind kind, String funct3, String name, Helper helper) {
        table.insn(
                "10100" + kind.fmt() + " rs2:5 rs1:5 " + funct3 + " rd:5 1010011",
                name + kind.suffix() + " {rd}, {rs1:f}, {rs2:f}",
                (t, i) -> t.x(i.rd(), t.value(helper, kind.read(t, i.rs1()), kind.read(t, i.rs2()))));
    }

    private static void round(Table<RiscvBuilder> table, FloatKind kind, String rs2, String name, boolean exact) {
        var byRounding = new Helper[8];
        for (int rm = 0; rm < 8; rm++) {
            byRounding[rm] = kind.roundToIntegral(rm, exact);
        }
        FloatRows.rounded(
                table,
                "01000" + kind.fmt() + " " + rs2 + " rs1:5 rm:3 rd:5 1010011",
                name + " {rd:f}, {rs1:f}{rm}",
                (t, i, rm) -> kind.write(t, i.rd(), t.value(byRounding[rm], kind.read(t, i.rs1()))));
    }

    private static void addDouble(Table<RiscvBuilder> table, int xlen) {
        Helper modular = FloatKind.flagging("fcvtmod.w.d", Type.I32, (cpu, a, b, c) -> modular(cpu.fp, a));
        table.insn(
                        "1111001 00001 constant:5 000 rd:5 1010011",
                        "fli.d {rd:f}, {constant}",
                        (t, i) -> t.d(i.rd(), t.bitcast(Type.F64, t.i64(Double.doubleToLongBits(constant((int)
                                i.get("constant")))))))
                .insn(
                        "1100001 01000 rs1:5 001 rd:5 1010011",
                        "fcvtmod.w.d {rd}, {rs1:f}, rtz",
                        (t, i) -> t.x(i.rd(), t.value(modular, t.d(i.rs1()))));
        if (xlen == 32) {
            table.insn(
                            "1110001 00001 rs1:5 000 rd:5 1010011",
                            "fmvh.x.d {rd}, {rs1:f}",
                            (t, i) -> t.x(i.rd(), t.trunc(t.shr(t.fbits(i.rs1()), t.i64(32)))))
                    .insn("1011001 rs2:5 rs1:5 000 rd:5 1010011", "fmvp.d.x {rd:f}, {rs1}, {rs2}", (t, i) -> {
                        Node high = t.shl(t.zext32(t.w(i.rs2())), t.i64(32));
                        t.d(i.rd(), t.bitcast(Type.F64, t.binary(Op.OR, t.zext32(t.w(i.rs1())), high)));
                    });
        }
    }

    private static double constant(int n) {
        return n == SMALLEST_NORMAL ? Double.MIN_NORMAL : CONSTANTS[n];
    }

    private static float single(int n) {
        return n == SMALLEST_NORMAL ? Float.MIN_NORMAL : (float) CONSTANTS[n];
    }

    /** 2^16 is beyond binary16 and gives infinity, as the manual has it. */
    private static long half(int n) {
        return n == SMALLEST_NORMAL ? 0x0400 : Float.floatToFloat16((float) CONSTANTS[n]) & 0xffff;
    }

    /** The integer part's low 32 bits; flags as FCVT.W.D with rounding to zero, 0 for infinities and NaNs. */
    private static long modular(FpState s, long bits) {
        F64.toS32(s, bits, Rounding.TO_ZERO);
        int exponent = (int) (bits >>> 52) & 0x7ff;
        if (exponent == 0x7ff || exponent < 0x3ff) {
            return 0;
        }
        long significand = bits & (1L << 52) - 1 | 1L << 52;
        int shift = exponent - 0x3ff - 52;
        long integer = shift >= 64 ? 0 : shift >= 0 ? significand << shift : significand >>> -shift;
        return (int) (bits < 0 ? -integer : integer);
    }
}
