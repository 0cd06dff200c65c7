package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.Csrs;
import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.arch.riscv.RiscvCpu;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;

/**
 * Instructions of the privileged manual, and access to its CSRs. Whether the mode allows them is asked when they run: code of a page is
 * decoded once for all modes.
 */
public final class SystemRows {
    private SystemRows() {}

    private static final Helper READ = Helper.of(
            "csr",
            Type.I64,
            (cpu, number, bits, c) -> {
                Privilege p = of(cpu);
                if (!SystemCsrs.isAllowed(p, (int) number)) {
                    throw cpu.fault(Cause.ILLEGAL_INSTRUCTION, bits);
                }
                return SystemCsrs.read(p, (int) number);
            },
            Effect.MAY_FAULT,
            Effect.IMPURE);

    private static final Helper WRITE = Helper.of(
            "csr=",
            null,
            (cpu, number, value, bits) -> {
                Privilege p = of(cpu);
                if (!SystemCsrs.isAllowed(p, (int) number)) {
                    throw cpu.fault(Cause.ILLEGAL_INSTRUCTION, bits);
                }
                SystemCsrs.write(p, (int) number, value);
                return 0;
            },
            Effect.MAY_FAULT,
            Effect.IMPURE,
            Effect.ENDS_BLOCK);

    private static final Helper FENCE = Helper.of(
            "sfence.vma",
            null,
            (cpu, address, asid, flags) -> {
                Privilege p = of(cpu);
                boolean allowed = p.privilege() == Privilege.MACHINE
                        || p.privilege() == Privilege.SUPERVISOR && (p.mstatus & Status.TVM) == 0;
                if (!allowed) {
                    throw cpu.fault(Cause.ILLEGAL_INSTRUCTION, flags >>> 2);
                }
                p.fence((flags & 1) != 0, address, (flags & 2) != 0, asid & 0xffff);
                return 0;
            },
            Effect.MAY_FAULT,
            Effect.IMPURE,
            Effect.ENDS_BLOCK);

    private static Privilege of(Cpu cpu) {
        return ((RiscvCpu) cpu).privilege();
    }

    /** Tells of the registers there are. */
    public static void registers(int xlen, Csrs.Sink sink) {
        SystemCsrs.names(xlen)
                .forEach((number, name) -> sink.add(
                        number,
                        name,
                        t -> {
                            Node value = t.value(READ, t.i64(number), t.i64(t.bits()));
                            return xlen == 32 ? t.trunc(value) : value;
                        },
                        SystemCsrs.isReadOnly(number)
                                ? null
                                : (t, value) ->
                                        t.call(WRITE, t.i64(number), t.sextTo(Type.I64, value), t.i64(t.bits()))));
    }

    /** Adds the instructions. */
    public static void addTo(Table<RiscvBuilder> table) {
        table.group("Priv")
                .insn("0011000 00010 00000 000 00000 1110011", "mret", (t, i) -> t.trap(Cause.MRET, t.i64(i.bits())))
                .insn("0001000 00010 00000 000 00000 1110011", "sret", (t, i) -> t.trap(Cause.SRET, t.i64(i.bits())))
                .insn("0001000 00101 00000 000 00000 1110011", "wfi", (t, i) -> t.trap(Cause.WFI, t.i64(i.bits())))
                .insn("0001001 rs2:5 rs1:5 000 00000 1110011", "sfence.vma {rs1}, {rs2}", SystemRows::fence);
        table.group("Svinval")
                .insn("0001011 rs2:5 rs1:5 000 00000 1110011", "sinval.vma {rs1}, {rs2}", SystemRows::fence)
                .insn("0001100 00000 00000 000 00000 1110011", "sfence.w.inval", (t, i) -> {})
                .insn("0001100 00001 00000 000 00000 1110011", "sfence.inval.ir", (t, i) -> {});
    }

    private static void fence(RiscvBuilder t, Insn i) {
        long flags = (i.rs1() == 0 ? 1 : 0) | (i.rs2() == 0 ? 2 : 0) | i.bits() << 2;
        t.call(FENCE, t.sextTo(Type.I64, t.x(i.rs1())), t.sextTo(Type.I64, t.x(i.rs2())), t.i64(flags));
    }
}
