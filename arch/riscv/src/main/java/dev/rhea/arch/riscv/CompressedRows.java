package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/**
 * C: unprivileged manual, chapter "C Extension for Compressed Instructions". {@code rd'}, {@code rs1'} and {@code rs2'} are
 * the manual's three-bit registers x8 to x15. Hints are the instructions they are encoded as.
 */
final class CompressedRows {
    private CompressedRows() {}

    private static final MemOp WORD = MemOp.little(4, true);
    private static final MemOp DOUBLE = MemOp.little(8, true);

    static void addTo(Table<RiscvBuilder> table, int xlen, Extensions on) {
        boolean wide = xlen == 64;
        table.group("C");
        addQuadrant0(table, wide);
        addConstants(table, wide);
        addArithmetic(table, wide);
        addJumps(table, wide);
        addQuadrant2(table, wide);
        // before Zca was a name, C had them for all that is there
        boolean whole = !on.has(Extension.ZCA);
        if (on.has(Extension.ZCD) || whole && on.has(Extension.D)) {
            addDoubles(table);
        }
        if (!wide && (on.has(Extension.ZCF) || whole && on.has(Extension.F))) {
            addFloats(table);
        }
    }

    private static void addQuadrant0(Table<RiscvBuilder> table, boolean wide) {
        table.insn(
                        "000 imm[5:4|9:6|2|3] rd':3 00",
                        "c.addi4spn {rd'}, sp, {imm}",
                        i -> i.imm() != 0,
                        (t, i) -> t.x(rd(i), t.add(t.x(2), t.imm(i.imm()))))
                .insn(
                        "010 imm[5:3] rs1':3 imm[2|6] rd':3 00",
                        "c.lw {rd'}, {imm}({rs1'})",
                        (t, i) -> t.x(rd(i), t.load(t.xlen, t.x(rs1(i)), i.imm(), WORD)))
                .insn(
                        "110 imm[5:3] rs1':3 imm[2|6] rs2':3 00",
                        "c.sw {rs2'}, {imm}({rs1'})",
                        (t, i) -> t.store(t.x(rs1(i)), i.imm(), t.x(rs2(i)), WORD));
        if (wide) {
            table.insn(
                            "011 imm[5:3] rs1':3 imm[7:6] rd':3 00",
                            "c.ld {rd'}, {imm}({rs1'})",
                            (t, i) -> t.x(rd(i), t.load(t.xlen, t.x(rs1(i)), i.imm(), DOUBLE)))
                    .insn(
                            "111 imm[5:3] rs1':3 imm[7:6] rs2':3 00",
                            "c.sd {rs2'}, {imm}({rs1'})",
                            (t, i) -> t.store(t.x(rs1(i)), i.imm(), t.x(rs2(i)), DOUBLE));
        }
    }

    private static void addConstants(Table<RiscvBuilder> table, boolean wide) {
        table.insn("000 0 00000 00000 01", "c.nop", (t, i) -> {})
                .insn("000 imm[5]s 00000 imm[4:0] 01", "c.nop {imm}", (t, i) -> {})
                .insn("000 imm[5]s rd:5 imm[4:0] 01", "c.addi {rd}, {imm}", CompressedRows::addi)
                .insn("010 imm[5]s rd:5 imm[4:0] 01", "c.li {rd}, {imm}", (t, i) -> t.x(i.rd(), t.imm(i.imm())))
                .insn(
                        "011 imm[9]s 00010 imm[4|6|8:7|5] 01",
                        "c.addi16sp sp, {imm}",
                        i -> i.imm() != 0,
                        (t, i) -> t.x(2, t.add(t.x(2), t.imm(i.imm()))))
                .insn(
                        "011 imm[17]s rd:5 imm[16:12] 01",
                        "c.lui {rd}, {imm:hi}",
                        i -> i.imm() != 0 && i.rd() != 2,
                        (t, i) -> t.x(i.rd(), t.imm(i.imm())));
        if (wide) {
            table.insn(
                    "001 imm[5]s rd:5 imm[4:0] 01",
                    "c.addiw {rd}, {imm}",
                    i -> i.rd() != 0,
                    (t, i) -> t.x(i.rd(), t.add(t.w(i.rd()), t.i32(i.imm()))));
        }
    }

    private static void addi(RiscvBuilder t, Insn i) {
        t.x(i.rd(), t.add(t.x(i.rd()), t.imm(i.imm())));
    }

