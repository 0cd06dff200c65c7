package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;

/**
 * Zba, Zbb and Zbs, and Zbkb, which shares half of its instructions with Zbb: unprivileged manual, chapters "B Extension
 * for Bit Manipulation" and "Scalar Cryptography".
 */
final class BitRows {
    private BitRows() {}

    static void addTo(Table<RiscvBuilder> table, int xlen, Extensions on) {
        boolean wide = xlen == 64;
        if (on.has(Extension.ZBA)) {
            addAddresses(table.group("Zba"), wide);
        }
        if (on.has(Extension.ZBB)) {
            addCounts(table.group("Zbb"), wide);
        }
        if (on.has(Extension.ZBB) || on.has(Extension.ZBKB)) {
            addLogicAndRotations(table.group(on.has(Extension.ZBB) ? "Zbb" : "Zbkb"), wide);
        }
        if (on.has(Extension.ZBKB)) {
            addPacking(table.group("Zbkb"), wide);
        }
        if (on.has(Extension.ZBB)) {
            // a packw, on RV32 a pack, with x0
            table.group("Zbb")
                    .insn(
                            "0000100 00000 rs1:5 100 rd:5 " + (wide ? "0111011" : "0110011"),
                            "zext.h {rd}, {rs1}",
                            (t, i) -> t.x(i.rd(), t.unary(Op.ZEXT16, t.x(i.rs1()))));
        }
        if (on.has(Extension.ZBS)) {
            addSingleBits(table.group("Zbs"), wide);
        }
    }

    private static void addAddresses(Table<RiscvBuilder> table, boolean wide) {
        for (int shift = 1; shift <= 3; shift++) {
            long amount = shift;
            String funct3 = shift == 1 ? "010" : shift == 2 ? "100" : "110";
            table.insn(
                    "0010000 rs2:5 rs1:5 " + funct3 + " rd:5 0110011",
                    "sh" + shift + "add {rd}, {rs1}, {rs2}",
                    (t, i) -> t.x(i.rd(), t.add(t.x(i.rs2()), t.shl(t.x(i.rs1()), t.imm(amount)))));
            if (wide) {
                table.insn(
                        "0010000 rs2:5 rs1:5 " + funct3 + " rd:5 0111011",
                        "sh" + shift + "add.uw {rd}, {rs1}, {rs2}",
                        (t, i) -> t.x(i.rd(), t.add(t.x(i.rs2()), t.shl(t.zext32(t.w(i.rs1())), t.imm(amount)))));
            }
        }
        if (wide) {
            table.insn(
                            "0000100 rs2:5 rs1:5 000 rd:5 0111011",
                            "add.uw {rd}, {rs1}, {rs2}",
                            (t, i) -> t.x(i.rd(), t.add(t.x(i.rs2()), t.zext32(t.w(i.rs1())))))
                    .insn(
                            "000010 shamt:6 rs1:5 001 rd:5 0011011",
                            "slli.uw {rd}, {rs1}, {shamt}",
                            (t, i) -> t.x(i.rd(), t.shl(t.zext32(t.w(i.rs1())), t.imm(i.get("shamt")))));
        }
    }

    private static void addCounts(Table<RiscvBuilder> table, boolean wide) {
        unary(table, "0110000 00000", "clz", Op.CLZ);
        unary(table, "0110000 00001", "ctz", Op.CTZ);
        unary(table, "0110000 00010", "cpop", Op.POPCNT);
        unary(table, "0110000 00100", "sext.b", Op.SEXT8);
        unary(table, "0110000 00101", "sext.h", Op.SEXT16);
        if (wide) {
            unaryWord(table, "0110000 00000", "clzw", Op.CLZ);
            unaryWord(table, "0110000 00001", "ctzw", Op.CTZ);
            unaryWord(table, "0110000 00010", "cpopw", Op.POPCNT);
        }
        BaseRows.binary(table, "0000101 rs2:5 rs1:5 100", "min", Op.MINS);
        BaseRows.binary(table, "0000101 rs2:5 rs1:5 101", "minu", Op.MINU);
        BaseRows.binary(table, "0000101 rs2:5 rs1:5 110", "max", Op.MAXS);
        BaseRows.binary(table, "0000101 rs2:5 rs1:5 111", "maxu", Op.MAXU);
        table.insn("001010000111 rs1:5 101 rd:5 0010011", "orc.b {rd}, {rs1}", (t, i) -> {
            // 0x7f is added to the low seven bits of every byte: bit 7 tells whether one was set, and nothing carries
            // over
            Node a = t.x(i.rs1());
            Node low = t.imm(0x7f7f7f7f7f7f7f7fL);
            Node set = t.or(t.add(t.and(a, low), low), a);
            t.x(i.rd(), t.mul(t.and(t.shr(set, t.imm(7)), t.imm(0x0101010101010101L)), t.imm(0xff)));
        });
    }

