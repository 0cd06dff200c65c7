package dev.rhea.arch.riscv.system;

/** Physical memory protection: privileged manual, "Physical Memory Protection". 16 entries. */
final class Pmp {
    static final int ENTRIES = 16;
    static final int READ = 1;
    static final int WRITE = 2;
    static final int EXECUTE = 4;
    /** Set where entries divide a page, so that an answer is for the address asked for only. */
    static final int SPLIT = 8;

    private static final int ALL = READ | WRITE | EXECUTE;
    private static final int LOCKED = 0x80;
    private static final int TOR = 1;
    private static final int NA4 = 2;
    private static final long PAGE = 4096;

    final int[] config = new int[ENTRIES];
    final long[] address = new long[ENTRIES];
    private boolean any;

    void reset() {
        java.util.Arrays.fill(config, 0);
        java.util.Arrays.fill(address, 0);
        any = false;
    }

    /** Writes a configuration byte; tells whether something changed. */
    boolean setConfig(int i, int value) {
        if ((config[i] & LOCKED) != 0) {
            return false;
        }
        int legal = value & 0x9f;
        if ((legal & (READ | WRITE)) == WRITE) {
            legal &= ~WRITE; // reserved
        }
        boolean changed = config[i] != legal;
        config[i] = legal;
        any = false;
        for (int each : config) {
            any |= (each >> 3 & 3) != 0;
        }
        return changed;
    }

    /** Writes an address register; tells whether something changed. */
    boolean setAddress(int i, long value) {
        boolean nextLocked = i + 1 < ENTRIES && (config[i + 1] & LOCKED) != 0 && (config[i + 1] >> 3 & 3) == TOR;
        if ((config[i] & LOCKED) != 0 || nextLocked) {
            return false;
        }
        long legal = value & (1L << 54) - 1;
        boolean changed = address[i] != legal;
        address[i] = legal;
        return changed;
    }

    /**
     * What may be done at a physical address, and in the whole page if the answer does not have {@link #SPLIT}.
     *
     * @param machine whether in M mode
     */
    int rights(long physical, boolean machine) {
        if (!any) {
            return ALL;
        }
        long page = physical & -PAGE;
        int split = 0;
        for (int i = 0; i < ENTRIES; i++) {
            int kind = config[i] >> 3 & 3;
            long from;
            long to;
            switch (kind) {
                case 0 -> {
                    continue;
                }
                case TOR -> {
                    from = i == 0 ? 0 : address[i - 1] << 2;
                    to = address[i] << 2;
                }
                case NA4 -> {
                    from = address[i] << 2;
                    to = from + 4;
                }
                default -> {
                    long low = ~address[i] & address[i] + 1; // the lowest clear bit
                    from = (address[i] & -low) << 2;
                    to = from + (low << 3);
                    if (low == 0 || to <= 0) {
                        to = Long.MAX_VALUE;
                    }
                }
            }
            if (to <= page || from >= page + PAGE) {
                continue;
            }
            if (from > page || to < page + PAGE) {
                split = SPLIT;
                if (physical < from || physical >= to) {
                    continue;
                }
            }
            return (machine && (config[i] & LOCKED) == 0 ? ALL : config[i] & ALL) | split;
        }
        return (machine ? ALL : 0) | split;
    }
}
