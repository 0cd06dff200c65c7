package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.MemOp.Atomic;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;

/**
 * A: unprivileged manual, chapter "A Extension for Atomic Instructions". Every one is sequentially consistent, whatever its
 * aq and rl say, which is always allowed.
 */
final class AtomicRows {
    private AtomicRows() {}

    static void addTo(Table<RiscvBuilder> table, int xlen) {
        table.group("A");
        addTo(table, "010", ".w", Type.I32, 4);
        if (xlen == 64) {
            addTo(table, "011", ".d", Type.I64, 8);
        }
    }

    private static void addTo(Table<RiscvBuilder> table, String funct3, String suffix, Type type, int size) {
        MemOp plain = MemOp.atomic(size, Atomic.NONE);
        table.insn("00010 order:2 00000 rs1:5 " + funct3 + " rd:5 0101111", "lr" + suffix + "{order} {rd}, ({rs1})",
                (t, i) -> t.x(i.rd(), t.loadExclusive(type, t.x(i.rs1()), plain)));
        table.insn("00011 order:2 rs2:5 rs1:5 " + funct3 + " rd:5 0101111", "sc" + suffix + "{order} {rd}, {rs2}, ({rs1})",
                (t, i) -> t.x(i.rd(), t.storeExclusive(t.x(i.rs1()), t.low(i.rs2(), type), plain)));
        rmw(table, "00001", funct3, "amoswap" + suffix, type, size, Atomic.SWAP);
        rmw(table, "00000", funct3, "amoadd" + suffix, type, size, Atomic.ADD);
        rmw(table, "00100", funct3, "amoxor" + suffix, type, size, Atomic.XOR);
        rmw(table, "01100", funct3, "amoand" + suffix, type, size, Atomic.AND);
        rmw(table, "01000", funct3, "amoor" + suffix, type, size, Atomic.OR);
        rmw(table, "10000", funct3, "amomin" + suffix, type, size, Atomic.MINS);
        rmw(table, "10100", funct3, "amomax" + suffix, type, size, Atomic.MAXS);
        rmw(table, "11000", funct3, "amominu" + suffix, type, size, Atomic.MINU);
        rmw(table, "11100", funct3, "amomaxu" + suffix, type, size, Atomic.MAXU);
    }

    /** Zacas: unprivileged manual, chapter "Atomic Compare-and-Swap". */
    static void addCompareAndSwap(Table<RiscvBuilder> table, int xlen) {
        table.group("Zacas");
        compareAndSwap(table, "010", "amocas.w", Type.I32, 4);
        if (xlen == 64) {
            compareAndSwap(table, "011", "amocas.d", Type.I64, 8);
        } else {
            table.insn("00101 order:2 rs2:5 rs1:5 011 rd:5 0101111", "amocas.d{order} {rd}, {rs2}, ({rs1})",
                    i -> (i.rd() & 1) == 0 && (i.rs2() & 1) == 0, (t, i) -> {
                Node old = t.cas(Type.I64, t.x(i.rs1()), pair(t, i.rd()), pair(t, i.rs2()), MemOp.atomic(8, Atomic.NONE));
                if (i.rd() != 0) {
                    t.x(i.rd(), t.trunc(old));
                    t.x(i.rd() + 1, t.trunc(t.shr(old, t.i64(32))));
                }
            });
        }
    }

    /** An even register and the next as 64 bits; x0 and x1 together are 0. */
    private static Node pair(RiscvBuilder t, int low) {
        return low == 0 ? t.i64(0) : t.or(t.zext32(t.x(low)), t.shl(t.zext32(t.x(low + 1)), t.i64(32)));
    }

    private static void compareAndSwap(Table<RiscvBuilder> table, String funct3, String name, Type type, int size) {
        MemOp mem = MemOp.atomic(size, Atomic.NONE);
        table.insn("00101 order:2 rs2:5 rs1:5 " + funct3 + " rd:5 0101111", name + "{order} {rd}, {rs2}, ({rs1})", (t, i) -> {
            Node old = t.cas(type, t.x(i.rs1()), t.low(i.rd(), type), t.low(i.rs2(), type), mem);
            t.x(i.rd(), old);
        });
    }

    private static void rmw(Table<RiscvBuilder> table, String funct5, String funct3, String name, Type type, int size, Atomic kind) {
        MemOp mem = MemOp.atomic(size, kind);
        table.insn(funct5 + " order:2 rs2:5 rs1:5 " + funct3 + " rd:5 0101111", name + "{order} {rd}, {rs2}, ({rs1})", (t, i) -> {
            Node old = t.rmw(type, t.x(i.rs1()), t.low(i.rs2(), type), mem);
            t.x(i.rd(), old);
        });
    }
}
