package dev.rhea.engine.interp;

import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** Lowers loads, stores and atomics. */
final class MemoryLowering {
    private final Operands operands;
    /** Whether the host reorders nothing but loads with stores that stand ahead of them. */
    static final boolean HOST_KEEPS_ORDER = System.getProperty("os.arch").equals("amd64");

    private final Fusion fusion;
    private final boolean narrow;

    /** @param narrow whether the architecture's addresses have 32 bits */
    MemoryLowering(Operands operands, boolean narrow) {
        this.operands = operands;
        this.fusion = operands.fusion;
        this.narrow = narrow;
    }

    void access(int i, Node n) {
        MemOp mem = n.mem();
        Node address = Operands.operand(n.a);
        boolean ordered = needsFence(mem) && (n.op == Op.LOAD || n.op == Op.STORE);
        if (ordered && (n.op == Op.STORE || mem.order() == MemOp.Order.SEQ_CST)) {
            operands.emit(MicroOp.word(MicroOp.FENCE, 0, 0));
        }
        long displacement = n.imm;
        if (fusion.isFused(address)) {
            displacement += Operands.operand(address.b).imm;
            address = Operands.operand(address.a);
        }
        boolean plain = !mem.bigEndian()
                && !mem.aligned()
                && (address.type == Type.I32) == narrow
                && (n.op == Op.LOAD || n.op == Op.STORE);
        int at = operands.raw(address);
        if (!MicroOp.fits(displacement, plain ? 33 : 28)) {
            int sum = operands.scratch();
            operands.emit(MicroOp.word(MicroOp.ADD, sum, at, operands.constant(displacement), 0));
            at = sum;
            displacement = 0;
        }
        long flags = mem.sizeLog2()
                | (address.type == Type.I32 ? MicroOp.ADDRESS_32 : 0)
                | (mem.aligned() ? MicroOp.ALIGNED : 0)
                | (mem.bigEndian() ? MicroOp.BIG_ENDIAN : 0);
        boolean signed = mem.signed() || n.type == Type.I32 && mem.size() == 4;
        switch (n.op) {
            case LOAD -> {
                int d = operands.destination(i);
                operands.emit(
                        plain
                                ? plain(
                                        MicroOp.LOAD
                                                | (mem.size() == 8
                                                        ? MicroOp.KIND_64
                                                        : mem.sizeLog2() | (signed ? 0 : 4)),
                                        d,
                                        at,
                                        mem,
                                        displacement)
                                : MicroOp.word(
                                        MicroOp.LOADX,
                                        d,
                                        at,
                                        (int) flags | (signed ? MicroOp.SIGNED : 0),
                                        displacement));
            }
            case STORE -> {
                int value = operands.raw(Operands.operand(n.b));
                operands.emit(
                        plain
                                ? plain(MicroOp.STORE | mem.sizeLog2(), value, at, mem, displacement)
                                : MicroOp.word(MicroOp.STOREX, value, at, (int) flags, displacement));
            }
            case LOAD_EXCLUSIVE ->
                operands.emit(MicroOp.word(MicroOp.LOAD_EXCLUSIVE, operands.destination(i), at, 0, flags << 8));
            case RMW -> {
                int value = operands.raw(Operands.operand(n.b));
                operands.emit(MicroOp.word(
                        MicroOp.RMW,
                        operands.destination(i),
                        at,
                        value,
                        flags << 8 | (long) mem.atomic().ordinal() << 16));
            }
            case STORE_EXCLUSIVE -> {
                int value = operands.raw(Operands.operand(n.b));
                operands.emit(MicroOp.word(MicroOp.STORE_EXCLUSIVE, operands.destination(i), at, value, flags << 8));
            }
            default -> {
                int expected = operands.raw(Operands.operand(n.b));
                int value = operands.raw(Operands.operand(n.c));
                operands.emit(MicroOp.word(MicroOp.CAS, operands.destination(i), at, expected, value | flags << 8));
            }
        }
        if (ordered && (n.op == Op.LOAD || mem.order() == MemOp.Order.SEQ_CST)) {
            operands.emit(MicroOp.word(MicroOp.FENCE, 0, 0));
        }
    }

    /** Each operation is done before the next one is looked at: what the host keeps in order by itself needs nothing more. */
    private static boolean needsFence(MemOp mem) {
        return mem.order() == MemOp.Order.SEQ_CST || mem.order() != MemOp.Order.PLAIN && !HOST_KEEPS_ORDER;
    }

    private static long plain(int op, int d, int a, MemOp mem, long displacement) {
        return MicroOp.memory(op, d, a, mem.size(), displacement);
    }
}
