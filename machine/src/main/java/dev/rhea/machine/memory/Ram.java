package dev.rhea.machine.memory;

import org.jspecify.annotations.Nullable;

/** A RAM block as a region; or ROM, where guests only read; or a ROM that is programmed, whose device takes the writes. */
public final class Ram extends Region {
    private final RamBlock block;
    private final @Nullable Mmio writes;
    private boolean writable;

    private Ram(RamBlock block, boolean writable, @Nullable Mmio writes) {
        super(block.name(), block.size());
        this.block = block;
        this.writable = writable;
        this.writes = writes;
    }

    public static Ram of(RamBlock block) {
        return new Ram(block, true, null);
    }

    /** Guests' writes are ignored. */
    public static Ram readOnly(RamBlock block) {
        return new Ram(block, false, null);
    }

    /**
     * Reads come from memory, and can be executed there; writes go to registers at the same offsets, as flash memory takes its
     * commands.
     */
    public static Ram readOnly(RamBlock block, Mmio writes) {
        return new Ram(block, false, writes);
    }

    /** What takes the writes; null where that is memory, or nobody. */
    public @Nullable Mmio writes() {
        return writable ? null : writes;
    }

    public RamBlock block() {
        return block;
    }

    public boolean isWritable() {
        return writable;
    }

    /** Makes ROM of RAM or the other way round. With the machine lock held. */
    public void setWritable(boolean value) {
        if (writable != value) {
            writable = value;
            changed();
        }
    }
}
