package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Row;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;

/** F, D and Zfh: unprivileged manual, chapters "F", "D" and "Zfh". What they share is written once, by format. */
final class FloatRows {
    private FloatRows() {}

    private static final int RM_DYNAMIC = 7;

    /** F: binary32. */
    static void addSingle(Table<RiscvBuilder> table, int xlen) {
        table.group("F")
                .insn(
                        "imm:12s rs1:5 010 rd:5 0000111",
                        "flw {rd:f}, {imm}({rs1})",
                        (t, i) -> t.s(
                                i.rd(),
                                t.bitcast(Type.F32, t.load(Type.I32, t.x(i.rs1()), i.imm(), MemOp.little(4, true)))))
                .insn(
                        "imm[11:5]s rs2:5 rs1:5 010 imm[4:0] 0100111",
                        "fsw {rs2:f}, {imm}({rs1})",
                        (t, i) -> t.store(t.x(i.rs1()), i.imm(), t.fbits(i.rs2()), MemOp.little(4, false)));
        addTo(table, SingleKind.S, xlen);
        // the bits as they are: a broken box does not matter
        table.insn(
                        "1110000 00000 rs1:5 000 rd:5 1010011",
                        "fmv.x.w {rd}, {rs1:f}",
                        (t, i) -> t.x(i.rd(), t.trunc(t.fbits(i.rs1()))))
                .insn(
                        "1111000 00000 rs1:5 000 rd:5 1010011",
                        "fmv.w.x {rd:f}, {rs1}",
                        (t, i) -> t.s(i.rd(), t.bitcast(Type.F32, t.w(i.rs1()))));
    }

    /** D: binary64. */
    static void addDouble(Table<RiscvBuilder> table, int xlen) {
        table.group("D")
                .insn(
                        "imm:12s rs1:5 011 rd:5 0000111",
                        "fld {rd:f}, {imm}({rs1})",
                        (t, i) -> t.d(
                                i.rd(),
                                t.bitcast(Type.F64, t.load(Type.I64, t.x(i.rs1()), i.imm(), MemOp.little(8, true)))))
                .insn(
                        "imm[11:5]s rs2:5 rs1:5 011 imm[4:0] 0100111",
                        "fsd {rs2:f}, {imm}({rs1})",
                        (t, i) -> t.store(t.x(i.rs1()), i.imm(), t.fbits(i.rs2()), MemOp.little(8, false)));
        addTo(table, DoubleKind.D, xlen);
        rounded(
                table,
                "0100000 00001 rs1:5 rm:3 rd:5 1010011",
                "fcvt.s.d {rd:f}, {rs1:f}{rm}",
                (t, i, rm) -> t.s(i.rd(), t.fconvert(Type.F32, t.d(i.rs1()), rm)));
        rounded(
                table,
                "0100001 00000 rs1:5 rm:3 rd:5 1010011",
                "fcvt.d.s {rd:f}, {rs1:f}{rm}",
                (t, i, rm) -> t.d(i.rd(), t.fconvert(Type.F64, t.s(i.rs1()), rm)));
        if (xlen == 64) {
            table.insn(
                            "1110001 00000 rs1:5 000 rd:5 1010011",
                            "fmv.x.d {rd}, {rs1:f}",
                            (t, i) -> t.x(i.rd(), t.fbits(i.rs1())))
                    .insn(
                            "1111001 00000 rs1:5 000 rd:5 1010011",
                            "fmv.d.x {rd:f}, {rs1}",
                            (t, i) -> t.d(i.rd(), t.bitcast(Type.F64, t.x(i.rs1()))));
        }
    }

    /** What every format has. */
    static void addTo(Table<RiscvBuilder> table, FloatKind kind, int xlen) {
        arithmetic(table, kind, "00000", "fadd.", Op.FADD);
        arithmetic(table, kind, "00001", "fsub.", Op.FSUB);
        arithmetic(table, kind, "00010", "fmul.", Op.FMUL);
        arithmetic(table, kind, "00011", "fdiv.", Op.FDIV);
        String fmt = kind.fmt();
        String s = kind.suffix();
        rounded(
                table,
                "01011" + fmt + " 00000 rs1:5 rm:3 rd:5 1010011",
                "fsqrt." + s + " {rd:f}, {rs1:f}{rm}",
                (t, i, rm) -> kind.write(t, i.rd(), kind.sqrt(t, kind.read(t, i.rs1()), rm)));
        fused(table, kind, "1000011", "fmadd.", false, false);
        fused(table, kind, "1000111", "fmsub.", false, true);
        fused(table, kind, "1001011", "fnmsub.", true, false);
        fused(table, kind, "1001111", "fnmadd.", true, true);
        sign(table, kind, "000", "fsgnj.", Op.OR);
        sign(table, kind, "001", "fsgnjn.", Op.NOT);
        sign(table, kind, "010", "fsgnjx.", Op.XOR);
        helper(table, kind, "000", "fmin.", kind.min());
        helper(table, kind, "001", "fmax.", kind.max());
        compare(table, kind, "010", "feq.", Op.FEQ);
        compare(table, kind, "001", "flt.", Op.FLT);
        compare(table, kind, "000", "fle.", Op.FLE);
        Helper classify = kind.classify();
        table.insn(
                "11100" + fmt + " 00000 rs1:5 001 rd:5 1010011",
                "fclass." + s + " {rd}, {rs1:f}",
                (t, i) -> t.x(i.rd(), t.value(classify, kind.read(t, i.rs1()))));
        integer(table, kind, "00000", "w", Type.I32, true);
        integer(table, kind, "00001", "wu", Type.I32, false);
        if (xlen == 64) {
            integer(table, kind, "00010", "l", Type.I64, true);
            integer(table, kind, "00011", "lu", Type.I64, false);
        }
    }

