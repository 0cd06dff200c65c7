package dev.rhea.machine.memory;

/** A window onto a part of another region. */
public final class Alias extends Region {
    private final Region target;
    private final long offset;

    /** @param offset of the window's start in {@code target} */
    public Alias(String name, Region target, long offset, long size) {
        super(name, size);
        if (offset < 0 || offset > target.size() - size) {
            throw new IllegalArgumentException(name + " reaches beyond " + target.name());
        }
        this.target = target;
        this.offset = offset;
    }

    public Region target() {
        return target;
    }

    public long offset() {
        return offset;
    }
}
