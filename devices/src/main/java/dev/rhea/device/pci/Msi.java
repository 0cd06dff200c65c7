package dev.rhea.device.pci;

/** Message signalled interrupts of a function (PCI 3.0, 6.8.1), with 64-bit addresses. With the machine lock held. */
public final class Msi {
    private static final int FLAGS = 2;
    private static final int FLAGS_ENABLE = 0x1;
    private static final int FLAGS_QSIZE = 0x70;
    private static final int FLAGS_64BIT = 0x80;
    private static final int FLAGS_MASKBIT = 0x100;
    private static final int ADDRESS = 4;
    private static final int DATA = 12;
    private static final int MASK = 16;
    private static final int PENDING = 20;

    private final PciFunction function;
    private final ConfigSpace config;
    private final int offset;
    private final int vectors;
    private final boolean maskable;

    Msi(PciFunction function, int vectors, boolean maskable) {
        if (Integer.bitCount(vectors) != 1 || vectors > 32) {
            throw new IllegalArgumentException("MSI has 1, 2, 4, 8, 16 or 32 vectors, not " + vectors);
        }
        this.function = function;
        this.vectors = vectors;
        this.maskable = maskable;
        config = function.config();
        int size = maskable ? 24 : 14;
        offset = function.capabilities().add(PciRegs.CAP_ID_MSI, size);
        int log = Integer.numberOfTrailingZeros(vectors);
        config.declare(
                offset + FLAGS,
                2,
                FLAGS_64BIT | (maskable ? FLAGS_MASKBIT : 0) | log << 1,
                FLAGS_ENABLE | (vectors == 1 ? 0 : FLAGS_QSIZE));
        config.declare(offset + ADDRESS, 8, 0, ~3L);
        config.declare(offset + DATA, 2, 0, 0xffff);
        if (maskable) {
            long all = vectors == 32 ? 0xffffffffL : (1L << vectors) - 1;
            config.declare(offset + MASK, 4, 0, all);
            config.declare(offset + PENDING, 4, 0);
            config.changes(offset + PENDING, 4, all);
        }
        config.hook(offset, size, new ConfigHook() {
            @Override
            public void afterWrite(int at, int bytes) {
                changed();
            }
        });
    }

    /** Whether the guest uses it; while it does the device leaves its pin alone. */
    public boolean isEnabled() {
        return (flags() & FLAGS_ENABLE) != 0;
    }

    /** How many vectors the guest gave, a power of 2. */
    public int allocated() {
        return 1 << Math.min((flags() & FLAGS_QSIZE) >> 4, Integer.numberOfTrailingZeros(vectors));
    }

    /**
     * Interrupts, if the guest enabled it; a masked vector stays pending. A vector that the guest did not allocate comes as one it
     * did.
     *
     * @param vector from 0 to one less than declared
     */
    public void notify(int vector) {
        if (!isEnabled()) {
            return;
        }
        int given = vector & allocated() - 1;
        if (maskable && (config.getInt(offset + MASK, 4) & 1 << given) != 0) {
            config.set(offset + PENDING, 4, config.getInt(offset + PENDING, 4) | 1 << given);
            return;
        }
        send(given);
    }

    private void send(int vector) {
        int data = config.getInt(offset + DATA, 2) & -allocated() | vector;
        function.send(new MsiMessage(config.get(offset + ADDRESS, 8), data));
    }

    private int flags() {
        return config.getInt(offset + FLAGS, 2);
    }

    private void changed() {
        int flags = flags();
        int log = Integer.numberOfTrailingZeros(allocated());
        config.set(offset + FLAGS, 2, flags & ~FLAGS_QSIZE | log << 4);
        if (!maskable || !isEnabled()) {
            return;
        }
        int ready = config.getInt(offset + PENDING, 4) & ~config.getInt(offset + MASK, 4);
        if (ready != 0) {
            config.set(offset + PENDING, 4, config.getInt(offset + PENDING, 4) & ~ready);
            for (int vector = 0; vector < vectors; vector++) {
                if ((ready & 1 << vector) != 0) {
                    send(vector);
                }
            }
        }
    }

    void reset() {
        // All of it is in configuration space.
    }
}
