package dev.rhea.engine.mmu;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.interp.CodeStore;
import dev.rhea.host.RawMemory;
import java.lang.invoke.VarHandle;

/**
 * Guest accesses that missed the soft TLB: page walks, accesses across pages, devices, stores to pages that hold decoded
 * code. Values are little-endian and zero-extended here.
 */
public final class GuestAccess {
    private GuestAccess() {}

    /** Reads {@code size} (1, 2, 4, 8) bytes. @throws dev.rhea.engine.cpu.GuestFault at the first byte that cannot be read */
    public static long load(Cpu cpu, long address, int size) {
        cpu.stops.beforeAccess(Access.READ, address, size);
        int inFirst = Mmu.PAGE_SIZE - (int) (address & ~Mmu.PAGE_MASK);
        if (inFirst >= size) {
            long host = readable(cpu, address);
            return host == Mmu.DEVICE ? cpu.mmu.readDevice(cpu, address, size) : read(host, size);
        }
        long next = address + inFirst & cpu.addressMask;
        long first = readable(cpu, address);
        long second = readable(cpu, next);
        long value = 0;
        for (int i = 0; i < size; i++) {
            long host = i < inFirst ? first : second;
            int at = i < inFirst ? i : i - inFirst;
            long piece = host == Mmu.DEVICE
                    ? cpu.mmu.readDevice(cpu, (i < inFirst ? address : next) + at, 1)
                    : RawMemory.getByte(host + at);
            value |= (piece & 255) << 8 * i;
        }
        return value;
    }

    /**
     * Writes the low {@code size} bytes of {@code value}, all or none.
     *
     * @throws dev.rhea.engine.cpu.GuestFault at the first byte that cannot be written
     */
    public static void store(Cpu cpu, long address, long value, int size) {
        cpu.stops.beforeAccess(Access.WRITE, address, size);
        int inFirst = Mmu.PAGE_SIZE - (int) (address & ~Mmu.PAGE_MASK);
        if (inFirst >= size) {
            int epoch = cpu.tlb.epoch();
            long host = translateForWrite(cpu, address);
            if (host == Mmu.DEVICE) {
                cpu.mmu.writeDevice(cpu, address, value, size);
            } else if (fillWrite(cpu, address, host, epoch)) {
                write(host, value, size);
            } else {
                cpu.code.store(cpu, host, value, size);
            }
            return;
        }
        long next = address + inFirst & cpu.addressMask;
        long first = cpu.mmu.translate(cpu, address, Access.WRITE);
        long second = cpu.mmu.translate(cpu, next, Access.WRITE);
        for (int i = 0; i < size; i++) {
            long host = i < inFirst ? first : second;
            int at = i < inFirst ? i : i - inFirst;
            if (host == Mmu.DEVICE) {
                cpu.mmu.writeDevice(cpu, (i < inFirst ? address : next) + at, value >>> 8 * i & 255, 1);
            } else {
                cpu.code.store(cpu, host + at, value >>> 8 * i, 1);
            }
        }
    }

    /**
     * The host address of naturally aligned memory that an atomic operation may read and write; what was decoded from there
     * is dropped.
     *
     * @param size in bytes
     * @param reads whether it reads what is there, too, for who watches
     * @return the host address, or {@link Mmu#DEVICE}
     * @throws dev.rhea.engine.cpu.GuestFault where it cannot be written
     */
    public static long writable(Cpu cpu, long address, int size, boolean reads) {
        long entry = cpu.tlb.entry(address);
        if (RawMemory.getLong(entry + Tlb.WRITE_TAG) == (address & Mmu.PAGE_MASK)) {
            return address + RawMemory.getLong(entry + Tlb.WRITE_ADDEND);
        }
        beforeAtomic(cpu, address, size, reads, true);
        int epoch = cpu.tlb.epoch();
        long host = translateForWrite(cpu, address);
        if (host != Mmu.DEVICE && !fillWrite(cpu, address, host, epoch)) {
            cpu.code.dropForStore(cpu, host);
        }
        return host;
    }

    /** To be called before an atomic operation that missed the soft TLB, or is to fault. */
    public static void beforeAtomic(Cpu cpu, long address, int size, boolean reads, boolean writes) {
        if (reads) {
            cpu.stops.beforeAccess(Access.READ, address, size);
        }
        if (writes) {
            cpu.stops.beforeAccess(Access.WRITE, address, size);
        }
    }

    /** The host address of a byte that may be read, or {@link Mmu#DEVICE}; fills the TLB. */
    public static long readable(Cpu cpu, long address) {
        long entry = cpu.tlb.entry(address);
        if (RawMemory.getLong(entry + Tlb.READ_TAG) == (address & Mmu.PAGE_MASK)) {
            return address + RawMemory.getLong(entry + Tlb.READ_ADDEND);
        }
        int epoch = cpu.tlb.epoch();
        long host = cpu.tlb.readableBeside(address);
        if (host == Mmu.DEVICE) {
            cpu.counters.tlbMisses++;
            host = cpu.mmu.translate(cpu, address, Access.READ);
        }
        if (host != Mmu.DEVICE && !cpu.stops.guardsData(address, Access.READ)) {
            cpu.tlb.fillRead(address, host);
            VarHandle.fullFence();
            if (cpu.tlb.epoch() != epoch) {
                cpu.tlb.flushPage(address);
            }
        }
        return host;
    }

    /** For a page that is not in its own entry. */
    private static long translateForWrite(Cpu cpu, long address) {
        long host = cpu.tlb.writableBeside(address);
        if (host == Mmu.DEVICE) {
            cpu.counters.tlbMisses++;
            host = cpu.mmu.translate(cpu, address, Access.WRITE);
        }
        return host;
    }

    /** Enters a page for writing unless it holds decoded code, or is watched; tells whether it was free of code. The epoch is from before the walk. */
    private static boolean fillWrite(Cpu cpu, long address, long host, int epoch) {
        CodeStore code = cpu.code;
        if (code.hasCode(host & Mmu.PAGE_MASK)) {
            return false;
        }
        if (cpu.stops.guardsData(address, Access.WRITE)) {
            return true;
        }
        cpu.tlb.fillWrite(address, host);
        // Whoever takes rights away counts the epoch up before it looks for entries: either it saw ours, or we see
        // this.
        VarHandle.fullFence();
        if (cpu.tlb.epoch() != epoch) {
            cpu.tlb.flushPage(address);
        }
        return true;
    }

    /** Reads host memory, zero-extended. */
    public static long read(long host, int size) {
        return switch (size) {
            case 1 -> RawMemory.getByte(host) & 0xffL;
            case 2 -> RawMemory.getShort(host) & 0xffffL;
            case 4 -> RawMemory.getInt(host) & 0xffffffffL;
            default -> RawMemory.getLong(host);
        };
    }

    /** Writes host memory. */
    public static void write(long host, long value, int size) {
        switch (size) {
            case 1 -> RawMemory.putByte(host, (byte) value);
            case 2 -> RawMemory.putShort(host, (short) value);
            case 4 -> RawMemory.putInt(host, (int) value);
            default -> RawMemory.putLong(host, value);
        }
    }
}
