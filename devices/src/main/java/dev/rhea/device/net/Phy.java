package dev.rhea.device.net;

/**
 * A gigabit PHY on the management bus: registers as IEEE 802.3 clause 22 has them, and those that tell of the link of Marvell's
 * 88E1111. Negotiation takes no time: the other end can do everything.
 */
final class Phy {
    static final int REGISTERS = 32;

    private static final int BMCR = 0;
    private static final int BMSR = 1;
    private static final int ANLPAR = 5;
    private static final int STAT1000 = 10;
    private static final int SPECIFIC_STATUS = 17;
    private static final int INTERRUPT_STATUS = 19;

    private static final int BMCR_RESET = 1 << 15;
    private static final int BMCR_LOOPBACK = 1 << 14;
    private static final int BMCR_RESTART = 1 << 9;
    private static final int BMSR_COMPLETE = 1 << 5;
    private static final int BMSR_LINK = 1 << 2;
    /** Speed and duplex resolved, link up. */
    private static final int SPECIFIC_LINK = 1 << 11 | 1 << 10;

    /** What registers hold after reset: the 88E1111's data sheet, with a partner that negotiates all there is. */
    private static final int[] INITIAL = new int[REGISTERS];

    /** Bits that software changes. */
    private static final int[] WRITABLE = new int[REGISTERS];

    static {
        int[][] registers = {
            {BMCR, 0x1140, 0x7d80},
            {BMSR, 0x796d, 0},
            {2, 0x0141, 0}, // OUI of Marvell, model, revision
            {3, 0x0cc2, 0},
            {4, 0x01e1, 0xffff},
            {ANLPAR, 0xcde1, 0},
            {6, 0x000f, 0},
            {7, 0x2001, 0xffff},
            {8, 0x40e6, 0},
            {9, 0x0300, 0xff00},
            {STAT1000, 0x7c00, 0},
            {15, 0x3000, 0},
            {16, 0x0078, 0xffff},
            {SPECIFIC_STATUS, 0xbc00, 0},
            {18, 0, 0xffff},
            {INTERRUPT_STATUS, 0, 0},
            {20, 0x0c60, 0xffff},
            {22, 0, 0xffff},
            {24, 0x4100, 0xffff},
            {25, 0, 0xffff},
            {26, 0x000a, 0xffff},
            {27, 0x848b, 0xffff},
            {29, 0, 0xffff},
            {30, 0, 0xffff}
        };
        for (int[] register : registers) {
            INITIAL[register[0]] = register[1];
            WRITABLE[register[0]] = register[2];
        }
    }

    private final int[] values = INITIAL.clone();
    private boolean linkUp = true;

    int read(int register) {
        int value = values[register];
        if (linkUp) {
            return value;
        }
        return switch (register) {
            case BMSR -> value & ~(BMSR_LINK | BMSR_COMPLETE);
            case ANLPAR, STAT1000 -> 0;
            case SPECIFIC_STATUS -> value & ~SPECIFIC_LINK;
            default -> value;
        };
    }

    void write(int register, int value) {
        if (register == BMCR && (value & BMCR_RESET) != 0) {
            reset();
            return;
        }
        int kept = register == BMCR ? value & ~BMCR_RESTART : value;
        values[register] = values[register] & ~WRITABLE[register] | kept & WRITABLE[register];
    }

    /** Whether what is sent comes back instead of going out. */
    boolean isLoopback() {
        return (values[BMCR] & BMCR_LOOPBACK) != 0;
    }

    boolean isLinkUp() {
        return linkUp;
    }

    void setLink(boolean up) {
        linkUp = up;
    }

    void reset() {
        System.arraycopy(INITIAL, 0, values, 0, REGISTERS);
    }

    int[] save() {
        return values.clone();
    }

    static boolean accepts(int[] saved) {
        if (saved.length != REGISTERS) {
            return false;
        }
        for (int i = 0; i < REGISTERS; i++) {
            if (((saved[i] ^ INITIAL[i]) & ~WRITABLE[i]) != 0) {
                return false;
            }
        }
        return (saved[BMCR] & (BMCR_RESET | BMCR_RESTART)) == 0;
    }

    void load(int[] saved) {
        System.arraycopy(saved, 0, values, 0, REGISTERS);
    }
}
