package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** M: unprivileged manual, chapter "M Extension for Integer Multiplication and Division". */
final class MultiplyRows {
    private MultiplyRows() {}

    /** Zmmul: what M has without division. */
    static void addMultiplication(Table<RiscvBuilder> table, int xlen) {
        table.group("M");
        BaseRows.binary(table, "0000001 rs2:5 rs1:5 000", "mul", Op.MUL);
        BaseRows.binary(table, "0000001 rs2:5 rs1:5 001", "mulh", Op.MULHS);
        table.insn("0000001 rs2:5 rs1:5 010 rd:5 0110011", "mulhsu {rd}, {rs1}, {rs2}", (t, i) -> {
            Node a = t.x(i.rs1());
            Node b = t.x(i.rs2());
            // the product of a + 2^XLEN and b is 2^XLEN * b too large where a is negative
            Node correction = t.and(t.sar(a, t.imm(t.xlen == Type.I32 ? 31 : 63)), b);
            t.x(i.rd(), t.sub(t.binary(Op.MULHU, a, b), correction));
        });
        BaseRows.binary(table, "0000001 rs2:5 rs1:5 011", "mulhu", Op.MULHU);
        if (xlen == 64) {
            BaseRows.word(table, "0000001 rs2:5 rs1:5 000", "mulw", Op.MUL);
        }
    }

    static void addDivision(Table<RiscvBuilder> table, int xlen) {
        table.group("M");
        divide(table, "100", "0110011", "div", Op.DIVS, false);
        divide(table, "101", "0110011", "divu", Op.DIVU, false);
        BaseRows.binary(table, "0000001 rs2:5 rs1:5 110", "rem", Op.REMS);
        BaseRows.binary(table, "0000001 rs2:5 rs1:5 111", "remu", Op.REMU);
        if (xlen == 64) {
            divide(table, "100", "0111011", "divw", Op.DIVS, true);
            divide(table, "101", "0111011", "divuw", Op.DIVU, true);
            BaseRows.word(table, "0000001 rs2:5 rs1:5 110", "remw", Op.REMS);
            BaseRows.word(table, "0000001 rs2:5 rs1:5 111", "remuw", Op.REMU);
        }
    }

    /** Division by zero gives all ones; overflow and remainders are as the IR has them. */
    private static void divide(
            Table<RiscvBuilder> table, String funct3, String opcode, String name, Op op, boolean word) {
        table.insn("0000001 rs2:5 rs1:5 " + funct3 + " rd:5 " + opcode, name + " {rd}, {rs1}, {rs2}", (t, i) -> {
            Node a = word ? t.w(i.rs1()) : t.x(i.rs1());
            Node b = word ? t.w(i.rs2()) : t.x(i.rs2());
            Type type = word ? Type.I32 : t.xlen;
            Node byZero = t.compare(Op.EQ, b, t.integer(type, 0));
            t.x(i.rd(), t.select(byZero, t.integer(type, -1), t.binary(op, a, b)));
        });
    }
}
