package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;

/** The words that RISC-V rows are written in: registers by number, and XLEN as a type. */
public final class RiscvBuilder extends Builder {
    /** Where registers live: x0 to x31 in slots 0 to 31 (slot 0 is never written), f0 to f31 in 32 to 63. */
    public static final class Registers {
        public final Globals globals = new Globals();
        public final Global[] x;
        public final Global[] f;

        Registers(Type xlen) {
            x = globals.addFile("x", 32, xlen);
            f = globals.addFile("f", 32, Type.F64);
        }
    }

    /** The type of an x register: I32 on RV32, I64 on RV64. */
    public final Type xlen;

    private final Registers registers;

    RiscvBuilder(Type xlen, Registers registers) {
        this.xlen = xlen;
        this.registers = registers;
    }

    /** Register x{n}; x0 reads as 0. */
    public Node x(int n) {
        return n == 0 ? integer(xlen, 0) : get(registers.x[n]);
    }

    /** Writes x{n}; x0 swallows it. An I32 on RV64 is sign-extended. */
    public void x(int n, Node value) {
        if (n != 0) {
            set(registers.x[n], sextTo(xlen, value));
        }
    }

    /** The low 32 bits of x{n}. */
    public Node w(int n) {
        return trunc(x(n));
    }

    /** Register f{n} as F64. */
    public Node d(int n) {
        return get(registers.f[n]);
    }

    public void d(int n, Node value) {
        set(registers.f[n], value);
    }

    /** Register f{n} as F32: its box is checked. */
    public Node s(int n) {
        return unbox(get(registers.f[n]));
    }

    /** Writes f{n} with an F32, boxed. */
    public void s(int n, Node value) {
        set(registers.f[n], box(Type.F64, value));
    }

    /** A constant of XLEN bits. */
    public Node imm(long value) {
        return integer(xlen, value);
    }

    /** The address of this instruction plus an offset. */
    public Node pc(long offset) {
        return pc(xlen, offset);
    }

    /** The illegal-instruction exception, with the instruction's bits. */
    public void illegal(Insn i) {
        illegal(i.bits());
    }

    public void illegal(long bits) {
        trap(Traps.ILLEGAL_INSTRUCTION, i64(bits));
    }
}
