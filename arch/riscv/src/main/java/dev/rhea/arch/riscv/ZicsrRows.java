package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.system.SystemCsrs;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;

/**
 * Zicsr and Zifencei: unprivileged manual, chapters "Zicsr" and "Zifencei". A register that is not there, and a write to
 * one that cannot be written, are illegal instructions.
 */
final class ZicsrRows {
    private ZicsrRows() {}

    static void addTo(Table<RiscvBuilder> table, Csrs csrs) {
        table.group("Zicsr")
                .insn(
                        "csr:12 rs1:5 001 rd:5 1110011",
                        "csrrw {rd}, {csr}, {rs1}",
                        (t, i) -> write(t, i, csrs, t.x(i.rs1())))
                .insn(
                        "csr:12 rs1:5 010 rd:5 1110011",
                        "csrrs {rd}, {csr}, {rs1}",
                        (t, i) -> change(t, i, csrs, Op.OR, i.rs1(), t.x(i.rs1())))
                .insn(
                        "csr:12 rs1:5 011 rd:5 1110011",
                        "csrrc {rd}, {csr}, {rs1}",
                        (t, i) -> change(t, i, csrs, Op.AND, i.rs1(), t.x(i.rs1())))
                .insn(
                        "csr:12 uimm:5 101 rd:5 1110011",
                        "csrrwi {rd}, {csr}, {uimm}",
                        (t, i) -> write(t, i, csrs, t.imm(i.get("uimm"))))
                .insn(
                        "csr:12 uimm:5 110 rd:5 1110011",
                        "csrrsi {rd}, {csr}, {uimm}",
                        (t, i) -> change(t, i, csrs, Op.OR, i.get("uimm"), t.imm(i.get("uimm"))))
                .insn(
                        "csr:12 uimm:5 111 rd:5 1110011",
                        "csrrci {rd}, {csr}, {uimm}",
                        (t, i) -> change(t, i, csrs, Op.AND, i.get("uimm"), t.imm(i.get("uimm"))));
    }

    static void addFenceI(Table<RiscvBuilder> table) {
        // stores to decoded code are seen without it; going through the loop makes sure of what runs at this moment
        table.group("Zifencei").insn("imm:12s rs1:5 001 rd:5 0001111", "fence.i", (t, i) -> t.leave());
    }

    private static void write(RiscvBuilder t, Insn i, Csrs csrs, Node value) {
        if (isElsewhere(t, i, csrs, value)) {
            return;
        }
        Csrs.Csr csr = csrs.find((int) i.get("csr"));
        if (csr == null || csr.write() == null) {
            t.illegal(i);
            return;
        }
        if (i.rd() != 0) {
            Node old = csr.read().emit(t);
            csr.write().emit(t, value);
            t.x(i.rd(), old);
        } else {
            csr.write().emit(t, value);
        }
    }

    /** Sets or clears bits; with x0 or 0 as {@code source} nothing is written, not even the same value. */
    private static void change(RiscvBuilder t, Insn i, Csrs csrs, Op op, long source, Node operand) {
        if (source == 0 && i.get("csr") == Csrs.SEED) {
            t.illegal(i);
            return;
        }
        if (isElsewhere(t, i, csrs, operand)) {
            return;
        }
        Csrs.Csr csr = csrs.find((int) i.get("csr"));
        if (csr == null || source != 0 && csr.write() == null) {
            t.illegal(i);
            return;
        }
        Node old = csr.read().emit(t);
        if (source != 0 && csr.write() != null) {
            csr.write().emit(t, t.binary(op, old, op == Op.AND ? t.not(operand) : operand));
        }
        t.x(i.rd(), old);
    }

    /** Sees to registers of units that are switched off, and to those that ask for the privilege. */
    private static boolean isElsewhere(RiscvBuilder t, Insn i, Csrs csrs, Node operand) {
        int number = (int) i.get("csr");
        SystemCsrs privileged = csrs.privileged(number);
        if (privileged != null) {
            privileged.emit(t, i, operand);
            return true;
        }
        if (t.isIn(number <= 0x003 ? RiscvCpu.FLOAT_OFF : RiscvCpu.VECTOR_OFF)) {
            t.illegal(i);
            return true;
        }
        return false;
    }
}
