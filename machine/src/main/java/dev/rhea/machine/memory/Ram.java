package dev.rhea.machine.memory;

/** A RAM block as a region; or ROM, where guests only read. */
public final class Ram extends Region {
    private final RamBlock block;
    private boolean writable;

    private Ram(RamBlock block, boolean writable) {
        super(block.name(), block.size());
        this.block = block;
        this.writable = writable;
    }

    public static Ram of(RamBlock block) {
        return new Ram(block, true);
    }

    /** Guests' writes are ignored. */
    public static Ram readOnly(RamBlock block) {
        return new Ram(block, false);
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
