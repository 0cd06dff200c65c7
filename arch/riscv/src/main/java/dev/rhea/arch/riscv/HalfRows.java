package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.fp.F16;
import dev.rhea.engine.fp.F32;
import dev.rhea.engine.fp.F64;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;

/** Zfh and its minimal part Zfhmin: unprivileged manual, chapter "Zfh and Zfhmin". */
final class HalfRows {
    private HalfRows() {}

    private static final Helper H_TO_S =
            FloatKind.flagging("fcvt.s.h", Type.F32, (cpu, a, b, c) -> F16.toF32(cpu.fp, a, Rounding.DYNAMIC));
    private static final Helper H_TO_D =
            FloatKind.flagging("fcvt.d.h", Type.F64, (cpu, a, b, c) -> F16.toF64(cpu.fp, a, Rounding.DYNAMIC));

    /** Zfhmin: loads, stores, moves and conversions between formats. */
    static void addMinimal(Table<RiscvBuilder> table, Extensions extensions) {
        HalfKind h = HalfKind.H;
        table.group("Zfhmin")
                .insn(
                        "imm:12s rs1:5 001 rd:5 0000111",
                        "flh {rd:f}, {imm}({rs1})",
                        (t, i) -> h.write(t, i.rd(), t.load(Type.I64, t.x(i.rs1()), i.imm(), MemOp.little(2, false))))
                .insn(
                        "imm[11:5]s rs2:5 rs1:5 001 imm[4:0] 0100111",
                        "fsh {rs2:f}, {imm}({rs1})",
                        (t, i) -> t.store(t.x(i.rs1()), i.imm(), t.fbits(i.rs2()), MemOp.little(2, false)))
                .insn(
                        "1110010 00000 rs1:5 000 rd:5 1010011",
                        "fmv.x.h {rd}, {rs1:f}",
                        (t, i) -> t.x(i.rd(), t.unary(Op.SEXT16, t.trunc(t.fbits(i.rs1())))))
                .insn(
                        "1111010 00000 rs1:5 000 rd:5 1010011",
                        "fmv.h.x {rd:f}, {rs1}",
                        (t, i) -> h.write(t, i.rd(), t.zext32(t.w(i.rs1()))));
        FloatRows.rounded(
                table,
                "0100000 00010 rs1:5 rm:3 rd:5 1010011",
                "fcvt.s.h {rd:f}, {rs1:f}{rm}",
                (t, i, rm) -> t.s(i.rd(), t.value(H_TO_S, h.read(t, i.rs1()))));
        Helper[] fromSingle = narrow("fcvt.h.s", false);
        FloatRows.rounded(
                table,
                "0100010 00000 rs1:5 rm:3 rd:5 1010011",
                "fcvt.h.s {rd:f}, {rs1:f}{rm}",
                (t, i, rm) -> h.write(t, i.rd(), t.value(fromSingle[rm], t.s(i.rs1()))));
        if (extensions.has(Extension.D)) {
            FloatRows.rounded(
                    table,
                    "0100001 00010 rs1:5 rm:3 rd:5 1010011",
                    "fcvt.d.h {rd:f}, {rs1:f}{rm}",
                    (t, i, rm) -> t.d(i.rd(), t.value(H_TO_D, h.read(t, i.rs1()))));
            Helper[] fromDouble = narrow("fcvt.h.d", true);
            FloatRows.rounded(
                    table,
                    "0100010 00001 rs1:5 rm:3 rd:5 1010011",
                    "fcvt.h.d {rd:f}, {rs1:f}{rm}",
                    (t, i, rm) -> h.write(t, i.rd(), t.value(fromDouble[rm], t.d(i.rs1()))));
        }
    }

    /** Zfh: arithmetic. */
    static void addFull(Table<RiscvBuilder> table, int xlen) {
        table.group("Zfh");
        FloatRows.addTo(table, HalfKind.H, xlen);
    }

    private static Helper[] narrow(String name, boolean fromDouble) {
        var all = new Helper[8];
        for (int rm = 0; rm < 8; rm++) {
            int rounding = rm;
            all[rm] = FloatKind.flagging(
                    name,
                    Type.I64,
                    fromDouble
                            ? (cpu, a, b, c) -> F64.toF16(cpu.fp, a, rounding)
                            : (cpu, a, b, c) -> F32.toF16(cpu.fp, a, rounding));
        }
        return all;
    }
}
