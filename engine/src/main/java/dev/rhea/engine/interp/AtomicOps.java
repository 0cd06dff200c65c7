package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.GuestAccess;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;

/**
 * Atomic operations, on the host's own atomics: sequentially consistent whatever order the guest asked for, valid between
 * threads and processes that share the memory. Misaligned operands fault.
 *
 * <p>A reservation is an address and the value seen there; the store-exclusive succeeds if that value is there, which a
 * guest cannot tell from a reservation that was not broken, save for a value that changed and changed back.
 */
final class AtomicOps {
    private static final MemOp.Atomic[] KINDS = MemOp.Atomic.values();

    private AtomicOps() {}

    /**
     * @param more immediate of the word: slot of c, flags, kind
     * @return the old value sign-extended, or for a store-exclusive 0 on success and 1 on failure
     */
    static long execute(Cpu cpu, int op, long x, long b, long c, int more) {
        int flags = more >>> 8 & 255;
        int log = flags & MicroOp.SIZE_LOG2;
        int size = 1 << log;
        boolean big = (flags & MicroOp.BIG_ENDIAN) != 0;
        long address = RareOps.address(cpu, x, flags);
        if ((address & size - 1) != 0) {
            boolean writes = op != MicroOp.LOAD_EXCLUSIVE;
            GuestAccess.beforeAtomic(cpu, address, size, op != MicroOp.STORE_EXCLUSIVE, writes);
            throw misaligned(cpu, address, writes);
        }
        return switch (op) {
            case MicroOp.LOAD_EXCLUSIVE -> loadExclusive(cpu, address, size, big);
            case MicroOp.STORE_EXCLUSIVE -> storeExclusive(cpu, address, b, size, big);
            case MicroOp.CAS -> {
                long host = GuestAccess.writable(cpu, address, size, true);
                yield host == Mmu.DEVICE
                        ? deviceCas(cpu, address, b, c, size)
                        : value(exchange(host, b, c, size, big), size, big);
            }
            default -> modify(cpu, address, KINDS[more >>> 16 & 15], b, size, big);
        };
    }

    static GuestFault misaligned(Cpu cpu, long address, boolean write) {
        return cpu.fault(cpu.isa.misalignedTrap(write), address);
    }

    private static long loadExclusive(Cpu cpu, long address, int size, boolean big) {
        cpu.stops.beforeAccess(Access.READ, address, size);
        long host = GuestAccess.readable(cpu, address);
        long found = host == Mmu.DEVICE ? cpu.mmu.readDevice(cpu, address, size) : read(host, size);
        long value = value(found, size, big && host != Mmu.DEVICE);
        cpu.reserve(address, value, size);
        return value;
    }

    private static long storeExclusive(Cpu cpu, long address, long value, int size, boolean big) {
        long host = GuestAccess.writable(cpu, address, size, false);
        boolean holds = cpu.isReserved(address, size) && host != Mmu.DEVICE;
        cpu.unreserve();
        if (!holds) {
            return 1;
        }
        return value(exchange(host, cpu.reservedValue(), value, size, big), size, big) == cpu.reservedValue() ? 0 : 1;
    }

    private static long modify(Cpu cpu, long address, MemOp.Atomic kind, long operand, int size, boolean big) {
        long host = GuestAccess.writable(cpu, address, size, true);
        if (host == Mmu.DEVICE) {
            long old = value(cpu.mmu.readDevice(cpu, address, size), size, false);
            cpu.mmu.writeDevice(cpu, address, result(kind, old, value(operand, size, false), size), size);
            return old;
        }
        long with = value(operand, size, false);
        for (; ; ) {
            long old = value(read(host, size), size, big);
            if (value(exchange(host, old, result(kind, old, with, size), size, big), size, big) == old) {
                return old;
            }
        }
    }

    /** Operands are sign-extended, which keeps the unsigned order too. */
    private static long result(MemOp.Atomic kind, long old, long with, int size) {
        return switch (kind) {
            case SWAP -> with;
            case ADD -> old + with;
            case AND -> old & with;
            case OR -> old | with;
            case XOR -> old ^ with;
            case MINS -> Math.min(old, with);
            case MAXS -> Math.max(old, with);
            case MINU -> Long.compareUnsigned(old, with) < 0 ? old : with;
            case MAXU -> Long.compareUnsigned(old, with) > 0 ? old : with;
            case NONE ->
                throw new IllegalStateException("a read-modify-write of " + size + " bytes that names no operation");
        };
    }

    private static long deviceCas(Cpu cpu, long address, long expected, long value, int size) {
        long old = value(cpu.mmu.readDevice(cpu, address, size), size, false);
        if (old == value(expected, size, false)) {
            cpu.mmu.writeDevice(cpu, address, value, size);
        }
        return old;
    }

    // ---- host memory; raw values are in memory order, zero- or sign-extended

    private static long read(long host, int size) {
        return switch (size) {
            case 8 -> RawMemory.getLongVolatile(host);
            case 4 -> RawMemory.getIntVolatile(host);
            default -> part(RawMemory.getIntVolatile(host & -4), host, size);
        };
    }

    /** Compares and swaps guest values; returns what was found, in memory order. */
    private static long exchange(long host, long expected, long value, int size, boolean big) {
        long from = big ? Long.reverseBytes(expected) >>> 64 - 8 * size : expected;
        long to = big ? Long.reverseBytes(value) >>> 64 - 8 * size : value;
        if (size == 8) {
            return RawMemory.compareAndExchangeLong(host, from, to);
        }
        if (size == 4) {
            return RawMemory.compareAndExchangeInt(host, (int) from, (int) to);
        }
        int shift = 8 * (int) (host & 3);
        int bits = (1 << 8 * size) - 1;
        for (; ; ) {
            int whole = RawMemory.getIntVolatile(host & -4);
            if ((whole >>> shift & bits) != ((int) from & bits)) {
                return part(whole, host, size);
            }
            int changed = whole & ~(bits << shift) | ((int) to & bits) << shift;
            if (RawMemory.compareAndExchangeInt(host & -4, whole, changed) == whole) {
                return from;
            }
        }
    }

    private static long part(int whole, long host, int size) {
        return whole >>> 8 * (int) (host & 3) & (1 << 8 * size) - 1;
    }

    /** A raw value as the guest sees it: sign-extended. */
    private static long value(long raw, int size, boolean big) {
        int unused = 64 - 8 * size;
        return big ? Long.reverseBytes(raw << unused) << unused >> unused : raw << unused >> unused;
    }
}