    private static void unary(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rs1:5 001 rd:5 0010011",
                name + " {rd}, {rs1}",
                (t, i) -> t.x(i.rd(), t.unary(op, t.x(i.rs1()))));
    }

    private static void unaryWord(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rs1:5 001 rd:5 0011011",
                name + " {rd}, {rs1}",
                (t, i) -> t.x(i.rd(), t.unary(op, t.w(i.rs1()))));
    }

    private static void addLogicAndRotations(Table<RiscvBuilder> table, boolean wide) {
        negated(table, "111", "andn", Op.AND);
        negated(table, "110", "orn", Op.OR);
        negated(table, "100", "xnor", Op.XOR);
        BaseRows.binary(table, "0110000 rs2:5 rs1:5 001", "rol", Op.ROTL);
        BaseRows.binary(table, "0110000 rs2:5 rs1:5 101", "ror", Op.ROTR);
        immediate(
                table,
                wide ? "011000 shamt:6" : "0110000 shamt:5",
                "101",
                "rori",
                (t, a, amount) -> t.binary(Op.ROTR, a, t.imm(amount)));
        table.insn(
                (wide ? "011010111000" : "011010011000") + " rs1:5 101 rd:5 0010011",
                "rev8 {rd}, {rs1}",
                (t, i) -> t.x(i.rd(), t.unary(Op.BSWAP, t.x(i.rs1()))));
        if (wide) {
            BaseRows.word(table, "0110000 rs2:5 rs1:5 001", "rolw", Op.ROTL);
            BaseRows.word(table, "0110000 rs2:5 rs1:5 101", "rorw", Op.ROTR);
            table.insn(
                    "0110000 shamt:5 rs1:5 101 rd:5 0011011",
                    "roriw {rd}, {rs1}, {shamt}",
                    (t, i) -> t.x(i.rd(), t.binary(Op.ROTR, t.w(i.rs1()), t.i32(i.get("shamt")))));
        }
    }

    private static void negated(Table<RiscvBuilder> table, String funct3, String name, Op op) {
        table.insn(
                "0100000 rs2:5 rs1:5 " + funct3 + " rd:5 0110011",
                name + " {rd}, {rs1}, {rs2}",
                (t, i) -> t.x(i.rd(), t.binary(op, t.x(i.rs1()), t.not(t.x(i.rs2())))));
    }

    private static void addPacking(Table<RiscvBuilder> table, boolean wide) {
        table.insn("0000100 rs2:5 rs1:5 100 rd:5 0110011", "pack {rd}, {rs1}, {rs2}", (t, i) -> {
            Node low = wide ? t.zext32(t.w(i.rs1())) : t.unary(Op.ZEXT16, t.x(i.rs1()));
            t.x(i.rd(), t.or(t.shl(t.x(i.rs2()), t.imm(wide ? 32 : 16)), low));
        });
        table.insn("0000100 rs2:5 rs1:5 111 rd:5 0110011", "packh {rd}, {rs1}, {rs2}", (t, i) -> {
            Node high = t.shl(t.unary(Op.ZEXT8, t.x(i.rs2())), t.imm(8));
            t.x(i.rd(), t.or(high, t.unary(Op.ZEXT8, t.x(i.rs1()))));
        });
        // bits reversed within bytes: all bits reversed, then the bytes put back
        table.insn(
                "011010000111 rs1:5 101 rd:5 0010011",
                "brev8 {rd}, {rs1}",
                (t, i) -> t.x(i.rd(), t.unary(Op.BSWAP, t.unary(Op.BITREV, t.x(i.rs1())))));
        if (wide) {
            table.insn(
                    "0000100 rs2:5 rs1:5 100 rd:5 0111011",
                    "packw {rd}, {rs1}, {rs2}",
                    (t, i) -> t.x(i.rd(), t.or(t.shl(t.w(i.rs2()), t.i32(16)), t.unary(Op.ZEXT16, t.w(i.rs1())))));
        } else {
            table.insn(
                            "000010001111 rs1:5 001 rd:5 0010011",
                            "zip {rd}, {rs1}",
                            (t, i) -> t.x(i.rd(), t.value(BitFunctions.ZIP, t.x(i.rs1()))))
                    .insn(
                            "000010001111 rs1:5 101 rd:5 0010011",
                            "unzip {rd}, {rs1}",
                            (t, i) -> t.x(i.rd(), t.value(BitFunctions.UNZIP, t.x(i.rs1()))));
        }
    }

    private static void addSingleBits(Table<RiscvBuilder> table, boolean wide) {
        single(table, wide, "01001", "001", "bclr", (t, a, n) -> t.and(a, t.not(t.shl(t.imm(1), n))));
        single(table, wide, "01001", "101", "bext", (t, a, n) -> t.and(t.shr(a, n), t.imm(1)));
        single(table, wide, "01101", "001", "binv", (t, a, n) -> t.xor(a, t.shl(t.imm(1), n)));
        single(table, wide, "00101", "001", "bset", (t, a, n) -> t.or(a, t.shl(t.imm(1), n)));
    }

    /** What is done to a value and a bit's number modulo XLEN. */
    private interface Single {
        Node emit(RiscvBuilder t, Node a, Node bit);
    }

    private static void single(
            Table<RiscvBuilder> table, boolean wide, String funct5, String funct3, String name, Single meaning) {
        table.insn(
                funct5 + "00 rs2:5 rs1:5 " + funct3 + " rd:5 0110011",
                name + " {rd}, {rs1}, {rs2}",
                (t, i) -> t.x(i.rd(), meaning.emit(t, t.x(i.rs1()), t.x(i.rs2()))));
        immediate(
                table,
                funct5 + (wide ? "0 shamt:6" : "00 shamt:5"),
                funct3,
                name + "i",
                (t, a, bit) -> meaning.emit(t, a, t.imm(bit)));
    }

    /** What is done to a value and a shift amount. */
    private interface Immediate {
        Node emit(RiscvBuilder t, Node a, long amount);
    }

    private static void immediate(
            Table<RiscvBuilder> table, String top, String funct3, String name, Immediate meaning) {
        table.insn(
                top + " rs1:5 " + funct3 + " rd:5 0010011",
                name + " {rd}, {rs1}, {shamt}",
                (t, i) -> t.x(i.rd(), meaning.emit(t, t.x(i.rs1()), i.get("shamt"))));
    }

    /** Zbc, Zbkc and Zbkx: products without carry, and lookups in a register. */
    static void addHelped(Table<RiscvBuilder> table, int xlen, Extensions on) {
        boolean wide = xlen == 64;
        if (on.has(Extension.ZBC) || on.has(Extension.ZBKC)) {
            table.group(on.has(Extension.ZBC) ? "Zbc" : "Zbkc");
            helped(table, "0000101 rs2:5 rs1:5 001", "clmul", wide ? BitFunctions.CLMUL : BitFunctions.CLMUL_32);
            helped(table, "0000101 rs2:5 rs1:5 011", "clmulh", wide ? BitFunctions.CLMULH : BitFunctions.CLMULH_32);
        }
        if (on.has(Extension.ZBC)) {
            helped(table, "0000101 rs2:5 rs1:5 010", "clmulr", wide ? BitFunctions.CLMULR : BitFunctions.CLMULR_32);
        }
        if (on.has(Extension.ZBKX)) {
            table.group("Zbkx");
            helped(table, "0010100 rs2:5 rs1:5 010", "xperm4", wide ? BitFunctions.XPERM4 : BitFunctions.XPERM4_32);
            helped(table, "0010100 rs2:5 rs1:5 100", "xperm8", wide ? BitFunctions.XPERM8 : BitFunctions.XPERM8_32);
        }
    }

    /** {@code rd = helper(rs1, rs2)}. */
    static void helped(Table<RiscvBuilder> table, String top, String name, Helper helper) {
        table.insn(
                top + " rd:5 0110011",
                name + " {rd}, {rs1}, {rs2}",
                (t, i) -> t.x(i.rd(), t.value(helper, t.x(i.rs1()), t.x(i.rs2()))));
    }

    /** Zicond: unprivileged manual, chapter "Integer Conditional Operations". */
    static void addConditionals(Table<RiscvBuilder> table) {
        conditional(table.group("Zicond"), "101", "czero.eqz", Op.EQ);
        conditional(table, "111", "czero.nez", Op.NE);
    }

    private static void conditional(Table<RiscvBuilder> table, String funct3, String name, Op zeroIf) {
        table.insn("0000111 rs2:5 rs1:5 " + funct3 + " rd:5 0110011", name + " {rd}, {rs1}, {rs2}", (t, i) -> {
            Node condition = t.compare(zeroIf, t.x(i.rs2()), t.imm(0));
            t.x(i.rd(), t.select(condition, t.imm(0), t.x(i.rs1())));
        });
    }
}
