package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.MemOp.Atomic;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;

/**
 * A: unprivileged manual, chapter "A Extension for Atomic Instructions". Every one is sequentially consistent, whatever its
 * aq and rl say, which is always allowed.
 */
final class AtomicRows {
    private AtomicRows() {}

    /** Zalrsc. */
    static void addReservations(Table<RiscvBuilder> table, int xlen) {
        table.group("A");
        addReservations(table, "010", ".w", Type.I32, 4);
        if (xlen == 64) {
            addReservations(table, "011", ".d", Type.I64, 8);
        }
    }

    /** Zaamo. */
    static void addOperations(Table<RiscvBuilder> table, int xlen) {
        table.group("A");
        addOperations(table, "010", ".w", Type.I32, 4);
        if (xlen == 64) {
            addOperations(table, "011", ".d", Type.I64, 8);
        }
    }

    private static void addReservations(Table<RiscvBuilder> table, String funct3, String suffix, Type type, int size) {
        MemOp plain = MemOp.atomic(size, Atomic.NONE);
        table.insn(
                "00010 order:2 00000 rs1:5 " + funct3 + " rd:5 0101111",
                "lr" + suffix + "{order} {rd}, ({rs1})",
                (t, i) -> t.x(i.rd(), t.loadExclusive(type, t.x(i.rs1()), plain)));
        table.insn(
                "00011 order:2 rs2:5 rs1:5 " + funct3 + " rd:5 0101111",
                "sc" + suffix + "{order} {rd}, {rs2}, ({rs1})",
                (t, i) -> t.x(i.rd(), t.storeExclusive(t.x(i.rs1()), t.low(i.rs2(), type), plain)));
    }

    private static void addOperations(Table<RiscvBuilder> table, String funct3, String suffix, Type type, int size) {
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
            Helper quad = quad(new Object());
            table.insn(
                    "00101 order:2 rs2:5 rs1:5 100 rd:5 0101111",
                    "amocas.q{order} {rd}, {rs2}, ({rs1})",
                    i -> (i.rd() & 1) == 0 && (i.rs2() & 1) == 0,
                    (t, i) -> t.call(quad, t.x(i.rs1()), t.i64(i.rd()), t.i64(i.rs2())));
        } else {
            table.insn(
                    "00101 order:2 rs2:5 rs1:5 011 rd:5 0101111",
                    "amocas.d{order} {rd}, {rs2}, ({rs1})",
                    i -> (i.rd() & 1) == 0 && (i.rs2() & 1) == 0,
                    (t, i) -> {
                        Node old = t.cas(
                                Type.I64,
                                t.x(i.rs1()),
                                pair(t, i.rd()),
                                pair(t, i.rs2()),
                                MemOp.atomic(8, Atomic.NONE));
                        if (i.rd() != 0) {
                            t.x(i.rd(), t.trunc(old));
                            t.x(i.rd() + 1, t.trunc(t.shr(old, t.i64(32))));
                        }
                    });
        }
    }

    /**
     * Compares and swaps 16 bytes: {@code b} is rd's number and {@code c} rs2's, both even. The host has no such operation
     * for us, so those of one machine exclude each other by a lock; other atomics on either half see it as two steps.
     */
    private static Helper quad(Object lock) {
        return Helper.of(
                "amocas.q",
                null,
                (cpu, address, rd, rs2) -> {
                    if ((address & 15) != 0) {
                        GuestAccess.beforeAtomic(cpu, address, 16, true, true);
                        throw cpu.fault(Traps.STORE_MISALIGNED, address);
                    }
                    long host = GuestAccess.writable(cpu, address, 16, true);
                    if (host == Mmu.DEVICE) {
                        throw cpu.fault(Traps.STORE_ACCESS_FAULT, address);
                    }
                    int to = (int) rd;
                    int from = (int) rs2;
                    synchronized (lock) {
                        long low = RawMemory.getLongVolatile(host);
                        long high = RawMemory.getLongVolatile(host + 8);
                        // x0 and x1 together are 0, and so is what is read of them
                        boolean same = to == 0 ? (low | high) == 0 : low == cpu.r[to] && high == cpu.r[to + 1];
                        if (same) {
                            RawMemory.putLongVolatile(host, cpu.r[from]);
                            RawMemory.putLongVolatile(host + 8, from == 0 ? 0 : cpu.r[from + 1]);
                        }
                        if (to != 0) {
                            cpu.r[to] = low;
                            cpu.r[to + 1] = high;
                        }
                    }
                    return 0;
                },
                Effect.MAY_FAULT,
                Effect.READS_STATE,
                Effect.WRITES_STATE,
                Effect.IMPURE);
    }

    /** An even register and the next as 64 bits; x0 and x1 together are 0. */
    private static Node pair(RiscvBuilder t, int low) {
        return low == 0 ? t.i64(0) : t.or(t.zext32(t.x(low)), t.shl(t.zext32(t.x(low + 1)), t.i64(32)));
    }

    private static void compareAndSwap(Table<RiscvBuilder> table, String funct3, String name, Type type, int size) {
        MemOp mem = MemOp.atomic(size, Atomic.NONE);
        table.insn(
                "00101 order:2 rs2:5 rs1:5 " + funct3 + " rd:5 0101111",
                name + "{order} {rd}, {rs2}, ({rs1})",
                (t, i) -> {
                    Node old = t.cas(type, t.x(i.rs1()), t.low(i.rd(), type), t.low(i.rs2(), type), mem);
                    t.x(i.rd(), old);
                });
    }

    private static void rmw(
            Table<RiscvBuilder> table, String funct5, String funct3, String name, Type type, int size, Atomic kind) {
        MemOp mem = MemOp.atomic(size, kind);
        table.insn(
                funct5 + " order:2 rs2:5 rs1:5 " + funct3 + " rd:5 0101111",
                name + "{order} {rd}, {rs2}, ({rs1})",
                (t, i) -> {
                    Node old = t.rmw(type, t.x(i.rs1()), t.low(i.rs2(), type), mem);
                    t.x(i.rd(), old);
                });
    }
}
