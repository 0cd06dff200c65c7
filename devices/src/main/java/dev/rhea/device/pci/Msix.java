package dev.rhea.device.pci;

import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import java.util.Arrays;

/** MSI-X of a function: capability, table and pending bits (PCI 3.0, 6.8.2). With the machine lock held. */
public final class Msix {
    /** The most vectors that a function can have. */
    public static final int MAX_VECTORS = 2048;

    private static final int FLAGS = 2;
    private static final int FLAGS_ENABLE = 0x8000;
    private static final int FLAGS_MASKALL = 0x4000;
    private static final int TABLE = 4;
    private static final int PBA = 8;
    private static final int CAP_SIZE = 12;
    private static final int ENTRY_SIZE = 16;
    private static final int ENTRY_DATA = 8;
    private static final int ENTRY_VECTOR_CTRL = 12;
    private static final int ENTRY_CTRL_MASKBIT = 1;
    /** The table and its bits are only ever accessed as words or pairs of words. */
    private static final AccessRule WORDS = AccessRule.WORD_PAIRS;

    private final PciFunction function;
    private final ConfigSpace config;
    private final int offset;
    private final int vectors;
    private final int[] entries;
    private final long[] pending;
    private final Mmio table;
    private final Mmio pendingBits;

    Msix(PciFunction function, int vectors, int tableBar, int tableOffset, int pendingBar, int pendingOffset) {
        if (vectors < 1 || vectors > MAX_VECTORS || (tableOffset & 7) != 0 || (pendingOffset & 7) != 0) {
            throw new IllegalArgumentException("MSI-X has 1 to 2048 vectors and offsets that are multiples of 8");
        }
        this.function = function;
        this.vectors = vectors;
        config = function.config();
        entries = new int[vectors * ENTRY_SIZE / 4];
        pending = new long[(vectors + 63) / 64];
        offset = function.capabilities().add(PciRegs.CAP_ID_MSIX, CAP_SIZE);
        config.declare(offset + FLAGS, 2, vectors - 1, FLAGS_ENABLE | FLAGS_MASKALL);
        config.declare(offset + TABLE, 4, tableOffset | tableBar);
        config.declare(offset + PBA, 4, pendingOffset | pendingBar);
        config.hook(offset + FLAGS, 2, new ConfigHook() {
            @Override
            public void afterWrite(int at, int bytes) {
                sendReady();
            }
        });
        table = new Mmio("msix-table", (long) vectors * ENTRY_SIZE, WORDS, new Registers() {
            @Override
            public long read(long at, int size) {
                return entries[(int) at / 4] & 0xffffffffL;
            }

            @Override
            public void write(long at, long value, int size) {
                writeEntry((int) at, (int) value);
            }
        });
        pendingBits = new Mmio("msix-pba", (long) pending.length * 8, WORDS, new Registers() {
            @Override
            public long read(long at, int size) {
                return pending[(int) at / 8] >>> 8 * (at & 4) & 0xffffffffL;
            }

            @Override
            public void write(long at, long value, int size) {
                // Read-only: pending bits are cleared by unmasking.
            }
        });
        reset();
    }

    static Msix inOwnBar(PciFunction function, int vectors, int bar) {
        int tableSize = vectors * ENTRY_SIZE;
        int pendingSize = (vectors + 63) / 64 * 8;
        int pendingOffset = 2048;
        int size = 4096;
        if (tableSize > pendingOffset || pendingSize > size - pendingOffset) {
            pendingOffset = Integer.highestOneBit(Math.max(tableSize - 1, 1)) << 1;
            size = 2 * pendingOffset;
        }
        Msix msix = new Msix(function, vectors, bar, 0, bar, pendingOffset);
        Container registers = new Container(function.type() + "-msix", size);
        registers.add(0, msix.table);
        registers.add(pendingOffset, msix.pendingBits);
        function.addBar(bar, BarType.MEMORY, registers);
        return msix;
    }

    public int vectors() {
        return vectors;
    }

    /** What answers at the table's place, for devices that place it themselves. */
    public Region table() {
        return table;
    }

    public Region pendingBits() {
        return pendingBits;
    }

    /** Whether the guest uses it; while it does the device leaves its pin alone. */
    public boolean isEnabled() {
        return (flags() & FLAGS_ENABLE) != 0;
    }

    /** Whether a vector may not be sent now. */
    public boolean isMasked(int vector) {
        return (flags() & FLAGS_MASKALL) != 0
                || (entries[vector * 4 + ENTRY_VECTOR_CTRL / 4] & ENTRY_CTRL_MASKBIT) != 0;
    }

    public boolean isPending(int vector) {
        return (pending[vector / 64] & 1L << vector) != 0;
    }

    /**
     * Interrupts, if the guest enabled it; a masked vector stays pending until it is unmasked.
     *
     * @param vector any: numbers that the function does not have, as drivers use them for "none", do nothing
     */
    public void notify(int vector) {
        if (!isEnabled() || vector < 0 || vector >= vectors) {
            return;
        }
        if (isMasked(vector)) {
            pending[vector / 64] |= 1L << vector;
        } else {
            send(vector);
        }
    }

    /** Takes back an interrupt that was not sent yet. */
    public void clearPending(int vector) {
        pending[vector / 64] &= ~(1L << vector);
    }

    private void send(int vector) {
        clearPending(vector);
        int entry = vector * 4;
        long address = (entries[entry] & 0xffffffffL) | (long) entries[entry + 1] << 32;
        function.send(new MsiMessage(address, entries[entry + ENTRY_DATA / 4]));
    }

    private int flags() {
        return config.getInt(offset + FLAGS, 2);
    }

    private void writeEntry(int at, int value) {
        int vector = at / ENTRY_SIZE;
        int word = switch (at % ENTRY_SIZE) {
            case 0 -> value & ~3;
            case ENTRY_VECTOR_CTRL -> value & ENTRY_CTRL_MASKBIT;
            default -> value;
        };
        entries[at / 4] = word;
        if (isPending(vector) && isEnabled() && !isMasked(vector)) {
            send(vector);
        }
    }

    private void sendReady() {
        if (!isEnabled()) {
            return;
        }
        for (int i = 0; i < pending.length; i++) {
            for (long left = pending[i]; left != 0; left &= left - 1) {
                int vector = 64 * i + Long.numberOfTrailingZeros(left);
                if (!isMasked(vector)) {
                    send(vector);
                }
            }
        }
    }

    void reset() {
        Arrays.fill(entries, 0);
        for (int vector = 0; vector < vectors; vector++) {
            entries[vector * 4 + ENTRY_VECTOR_CTRL / 4] = ENTRY_CTRL_MASKBIT;
        }
        Arrays.fill(pending, 0);
    }

    // ---- state

    int[] saveTable() {
        return entries.clone();
    }

    long[] savePending() {
        return pending.clone();
    }

    /** Whether saved values have the shape of this function's. */
    boolean accepts(int[] savedTable, long[] savedPending) {
        return savedTable.length == entries.length
                && savedPending.length == pending.length
                && (vectors % 64 == 0 || savedPending[pending.length - 1] >>> vectors % 64 == 0);
    }

    void load(int[] savedTable, long[] savedPending) {
        System.arraycopy(savedTable, 0, entries, 0, entries.length);
        System.arraycopy(savedPending, 0, pending, 0, pending.length);
    }
}
