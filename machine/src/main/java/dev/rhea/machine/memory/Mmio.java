package dev.rhea.machine.memory;

/** Registers of a device as a region: memory-mapped input and output. */
public final class Mmio extends Region {
    private final Registers registers;
    private final AccessRule rule;
    private final boolean locked;
    /** Whether a call is under way. Guarded by the machine lock, and used only where that is taken. */
    private boolean entered;

    /** Registers that are called with the machine lock held. */
    public Mmio(String name, long size, AccessRule rule, Registers registers) {
        this(name, size, rule, registers, true);
    }

    /** @param locked whether the machine lock is taken around each call; without it the device sees to its own safety */
    public Mmio(String name, long size, AccessRule rule, Registers registers, boolean locked) {
        super(name, size);
        this.registers = registers;
        this.rule = rule;
        this.locked = locked;
    }

    public AccessRule rule() {
        return rule;
    }

    boolean isLocked() {
        return locked;
    }

    /** Reads {@code size} bytes at an offset, as the rule says. */
    long read(long offset, int size) throws BusError {
        check(offset, size);
        enter(offset);
        try {
            if (size < rule.implMin()) {
                long start = offset & -rule.implMin();
                return registers.read(start, rule.implMin()) >>> 8 * (offset - start) & mask(size);
            }
            if (size <= rule.implMax()) {
                return registers.read(offset, size) & mask(size);
            }
            long value = 0;
            for (int i = 0; i < size; i += rule.implMax()) {
                value |= (registers.read(offset + i, rule.implMax()) & mask(rule.implMax())) << 8 * i;
            }
            return value;
        } finally {
            entered = false;
        }
    }

    void write(long offset, long value, int size) throws BusError {
        check(offset, size);
        enter(offset);
        try {
            if (size < rule.implMin()) {
                long start = offset & -rule.implMin();
                registers.write(start, (value & mask(size)) << 8 * (offset - start), rule.implMin());
            } else if (size <= rule.implMax()) {
                registers.write(offset, value & mask(size), size);
            } else {
                for (int i = 0; i < size; i += rule.implMax()) {
                    registers.write(offset + i, value >>> 8 * i & mask(rule.implMax()), rule.implMax());
                }
            }
        } finally {
            entered = false;
        }
    }

    /** A guest that has a device do DMA to its own registers gets an error, not an endless recursion. */
    private void enter(long offset) throws BusError {
        if (locked) {
            if (entered) {
                throw new BusError(offset);
            }
            entered = true;
        }
    }

    private void check(long offset, int size) throws BusError {
        if (size < rule.validMin()
                || size > rule.validMax()
                || !rule.unaligned() && (offset & size - 1) != 0
                || offset > size() - size) {
            throw new BusError(offset);
        }
    }

    private static long mask(int size) {
        return -1L >>> 64 - 8 * size;
    }
}
