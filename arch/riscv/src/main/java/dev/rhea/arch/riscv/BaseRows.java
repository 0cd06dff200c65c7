package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;

/** RV32I and RV64I: unprivileged manual, chapters "RV32I" and "RV64I". */
final class BaseRows {
    private BaseRows() {}

    static void addTo(Table<RiscvBuilder> table, int xlen) {
        table.group("I")
                .insn("imm[31:12]s rd:5 0110111", "lui {rd}, {imm:hi}", (t, i) -> t.x(i.rd(), t.imm(i.imm())))
                .insn("imm[31:12]s rd:5 0010111", "auipc {rd}, {imm:hi}", (t, i) -> t.x(i.rd(), t.pc(i.imm())))
                .insn("imm[20|10:1|11|19:12]s rd:5 1101111", "jal {rd}, {imm:pc}", BaseRows::jal)
                .insn("imm:12s rs1:5 000 rd:5 1100111", "jalr {rd}, {imm}({rs1})", BaseRows::jalr);
        branch(table, "000", "beq", Op.EQ);
        branch(table, "001", "bne", Op.NE);
        branch(table, "100", "blt", Op.LTS);
        branch(table, "101", "bge", Op.GES);
        branch(table, "110", "bltu", Op.LTU);
        branch(table, "111", "bgeu", Op.GEU);
        load(table, "000", "lb", MemOp.little(1, true));
        load(table, "001", "lh", MemOp.little(2, true));
        load(table, "010", "lw", MemOp.little(4, true));
        load(table, "100", "lbu", MemOp.little(1, false));
        load(table, "101", "lhu", MemOp.little(2, false));
        store(table, "000", "sb", MemOp.little(1, false));
        store(table, "001", "sh", MemOp.little(2, false));
        store(table, "010", "sw", MemOp.little(4, false));
        table.insn(
                        "imm:12s rs1:5 000 rd:5 0010011",
                        "addi {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.add(t.x(i.rs1()), t.imm(i.imm()))))
                .insn(
                        "imm:12s rs1:5 010 rd:5 0010011",
                        "slti {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.compare(Op.LTS, t.x(i.rs1()), t.imm(i.imm()))))
                .insn(
                        "imm:12s rs1:5 011 rd:5 0010011",
                        "sltiu {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.compare(Op.LTU, t.x(i.rs1()), t.imm(i.imm()))))
                .insn(
                        "imm:12s rs1:5 100 rd:5 0010011",
                        "xori {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.xor(t.x(i.rs1()), t.imm(i.imm()))))
                .insn(
                        "imm:12s rs1:5 110 rd:5 0010011",
                        "ori {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.or(t.x(i.rs1()), t.imm(i.imm()))))
                .insn(
                        "imm:12s rs1:5 111 rd:5 0010011",
                        "andi {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.and(t.x(i.rs1()), t.imm(i.imm()))));
        if (xlen == 32) {
            shiftImmediate(table, "0000000 shamt:5", "001", "slli", Op.SHL);
            shiftImmediate(table, "0000000 shamt:5", "101", "srli", Op.SHR);
            shiftImmediate(table, "0100000 shamt:5", "101", "srai", Op.SAR);
        } else {
            shiftImmediate(table, "000000 shamt:6", "001", "slli", Op.SHL);
            shiftImmediate(table, "000000 shamt:6", "101", "srli", Op.SHR);
            shiftImmediate(table, "010000 shamt:6", "101", "srai", Op.SAR);
        }
        binary(table, "0000000 rs2:5 rs1:5 000", "add", Op.ADD);
        binary(table, "0100000 rs2:5 rs1:5 000", "sub", Op.SUB);
        binary(table, "0000000 rs2:5 rs1:5 001", "sll", Op.SHL);
        compare(table, "0000000 rs2:5 rs1:5 010", "slt", Op.LTS);
        compare(table, "0000000 rs2:5 rs1:5 011", "sltu", Op.LTU);
        binary(table, "0000000 rs2:5 rs1:5 100", "xor", Op.XOR);
        binary(table, "0000000 rs2:5 rs1:5 101", "srl", Op.SHR);
        binary(table, "0100000 rs2:5 rs1:5 101", "sra", Op.SAR);
        binary(table, "0000000 rs2:5 rs1:5 110", "or", Op.OR);
        binary(table, "0000000 rs2:5 rs1:5 111", "and", Op.AND);
        // other values of fm are reserved and to be treated as a plain fence, and so are fence.tso and registers other
        // than x0
        String fence = "fm:4 pred:4 succ:4 rs1:5 000 rd:5 0001111";
        table.insn(fence, "fence {pred}, {succ}", BaseRows::isDear, (t, i) -> t.fence())
                .insn(fence, "fence {pred}, {succ}", i -> !isDear(i), (t, i) -> t.orderFence())
                .insn("1000 0011 0011 rs1:5 000 rd:5 0001111", "fence.tso", (t, i) -> t.orderFence())
                .insn("000000000000 00000 000 00000 1110011", "ecall", (t, i) -> t.trap(Traps.ECALL_U, null))
                .insn("000000000001 00000 000 00000 1110011", "ebreak", (t, i) -> t.trap(Traps.BREAKPOINT, t.pc(0)));
        if (xlen == 64) {
            addWide(table);
        }
    }

    /** Whether a fence has, of the bits I, O, R and W, writes before it and reads behind it: the only order that costs much. */
    private static boolean isDear(Insn i) {
        return (i.get("pred") & 0b0101) != 0 && (i.get("succ") & 0b1010) != 0;
    }

    private static void addWide(Table<RiscvBuilder> table) {
        load(table, "011", "ld", MemOp.little(8, true));
        load(table, "110", "lwu", MemOp.little(4, false));
        store(table, "011", "sd", MemOp.little(8, false));
        table.insn(
                        "imm:12s rs1:5 000 rd:5 0011011",
                        "addiw {rd}, {rs1}, {imm}",
                        (t, i) -> t.x(i.rd(), t.add(t.w(i.rs1()), t.i32(i.imm()))))
                .insn(
                        "0000000 shamt:5 rs1:5 001 rd:5 0011011",
                        "slliw {rd}, {rs1}, {shamt}",
                        (t, i) -> t.x(i.rd(), t.shl(t.w(i.rs1()), t.i32(i.get("shamt")))))
                .insn(
                        "0000000 shamt:5 rs1:5 101 rd:5 0011011",
                        "srliw {rd}, {rs1}, {shamt}",
                        (t, i) -> t.x(i.rd(), t.shr(t.w(i.rs1()), t.i32(i.get("shamt")))))
                .insn(
                        "0100000 shamt:5 rs1:5 101 rd:5 0011011",
                        "sraiw {rd}, {rs1}, {shamt}",
                        (t, i) -> t.x(i.rd(), t.sar(t.w(i.rs1()), t.i32(i.get("shamt")))));
        word(table, "0000000 rs2:5 rs1:5 000", "addw", Op.ADD);
        word(table, "0100000 rs2:5 rs1:5 000", "subw", Op.SUB);
        word(table, "0000000 rs2:5 rs1:5 001", "sllw", Op.SHL);
        word(table, "0000000 rs2:5 rs1:5 101", "srlw", Op.SHR);
        word(table, "0100000 rs2:5 rs1:5 101", "sraw", Op.SAR);
    }

    private static void jal(RiscvBuilder t, Insn i) {
        if (t.misaligned(i.imm())) {
            t.trap(Traps.INSTRUCTION_MISALIGNED, t.pc(i.imm()));
            return;
        }
        t.x(i.rd(), t.pc(4));
        t.jump(i.imm(), isLink(i.rd()) ? Flow.CALL : Flow.JUMP);
    }

    private static void jalr(RiscvBuilder t, Insn i) {
        t.jumpRegister(t.add(t.x(i.rs1()), t.imm(i.imm())), i.rd(), 4, flow(i.rd(), i.rs1()));
    }

    /** x1 and x5 are link registers: unprivileged manual, table "Return-address stack prediction hints". */
    static boolean isLink(int register) {
        return register == 1 || register == 5;
    }

    static Flow flow(int rd, int rs1) {
        return isLink(rd) ? Flow.CALL : isLink(rs1) ? Flow.RETURN : Flow.JUMP;
    }

    private static void branch(Table<RiscvBuilder> table, String funct3, String name, Op op) {
        table.insn(
                "imm[12|10:5]s rs2:5 rs1:5 " + funct3 + " imm[4:1|11] 1100011",
                name + " {rs1}, {rs2}, {imm:pc}",
                (t, i) -> t.branch(t.compare(op, t.x(i.rs1()), t.x(i.rs2())), i.imm()));
    }

    private static void load(Table<RiscvBuilder> table, String funct3, String name, MemOp mem) {
        table.insn(
                "imm:12s rs1:5 " + funct3 + " rd:5 0000011",
                name + " {rd}, {imm}({rs1})",
                (t, i) -> t.x(i.rd(), t.load(t.xlen, t.x(i.rs1()), i.imm(), mem)));
    }

    private static void store(Table<RiscvBuilder> table, String funct3, String name, MemOp mem) {
        table.insn(
                "imm[11:5]s rs2:5 rs1:5 " + funct3 + " imm[4:0] 0100011",
                name + " {rs2}, {imm}({rs1})",
                (t, i) -> t.store(t.x(i.rs1()), i.imm(), t.x(i.rs2()), mem));
    }

    private static void shiftImmediate(Table<RiscvBuilder> table, String top, String funct3, String name, Op op) {
        table.insn(
                top + " rs1:5 " + funct3 + " rd:5 0010011",
                name + " {rd}, {rs1}, {shamt}",
                (t, i) -> t.x(i.rd(), t.binary(op, t.x(i.rs1()), t.imm(i.get("shamt")))));
    }

    /** {@code rd = rs1 op rs2} in XLEN bits; {@code top} is what stands above rd. */
    static void binary(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rd:5 0110011",
                name + " {rd}, {rs1}, {rs2}",
                (t, i) -> t.x(i.rd(), t.binary(op, t.x(i.rs1()), t.x(i.rs2()))));
    }

    private static void compare(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(top + " rd:5 0110011", name + " {rd}, {rs1}, {rs2}", (t, i) -> {
            Node less = t.compare(op, t.x(i.rs1()), t.x(i.rs2()));
            t.x(i.rd(), less);
        });
    }

    /** {@code rd = rs1 op rs2} in the low 32 bits, sign-extended. */
    static void word(Table<RiscvBuilder> table, String top, String name, Op op) {
        table.insn(
                top + " rd:5 0111011",
                name + " {rd}, {rs1}, {rs2}",
                (t, i) -> t.x(i.rd(), t.binary(op, t.w(i.rs1()), t.w(i.rs2()))));
    }
}
