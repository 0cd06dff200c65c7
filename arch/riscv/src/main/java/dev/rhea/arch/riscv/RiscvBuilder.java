package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import org.jspecify.annotations.Nullable;

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

    private final boolean compressed;
    private final boolean strong;
    private int mode;

    /**
     * @param compressed whether C is on: jump targets are then 2-byte-aligned instead of 4
     * @param strong whether Ztso is on
     */
    RiscvBuilder(Type xlen, Registers registers, boolean compressed, boolean strong) {
        this.xlen = xlen;
        this.registers = registers;
        this.compressed = compressed;
        this.strong = strong;
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

    /** x{n} as the type asked for: its low 32 bits, or all 64 on RV64. */
    public Node low(int n, Type type) {
        return type == Type.I32 ? trunc(x(n)) : x(n);
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

    /** The 64 bits of f{n}, whatever they mean. */
    public Node fbits(int n) {
        return bitcast(Type.I64, get(registers.f[n]));
    }

    /** Whether frm holds a reserved value: instructions that round dynamically are illegal then. */
    public boolean reservedRounding() {
        return isIn(RiscvCpu.RESERVED_ROUNDING);
    }

    /** With Ztso every load acquires: unprivileged manual, chapter "Ztso Extension for Total Store Ordering". */
    @Override
    public Node load(Type type, Node address, long displacement, MemOp memory) {
        return super.load(type, address, displacement, ordered(memory, MemOp.Order.ACQUIRE));
    }

    /** With Ztso every store releases. */
    @Override
    public void store(Node address, long displacement, Node value, MemOp memory) {
        super.store(address, displacement, value, ordered(memory, MemOp.Order.RELEASE));
    }

    private MemOp ordered(MemOp memory, MemOp.Order order) {
        return strong && memory.order() == MemOp.Order.PLAIN ? memory.with(order) : memory;
    }

    /** With Ztso, accesses of helpers are in order with all before and behind them. */
    @Override
    public @Nullable Node call(Helper helper, Node... arguments) {
        boolean accesses = strong && helper.has(Helper.Effect.MAY_FAULT);
        if (accesses) {
            orderFence();
        }
        Node value = super.call(helper, arguments);
        if (accesses) {
            orderFence();
        }
        return value;
    }

    /** Says in which mode (made of {@link RiscvCpu#RESERVED_ROUNDING} and its neighbours) the instruction is decoded. */
    void mode(int newMode) {
        mode = newMode;
    }

    /** Whether the instruction is decoded in that mode, one of {@link RiscvCpu#FLOAT_OFF} and its neighbours. */
    public boolean isIn(int oneMode) {
        return (mode & oneMode) != 0;
    }

    /** A constant of XLEN bits. */
    public Node imm(long value) {
        return integer(xlen, value);
    }

    /** The address of this instruction plus an offset. */
    public Node pc(long offset) {
        return pc(xlen, offset);
    }

    /** Whether this instruction's address plus an (even) offset is no place for an instruction. */
    boolean misaligned(long offset) {
        return !compressed && (offset & 2) != 0;
    }

    /** A conditional branch by {@code offset}, which is even. */
    void branch(Node condition, long offset) {
        if (misaligned(offset)) {
            trapIf(condition, Traps.INSTRUCTION_MISALIGNED, pc(offset));
        } else {
            jumpIf(condition, offset);
        }
    }

    /** Jumps to a computed address, whose bit 0 is ignored, and puts the address after this instruction in x{link}. */
    void jumpRegister(Node target, int link, int length, Flow flow) {
        Node even = and(target, imm(-2));
        if (!compressed) {
            trapIf(compare(Op.NE, and(target, imm(2)), imm(0)), Traps.INSTRUCTION_MISALIGNED, even);
        }
        x(link, pc(length));
        jumpTo(even, flow);
    }

    /** The illegal-instruction exception, with the instruction's bits. */
    public void illegal(Insn i) {
        illegal(i.bits());
    }

    public void illegal(long bits) {
        trap(Traps.ILLEGAL_INSTRUCTION, i64(bits));
    }
}
