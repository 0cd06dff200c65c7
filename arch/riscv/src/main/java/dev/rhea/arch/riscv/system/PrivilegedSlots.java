package dev.rhea.arch.riscv.system;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Type;
import java.util.List;

/**
 * Privileged state that stands beside the registers in {@link dev.rhea.engine.cpu.Cpu#r}, since machine code works on it: what a
 * kernel reads and writes with every lock and every trap. These are no registers of the {@link
 * dev.rhea.engine.cpu.Isa#globals() register file}.
 */
final class PrivilegedSlots {
    /** Behind x0 to x31 and f0 to f31. */
    private static final int FIRST = 64;

    static final Global MSTATUS = new Global("mstatus", Type.I64, FIRST);
    static final Global MIE = new Global("mie", Type.I64, FIRST + 1);

    /** What {@link PendingInterrupts} are made of. */
    static final Global PENDING = new Global("pending", Type.I64, FIRST + 2);

    static final Global SSCRATCH = new Global("sscratch", Type.I64, FIRST + 3);
    static final Global SEPC = new Global("sepc", Type.I64, FIRST + 4);
    static final Global SCAUSE = new Global("scause", Type.I64, FIRST + 5);
    static final Global STVAL = new Global("stval", Type.I64, FIRST + 6);
    static final Global SENVCFG = new Global("senvcfg", Type.I64, FIRST + 7);

    /** Those that are registers. */
    static final List<Global> REGISTERS = List.of(MSTATUS, MIE, SSCRATCH, SEPC, SCAUSE, STVAL, SENVCFG);

    private PrivilegedSlots() {}
}
