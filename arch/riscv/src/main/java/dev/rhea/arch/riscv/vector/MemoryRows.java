package dev.rhea.arch.riscv.vector;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.arch.riscv.vector.Transfer.Order;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;

/** Loads and stores: manual, section "Vector Loads and Stores". */
final class MemoryRows {
    private MemoryRows() {}

    /** Of the width field, by log2 of bytes. */
    private static final String[] WIDTH = {"000", "101", "110", "111"};

    static void addTo(Forms f) {
        for (int eew = 0; eew <= 3; eew++) {
            String bits = Integer.toString(8 << eew);
            for (boolean store : new boolean[] {false, true}) {
                String l = store ? "s" : "l";
                add(
                        f,
                        eew,
                        store,
                        "00",
                        "00000",
                        "v" + l + "e" + bits + ".v",
                        "v" + l + "seg{nf:seg}e" + bits + ".v",
                        Order.UNIT);
                add(
                        f,
                        eew,
                        store,
                        "10",
                        "rs2:5",
                        "v" + l + "se" + bits + ".v",
                        "v" + l + "sseg{nf:seg}e" + bits + ".v",
                        Order.STRIDED);
                add(
                        f,
                        eew,
                        store,
                        "01",
                        "vs2:5",
                        "v" + l + "uxei" + bits + ".v",
                        "v" + l + "uxseg{nf:seg}ei" + bits + ".v",
                        Order.INDEXED);
                add(
                        f,
                        eew,
                        store,
                        "11",
                        "vs2:5",
                        "v" + l + "oxei" + bits + ".v",
                        "v" + l + "oxseg{nf:seg}ei" + bits + ".v",
                        Order.INDEXED);
            }
            add(
                    f,
                    eew,
                    false,
                    "00",
                    "10000",
                    "vle" + bits + "ff.v",
                    "vlseg{nf:seg}e" + bits + "ff.v",
                    Order.FAULT_FIRST);
            int width = eew;
            for (int nf = 1; nf <= 8; nf *= 2) {
                int registers = nf;
                whole(
                        f,
                        Integer.toBinaryString(8 + nf - 1).substring(1),
                        WIDTH[eew],
                        "0000111",
                        "vl" + nf + "re" + bits + ".v",
                        (cpu, insn, address) -> Transfer.whole(cpu, insn, address, registers, width, false));
            }
        }
        for (int nf = 1; nf <= 8; nf *= 2) {
            int registers = nf;
            whole(
                    f,
                    Integer.toBinaryString(8 + nf - 1).substring(1),
                    "000",
                    "0100111",
                    "vs" + nf + "r.v",
                    (cpu, insn, address) -> Transfer.whole(cpu, insn, address, registers, 0, true));
        }
        f.row(
                "000 0 00 1 01011 rs1:5 000 vd:5 0000111",
                "vlm.v {vd:v}, ({rs1})",
                memory("vlm.v", (cpu, insn, address, stride) -> Transfer.mask(cpu, insn, address, false)),
                Forms.X);
        f.row(
                "000 0 00 1 01011 rs1:5 000 vd:5 0100111",
                "vsm.v {vd:v}, ({rs1})",
                memory("vsm.v", (cpu, insn, address, stride) -> Transfer.mask(cpu, insn, address, true)),
                Forms.X);
    }

    /** What a memory helper does. @param stride bytes from one element or segment to the next; 0 but for strided ones */
    @FunctionalInterface
    private interface Action {
        void run(RiscvCpu cpu, long bits, long address, long stride);
    }

    private static Helper memory(String name, Action action) {
        return Helper.of(
                name,
                null,
                (cpu, a, b, c) -> {
                    action.run((RiscvCpu) cpu, a, b, c);
                    return 0;
                },
                Effect.MAY_FAULT,
                Effect.IMPURE);
    }

    private static void add(
            Forms f, int eew, boolean store, String mop, String middle, String single, String segment, Order order) {
        String tail = " vm:1 " + middle + " rs1:5 " + WIDTH[eew] + " vd:5 " + (store ? "0100111" : "0000111");
        String operands = " {vd:v}, ({rs1})"
                + switch (order) {
                    case STRIDED -> ", {rs2}";
                    case INDEXED -> ", {vs2:v}";
                    default -> "";
                }
                + "{vm}";
        Helper helper = memory(
                single,
                (cpu, bits, address, stride) -> Transfer.elements(cpu, bits, address, stride, eew, store, order));
        f.table().insn("000 0 " + mop + tail, single + operands, (t, i) -> emit(t, i, helper, order));
        f.table()
                .insn(
                        "nf:3 0 " + mop + tail,
                        segment + operands,
                        i -> i.get("nf") != 0,
                        (t, i) -> emit(t, i, helper, order));
    }

    private static void emit(RiscvBuilder t, Insn i, Helper helper, Order order) {
        Node address = t.sextTo(Type.I64, t.x(i.rs1()));
        if (order == Order.STRIDED) {
            t.call(helper, t.i64(i.bits()), address, t.sextTo(Type.I64, t.x(i.rs2())));
        } else {
            t.call(helper, t.i64(i.bits()), address);
        }
    }

    private static void whole(Forms f, String nf, String width, String opcode, String mnemonic, Forms.Action action) {
        f.row(
                nf + " 0 00 1 01000 rs1:5 " + width + " vd:5 " + opcode,
                mnemonic + " {vd:v}, ({rs1})",
                Forms.helper(mnemonic, action),
                Forms.X);
    }
}
