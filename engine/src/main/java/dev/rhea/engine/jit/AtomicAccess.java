package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.host.RawMemory;

/**
 * Atomic accesses of generated code: host addresses that a TLB hit proved, aligned to the size, which is 4 or 8.
 * Sequentially consistent, whatever less was asked for. Byte order is the host's (little-endian).
 */
final class AtomicAccess {
    private static final MemOp.Atomic[] KINDS = MemOp.Atomic.values();

    private AtomicAccess() {}

    /** @return the value found, sign-extended */
    static int rmw(long host, int value, int kind) {
        int old = RawMemory.getIntVolatile(host);
        for (; ; ) {
            int seen = RawMemory.compareAndExchangeInt(host, old, (int) apply(KINDS[kind], old, value));
            if (seen == old) {
                return old;
            }
            old = seen;
        }
    }

    static long rmw(long host, long value, int kind) {
        long old = RawMemory.getLongVolatile(host);
        for (; ; ) {
            long seen = RawMemory.compareAndExchangeLong(host, old, apply(KINDS[kind], old, value));
            if (seen == old) {
                return old;
            }
            old = seen;
        }
    }

    /** Ints come sign-extended, which keeps their signed and unsigned order. */
    private static long apply(MemOp.Atomic kind, long old, long value) {
        return switch (kind) {
            case NONE, SWAP -> value;
            case ADD -> old + value;
            case AND -> old & value;
            case OR -> old | value;
            case XOR -> old ^ value;
            case MINS -> Math.min(old, value);
            case MAXS -> Math.max(old, value);
            case MINU -> IntegerMath.minu(old, value);
            case MAXU -> IntegerMath.maxu(old, value);
        };
    }

    static int loadExclusive(Cpu cpu, long address, long host) {
        int value = RawMemory.getIntVolatile(host);
        cpu.reserve(address, value, 4);
        return value;
    }

    static long loadExclusiveLong(Cpu cpu, long address, long host) {
        long value = RawMemory.getLongVolatile(host);
        cpu.reserve(address, value, 8);
        return value;
    }

    /** @return 0 if it stored, 1 if not */
    static int storeExclusive(Cpu cpu, long address, long host, int value) {
        boolean held = cpu.isReserved(address, 4);
        cpu.unreserve();
        int expected = (int) cpu.reservedValue();
        return held && RawMemory.compareAndExchangeInt(host, expected, value) == expected ? 0 : 1;
    }

    static int storeExclusive(Cpu cpu, long address, long host, long value) {
        boolean held = cpu.isReserved(address, 8);
        cpu.unreserve();
        long expected = cpu.reservedValue();
        return held && RawMemory.compareAndExchangeLong(host, expected, value) == expected ? 0 : 1;
    }
}