    private static void addArithmetic(Table<RiscvBuilder> table, boolean wide) {
        // shamt[5] must be 0 on RV32
        String shamt = wide ? " shamt[5]" : " 0";
        shift(table, "100" + shamt + " 00", "c.srli", Op.SHR);
        shift(table, "100" + shamt + " 01", "c.srai", Op.SAR);
        table.insn(
                "100 imm[5]s 10 rd':3 imm[4:0] 01",
                "c.andi {rd'}, {imm}",
                (t, i) -> t.x(rd(i), t.and(t.x(rd(i)), t.imm(i.imm()))));
        binary(table, "100 0 11 rd':3 00", "c.sub", Op.SUB);
        binary(table, "100 0 11 rd':3 01", "c.xor", Op.XOR);
        binary(table, "100 0 11 rd':3 10", "c.or", Op.OR);
        binary(table, "100 0 11 rd':3 11", "c.and", Op.AND);
        if (wide) {
            word(table, "100 1 11 rd':3 00", "c.subw", Op.SUB);
            word(table, "100 1 11 rd':3 01", "c.addw", Op.ADD);
        }
        table.insn(
                        "000" + shamt + " rd:5 shamt[4:0] 10",
                        "c.slli {rd}, {shamt}",
                        (t, i) -> t.x(i.rd(), t.shl(t.x(i.rd()), t.imm(i.get("shamt")))))
                .insn("100 0 rd:5 rs2:5 10", "c.mv {rd}, {rs2}", i -> i.rs2() != 0, (t, i) -> t.x(i.rd(), t.x(i.rs2())))
                .insn(
                        "100 1 rd:5 rs2:5 10",
                        "c.add {rd}, {rs2}",
                        i -> i.rs2() != 0,
                        (t, i) -> t.x(i.rd(), t.add(t.x(i.rd()), t.x(i.rs2()))));
    }

