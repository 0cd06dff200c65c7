package dev.rhea.device.pci;

/** Message signalled interrupts of a function (PCI 3.0, 6.8.1). With the machine lock held. */
public final class Msi {
    private static final int FLAGS = 2;
    private static final int FLAGS_ENABLE = 0x1;
    private static final int FLAGS_QSIZE = 0x70;
    private static final int FLAGS_64BIT = 0x80;
    private static final int FLAGS_MASKBIT = 0x100;
    private static final int ADDRESS = 4;
    /** Of the place of the capability: the first free one. */
    static final int ANYWHERE = 0;

    /**
     * What the capability looks like.
     *
     * @param offset where it is; {@link #ANYWHERE} for the first free place
     * @param vectors a power of 2, 1 to 32
     * @param wide whether it has 64 bits of address
     * @param maskable whether each vector can be masked
     */
    record Layout(int offset, int vectors, boolean wide, boolean maskable) {
        Layout {
            if (Integer.bitCount(vectors) != 1 || vectors > 32) {
                throw new IllegalArgumentException("MSI has 1, 2, 4, 8, 16 or 32 vectors, not " + vectors);
            }
        }

        int data() {
            return wide ? 12 : 8;
        }

        int mask() {
            return data() + 4;
        }

        int pending() {
            return data() + 8;
        }

        int size() {
            return maskable ? pending() + 4 : data() + 2;
        }
    }

    private final PciFunction function;
    private final ConfigSpace config;
    private final Layout layout;
    private final int offset;
    private final int vectors;
    private final boolean maskable;

    Msi(PciFunction function, Layout layout) {
        this.function = function;
        this.layout = layout;
        vectors = layout.vectors;
        maskable = layout.maskable;
        config = function.config();
        Capabilities capabilities = function.capabilities();
        offset = layout.offset == ANYWHERE
                ? capabilities.add(PciRegs.CAP_ID_MSI, layout.size())
                : capabilities.addAt(layout.offset, PciRegs.CAP_ID_MSI, layout.size());
        int log = Integer.numberOfTrailingZeros(vectors);
        config.declare(
                offset + FLAGS,
                2,
                (layout.wide ? FLAGS_64BIT : 0) | (maskable ? FLAGS_MASKBIT : 0) | log << 1,
                FLAGS_ENABLE | (vectors == 1 ? 0 : FLAGS_QSIZE));
        config.declare(offset + ADDRESS, layout.wide ? 8 : 4, 0, ~3L);
        config.declare(offset + layout.data(), 2, 0, 0xffff);
        if (maskable) {
            long all = vectors == 32 ? 0xffffffffL : (1L << vectors) - 1;
            config.declare(offset + layout.mask(), 4, 0, all);
            config.declare(offset + layout.pending(), 4, 0);
            config.changes(offset + layout.pending(), 4, all);
        }
        config.hook(offset, layout.size(), new ConfigHook() {
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
        if (maskable && (config.getInt(offset + layout.mask(), 4) & 1 << given) != 0) {
            config.set(offset + layout.pending(), 4, config.getInt(offset + layout.pending(), 4) | 1 << given);
            return;
        }
        send(given);
    }

    private void send(int vector) {
        int data = config.getInt(offset + layout.data(), 2) & -allocated() | vector;
        function.send(new MsiMessage(config.get(offset + ADDRESS, layout.wide ? 8 : 4), data));
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
        int ready = config.getInt(offset + layout.pending(), 4) & ~config.getInt(offset + layout.mask(), 4);
        if (ready != 0) {
            config.set(offset + layout.pending(), 4, config.getInt(offset + layout.pending(), 4) & ~ready);
            for (int vector = 0; vector < vectors; vector++) {
                if ((ready & 1 << vector) != 0) {
                    send(vector);
                }
            }
        }
    }
}