    /** A row whose rm field is a rounding mode: reserved ones, and a reserved frm behind the dynamic one, are illegal. */
    static void rounded(Table<RiscvBuilder> table, String pattern, String syntax, Rounded meaning) {
        Row.Meaning<RiscvBuilder> checked = (t, i) -> {
            int rm = (int) i.get("rm");
            if (rm == RM_DYNAMIC && t.reservedRounding()) {
                t.illegal(i);
            } else {
                meaning.emit(t, i, rm == RM_DYNAMIC ? Rounding.DYNAMIC : rm);
            }
        };
        table.insn(pattern, syntax, i -> i.get("rm") <= Rounding.NEAREST_AWAY || i.get("rm") == RM_DYNAMIC, checked);
    }

    /** The meaning of a row that rounds. The manual numbers its five modes as {@link Rounding} does. */
    @FunctionalInterface
    interface Rounded {
        void emit(RiscvBuilder t, Insn i, int rounding);
    }

    private static void arithmetic(Table<RiscvBuilder> table, FloatKind kind, String funct5, String name, Op op) {
        rounded(
                table,
                funct5 + kind.fmt() + " rs2:5 rs1:5 rm:3 rd:5 1010011",
                name + kind.suffix() + " {rd:f}, {rs1:f}, {rs2:f}{rm}",
                (t, i, rm) ->
                        kind.write(t, i.rd(), kind.binary(t, op, kind.read(t, i.rs1()), kind.read(t, i.rs2()), rm)));
    }

    /** {@code rd = ±(rs1 * rs2) ± rs3}. */
    private static void fused(
            Table<RiscvBuilder> table,
            FloatKind kind,
            String opcode,
            String name,
            boolean negateProduct,
            boolean negateAddend) {
        rounded(
                table,
                "rs3:5 " + kind.fmt() + " rs2:5 rs1:5 rm:3 rd:5 " + opcode,
                name + kind.suffix() + " {rd:f}, {rs1:f}, {rs2:f}, {rs3:f}{rm}",
                (t, i, rm) -> {
                    Node a = kind.read(t, i.rs1());
                    Node b = kind.read(t, i.rs2());
                    Node c = kind.read(t, i.rs3());
                    kind.write(
                            t,
                            i.rd(),
                            kind.fma(
                                    t,
                                    negateProduct ? kind.negate(t, a) : a,
                                    b,
                                    negateAddend ? kind.negate(t, c) : c,
                                    rm));
                });
    }

    private static void sign(Table<RiscvBuilder> table, FloatKind kind, String funct3, String name, Op op) {
        table.insn(
                "00100" + kind.fmt() + " rs2:5 rs1:5 " + funct3 + " rd:5 1010011",
                name + kind.suffix() + " {rd:f}, {rs1:f}, {rs2:f}",
                (t, i) -> {
                    Node a = kind.read(t, i.rs1());
                    if (i.rs1() != i.rs2()) {
                        a = kind.sign(t, op, a, kind.read(t, i.rs2()));
                    } else if (op == Op.NOT) {
                        a = kind.negate(t, a);
                    } else if (op == Op.XOR) {
                        a = kind.abs(t, a);
                    }
                    kind.write(t, i.rd(), a);
                });
    }

    /** FMIN and its siblings. */
    static void helper(Table<RiscvBuilder> table, FloatKind kind, String funct3, String name, Helper helper) {
        table.insn(
                "00101" + kind.fmt() + " rs2:5 rs1:5 " + funct3 + " rd:5 1010011",
                name + kind.suffix() + " {rd:f}, {rs1:f}, {rs2:f}",
                (t, i) -> kind.write(t, i.rd(), t.value(helper, kind.read(t, i.rs1()), kind.read(t, i.rs2()))));
    }

    private static void compare(Table<RiscvBuilder> table, FloatKind kind, String funct3, String name, Op op) {
        table.insn(
                "10100" + kind.fmt() + " rs2:5 rs1:5 " + funct3 + " rd:5 1010011",
                name + kind.suffix() + " {rd}, {rs1:f}, {rs2:f}",
                (t, i) -> t.x(i.rd(), kind.compare(t, op, kind.read(t, i.rs1()), kind.read(t, i.rs2()))));
    }

    /** FCVT to and from one integer type. */
    private static void integer(
            Table<RiscvBuilder> table, FloatKind kind, String rs2, String name, Type type, boolean signed) {
        String fmt = kind.fmt();
        String s = kind.suffix();
        rounded(
                table,
                "11000" + fmt + " " + rs2 + " rs1:5 rm:3 rd:5 1010011",
                "fcvt." + name + "." + s + " {rd}, {rs1:f}{rm}",
                (t, i, rm) -> t.x(i.rd(), kind.toInteger(t, type, kind.read(t, i.rs1()), signed, rm)));
        rounded(
                table,
                "11010" + fmt + " " + rs2 + " rs1:5 rm:3 rd:5 1010011",
                "fcvt." + s + "." + name + " {rd:f}, {rs1}{rm}",
                (t, i, rm) -> kind.write(t, i.rd(), kind.fromInteger(t, t.low(i.rs1(), type), signed, rm)));
    }
}