    private static void shift(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rd':3 shamt[4:0] 01",
                name + " {rd'}, {shamt}",
                (t, i) -> t.x(rd(i), t.binary(op, t.x(rd(i)), t.imm(i.get("shamt")))));
    }

    private static void binary(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rs2':3 01",
                name + " {rd'}, {rs2'}",
                (t, i) -> t.x(rd(i), t.binary(op, t.x(rd(i)), t.x(rs2(i)))));
    }

    private static void word(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rs2':3 01",
                name + " {rd'}, {rs2'}",
                (t, i) -> t.x(rd(i), t.binary(op, t.w(rd(i)), t.w(rs2(i)))));
    }

    private static void addJumps(Table<RiscvBuilder> table, boolean wide) {
        table.insn("101 imm[11|4|9:8|10|6|7|3:1|5]s 01", "c.j {imm:pc}", (t, i) -> t.jump(i.imm(), Flow.JUMP))
                .insn(
                        "110 imm[8|4:3]s rs1':3 imm[7:6|2:1|5] 01",
                        "c.beqz {rs1'}, {imm:pc}",
                        (t, i) -> t.branch(t.compare(Op.EQ, t.x(rs1(i)), t.imm(0)), i.imm()))
                .insn(
                        "111 imm[8|4:3]s rs1':3 imm[7:6|2:1|5] 01",
                        "c.bnez {rs1'}, {imm:pc}",
                        (t, i) -> t.branch(t.compare(Op.NE, t.x(rs1(i)), t.imm(0)), i.imm()))
                .insn(
                        "100 0 rs1:5 00000 10",
                        "c.jr {rs1}",
                        i -> i.rs1() != 0,
                        (t, i) -> t.jumpRegister(t.x(i.rs1()), 0, 2, BaseRows.flow(0, i.rs1())))
                .insn(
                        "100 1 rs1:5 00000 10",
                        "c.jalr {rs1}",
                        i -> i.rs1() != 0,
                        (t, i) -> t.jumpRegister(t.x(i.rs1()), 1, 2, Flow.CALL))
                .insn("100 1 00000 00000 10", "c.ebreak", (t, i) -> t.trap(Traps.BREAKPOINT, t.pc(0)));
        if (!wide) {
            table.insn("001 imm[11|4|9:8|10|6|7|3:1|5]s 01", "c.jal {imm:pc}", (t, i) -> {
                t.x(1, t.pc(2));
                t.jump(i.imm(), Flow.CALL);
            });
        }
    }

    private static void addQuadrant2(Table<RiscvBuilder> table, boolean wide) {
        table.insn(
                        "010 imm[5] rd:5 imm[4:2|7:6] 10",
                        "c.lwsp {rd}, {imm}(sp)",
                        i -> i.rd() != 0,
                        (t, i) -> t.x(i.rd(), t.load(t.xlen, t.x(2), i.imm(), WORD)))
                .insn(
                        "110 imm[5:2|7:6] rs2:5 10",
                        "c.swsp {rs2}, {imm}(sp)",
                        (t, i) -> t.store(t.x(2), i.imm(), t.x(i.rs2()), WORD));
        if (wide) {
            table.insn(
                            "011 imm[5] rd:5 imm[4:3|8:6] 10",
                            "c.ldsp {rd}, {imm}(sp)",
                            i -> i.rd() != 0,
                            (t, i) -> t.x(i.rd(), t.load(t.xlen, t.x(2), i.imm(), DOUBLE)))
                    .insn(
                            "111 imm[5:3|8:6] rs2:5 10",
                            "c.sdsp {rs2}, {imm}(sp)",
                            (t, i) -> t.store(t.x(2), i.imm(), t.x(i.rs2()), DOUBLE));
        }
    }

    private static void addDoubles(Table<RiscvBuilder> table) {
        table.insn(
                        "001 imm[5:3] rs1':3 imm[7:6] rd':3 00",
                        "c.fld {rd':f}, {imm}({rs1'})",
                        (t, i) -> loadDouble(t, rd(i), t.x(rs1(i)), i.imm()))
                .insn(
                        "101 imm[5:3] rs1':3 imm[7:6] rs2':3 00",
                        "c.fsd {rs2':f}, {imm}({rs1'})",
                        (t, i) -> storeDouble(t, rs2(i), t.x(rs1(i)), i.imm()))
                .insn(
                        "001 imm[5] rd:5 imm[4:3|8:6] 10",
                        "c.fldsp {rd:f}, {imm}(sp)",
                        (t, i) -> loadDouble(t, i.rd(), t.x(2), i.imm()))
                .insn(
                        "101 imm[5:3|8:6] rs2:5 10",
                        "c.fsdsp {rs2:f}, {imm}(sp)",
                        (t, i) -> storeDouble(t, i.rs2(), t.x(2), i.imm()));
    }

    private static void addFloats(Table<RiscvBuilder> table) {
        table.insn(
                        "011 imm[5:3] rs1':3 imm[2|6] rd':3 00",
                        "c.flw {rd':f}, {imm}({rs1'})",
                        (t, i) -> loadFloat(t, rd(i), t.x(rs1(i)), i.imm()))
                .insn(
                        "111 imm[5:3] rs1':3 imm[2|6] rs2':3 00",
                        "c.fsw {rs2':f}, {imm}({rs1'})",
                        (t, i) -> storeFloat(t, rs2(i), t.x(rs1(i)), i.imm()))
                .insn(
                        "011 imm[5] rd:5 imm[4:2|7:6] 10",
                        "c.flwsp {rd:f}, {imm}(sp)",
                        (t, i) -> loadFloat(t, i.rd(), t.x(2), i.imm()))
                .insn(
                        "111 imm[5:2|7:6] rs2:5 10",
                        "c.fswsp {rs2:f}, {imm}(sp)",
                        (t, i) -> storeFloat(t, i.rs2(), t.x(2), i.imm()));
    }

    private static void loadDouble(RiscvBuilder t, int fd, Node base, long offset) {
        t.d(fd, t.bitcast(Type.F64, t.load(Type.I64, base, offset, DOUBLE)));
    }

    private static void storeDouble(RiscvBuilder t, int fs, Node base, long offset) {
        t.store(base, offset, t.bitcast(Type.I64, t.d(fs)), DOUBLE);
    }

    private static void loadFloat(RiscvBuilder t, int fd, Node base, long offset) {
        t.s(fd, t.bitcast(Type.F32, t.load(Type.I32, base, offset, WORD)));
    }

    private static void storeFloat(RiscvBuilder t, int fs, Node base, long offset) {
        // the register's low half as it is, whether boxed or not
        t.store(base, offset, t.bitcast(Type.I64, t.d(fs)), WORD);
    }

    private static int rd(Insn i) {
        return 8 + (int) i.get("rd'");
    }

    private static int rs1(Insn i) {
        return 8 + (int) i.get("rs1'");
    }

    private static int rs2(Insn i) {
        return 8 + (int) i.get("rs2'");
    }
}
