package dev.rhea.arch.riscv.system;

import dev.rhea.engine.mmu.Access;

/** Physical memory protection: section "Physical Memory Protection". Addresses compare as unsigned of 56 bits. */
final class Pmp {
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int MATCHING = 3 << 3;
    private static final int TOR = 1 << 3;
    private static final int NA4 = 2 << 3;
    private static final int NAPOT = 3 << 3;
    private static final int LOCKED = 1 << 7;
    private static final int WRITABLE_BITS = READ | WRITE | EXECUTE | MATCHING | LOCKED;
    private static final long ADDRESS_BITS = (1L << 54) - 1;

    /** What a range of addresses may be used for. */
    enum Answer {
        ALLOWED,
        DENIED,
        /** Some of its bytes only, or only apart. */
        MIXED
    }

    private final int entries;
    private final int[] config;
    private final long[] address;
    private final long[] first;
    private final long[] last;
    private boolean anyActive;

    Pmp(int entries) {
        this.entries = entries;
        config = new int[entries];
        address = new long[entries];
        first = new long[entries];
        last = new long[entries];
    }

    void reset() {
        java.util.Arrays.fill(config, 0);
        java.util.Arrays.fill(address, 0);
        update();
    }

    int entries() {
        return entries;
    }

    /** {@code pmp<i>cfg} */
    int config(int i) {
        return i < entries ? config[i] : 0;
    }

    /** {@code pmpaddr<i>} */
    long address(int i) {
        return i < entries ? address[i] : 0;
    }

    /** Writes {@code pmp<i>cfg}, unless it is locked or reserved. */
    void config(int i, int value) {
        // W without R is reserved: the field keeps its value
        if (i >= entries || (config[i] & LOCKED) != 0 || (value & (READ | WRITE)) == WRITE) {
            return;
        }
        config[i] = value & WRITABLE_BITS;
        update();
    }

    /** Writes {@code pmpaddr<i>}, unless it, or the entry above that starts there, is locked. */
    void address(int i, long value) {
        if (i >= entries
                || (config[i] & LOCKED) != 0
                || i + 1 < entries && (config[i + 1] & LOCKED) != 0 && (config[i + 1] & MATCHING) == TOR) {
            return;
        }
        address[i] = value & ADDRESS_BITS;
        update();
    }

    private void update() {
        anyActive = false;
        for (int i = 0; i < entries; i++) {
            switch (config[i] & MATCHING) {
                case TOR -> {
                    first[i] = i == 0 ? 0 : address[i - 1] << 2;
                    last[i] = (address[i] << 2) - 1;
                }
                case NA4 -> {
                    first[i] = address[i] << 2;
                    last[i] = first[i] + 3;
                }
                case NAPOT -> {
                    long ones = address[i] ^ address[i] + 1; // the trailing ones and the zero above them
                    first[i] = (address[i] & ~ones) << 2;
                    last[i] = (address[i] | ones) << 2 | 3;
                }
                default -> {
                    first[i] = 1;
                    last[i] = 0;
                }
            }
            anyActive |= (config[i] & MATCHING) != 0;
        }
    }

    /** Checks an access to {@code bytes} bytes. */
    Answer check(long start, long bytes, Access access, int privilege) {
        if (!anyActive) {
            return privilege == SystemCpu.MACHINE || entries == 0 ? Answer.ALLOWED : Answer.DENIED;
        }
        long end = start + bytes - 1;
        for (int i = 0; i < entries; i++) {
            if (first[i] > last[i] || end < first[i] || start > last[i]) {
                continue;
            }
            boolean allowed =
                    privilege == SystemCpu.MACHINE && (config[i] & LOCKED) == 0 || (config[i] & needed(access)) != 0;
            if (start < first[i] || end > last[i]) {
                return Answer.MIXED;
            }
            return allowed ? Answer.ALLOWED : Answer.DENIED;
        }
        return privilege == SystemCpu.MACHINE ? Answer.ALLOWED : Answer.DENIED;
    }

    private static int needed(Access access) {
        return switch (access) {
            case READ -> READ;
            case WRITE -> WRITE;
            case FETCH -> EXECUTE;
        };
    }
}
