package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.Traps;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Type;

/** Privileged instructions: chapters "Machine-Level ISA", "Supervisor-Level ISA" and "Svinval". */
public final class SystemRows {
    private SystemRows() {}

    private static final Helper FENCE =
            Helper.of("sfence.vma", null, SystemRows::fence, Effect.MAY_FAULT, Effect.IMPURE, Effect.ENDS_BLOCK);

    private static final Helper ORDER =
            Helper.of("sfence.w.inval", null, SystemRows::order, Effect.MAY_FAULT, Effect.IMPURE);

    private static final int RS1_SHIFT = 15;
    private static final int RS2_SHIFT = 20;

    /** Adds the rows that a model has. Those that change the privilege leave to the hart's loop as traps. */
    public static void addTo(Table<RiscvBuilder> table, SystemOptions options) {
        table.group("Privileged")
                .insn("001100000010 00000 000 00000 1110011", "mret", (t, i) -> t.trap(Traps.MRET, t.i64(i.bits())))
                .insn("000100000101 00000 000 00000 1110011", "wfi", (t, i) -> t.trap(Traps.WFI, t.i64(i.bits())));
        if (!options.supervisor()) {
            return;
        }
        table.insn("000100000010 00000 000 00000 1110011", "sret", (t, i) -> t.trap(Traps.SRET, t.i64(i.bits())))
                .insn("0001001 rs2:5 rs1:5 000 00000 1110011", "sfence.vma {rs1}, {rs2}", SystemRows::emitFence);
        if (options.svinval()) {
            table.group("Svinval")
                    .insn("0001011 rs2:5 rs1:5 000 00000 1110011", "sinval.vma {rs1}, {rs2}", SystemRows::emitFence)
                    .insn("0001100 00000 00000 000 00000 1110011", "sfence.w.inval", SystemRows::emitOrder)
                    .insn("0001100 00001 00000 000 00000 1110011", "sfence.inval.ir", SystemRows::emitOrder);
        }
    }

    private static void emitFence(RiscvBuilder t, Insn i) {
        t.call(FENCE, t.sextTo(Type.I64, t.x(i.rs1())), t.sextTo(Type.I64, t.x(i.rs2())), t.i64(i.bits()));
    }

    private static void emitOrder(RiscvBuilder t, Insn i) {
        t.call(ORDER, t.i64(i.bits()));
    }

    private static long fence(Cpu engineCpu, long address, long asid, long bits) {
        var cpu = (SystemCpu) engineCpu;
        if (cpu.privilege == SystemCpu.USER
                || cpu.privilege == SystemCpu.SUPERVISOR && (cpu.mstatus() & Status.TVM) != 0) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, bits);
        }
        boolean everywhere = (bits >>> RS1_SHIFT & 31) == 0;
        long space = (bits >>> RS2_SHIFT & 31) == 0 ? -1 : asid & (cpu.xlen == 64 ? 0xffff : 0x1ff);
        if (everywhere) {
            cpu.translations.forgetSpace(space);
        } else {
            cpu.translations.forgetPage(address & cpu.addressMask, space);
        }
        return 0;
    }

    private static long order(Cpu engineCpu, long bits, long b, long c) {
        var cpu = (SystemCpu) engineCpu;
        if (cpu.privilege == SystemCpu.USER) {
            throw cpu.fault(Traps.ILLEGAL_INSTRUCTION, bits);
        }
        return 0;
    }
}
