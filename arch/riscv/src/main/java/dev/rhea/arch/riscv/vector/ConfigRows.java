package dev.rhea.arch.riscv.vector;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;

/** VSETVLI, VSETIVLI, VSETVL: manual, section "Configuration-Setting Instructions". */
final class ConfigRows {
    private ConfigRows() {}

    private static final Helper CONFIGURE =
            Helper.of("vsetvl", Type.I64, (cpu, avl, vtype, c) -> vector(cpu).configure(avl, vtype), Effect.IMPURE);

    private static final Helper VL = Helper.of("vl", Type.I64, (cpu, a, b, c) -> vector(cpu).vl, Effect.IMPURE);

    private static VectorState vector(dev.rhea.engine.cpu.Cpu cpu) {
        return ((RiscvCpu) cpu).vector();
    }

    static void addTo(Table<RiscvBuilder> table) {
        table.insn(
                        "0 vtype:11 rs1:5 111 rd:5 1010111",
                        "vsetvli {rd}, {rs1}, {vtype}",
                        (t, i) -> emit(t, i, avl(t, i), t.i64(i.get("vtype"))))
                .insn(
                        "11 vtype:10 uimm:5 111 rd:5 1010111",
                        "vsetivli {rd}, {uimm}, {vtype}",
                        (t, i) -> emit(t, i, t.i64(i.get("uimm")), t.i64(i.get("vtype"))))
                .insn(
                        "1000000 rs2:5 rs1:5 111 rd:5 1010111",
                        "vsetvl {rd}, {rs1}, {rs2}",
                        (t, i) -> emit(t, i, avl(t, i), t.sextTo(Type.I64, t.x(i.rs2()))));
    }

    /** Manual, "AVL encoding": x0 asks for VLMAX, or with rd x0 too for keeping vl. */
    private static Node avl(RiscvBuilder t, Insn i) {
        if (i.rs1() != 0) {
            return t.zextTo(Type.I64, t.x(i.rs1()));
        }
        return i.rd() != 0 ? t.i64(-1) : t.value(VL);
    }

    private static void emit(RiscvBuilder t, Insn i, Node avl, Node vtype) {
        t.x(i.rd(), t.value(CONFIGURE, avl, vtype));
    }
}
