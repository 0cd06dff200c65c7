package dev.rhea.machine.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/** Regions at offsets; where two overlap the one of higher priority is seen. With the machine lock held. */
public final class Container extends Region {
    /** @param priority any; higher hides lower, and among equals the later one hides the earlier */
    public record Placed(long offset, Region region, int priority) {}

    private final List<Placed> children = new ArrayList<>();
    private final List<Runnable> observers = new ArrayList<>();
    /** How many updates are under way, one in another. */
    private int updates;

    private boolean changedInUpdate;

    public Container(String name, long size) {
        super(name, size);
    }

    /** Places a region with priority 0. */
    public void add(long offset, Region region) {
        add(offset, region, 0);
    }

    /** Places a region; what reaches beyond this container is cut off. A region is in one place only: see {@link Alias}. */
    public void add(long offset, Region region, int priority) {
        if (offset < 0 || offset >= size()) {
            throw new IllegalArgumentException(
                    region.name() + " at 0x" + Long.toHexString(offset) + " is outside of " + name());
        }
        if (region.parent != null) {
            throw new IllegalStateException(region.name() + " is in " + region.parent.name() + " already");
        }
        region.parent = this;
        children.add(new Placed(offset, region, priority));
        if (region instanceof Alias window) {
            window.target().addWindow(window);
        }
        changed();
    }

    /** Takes a region out; nothing happens if it is not here. */
    public void remove(Region region) {
        if (children.removeIf(placed -> placed.region == region)) {
            region.parent = null;
            if (region instanceof Alias window) {
                window.target().removeWindow(window);
            }
            changed();
        }
    }

    /**
     * Makes several changes as one: address spaces above learn of them when all are made, and only if there was one. Keeps
     * a guest that moves many things with one register write from paying for as many maps. With the machine lock held.
     */
    public void update(Runnable changes) {
        updates++;
        try {
            changes.run();
        } finally {
            if (--updates == 0 && changedInUpdate) {
                changedInUpdate = false;
                changed();
            }
        }
    }

    /** What is here, in the order in which it was placed. */
    public List<Placed> children() {
        return Collections.unmodifiableList(children);
    }

    /** Where a region is, in this container or in one below; empty where it is not. With the machine lock held. */
    public OptionalLong addressOf(Region region) {
        long address = 0;
        for (Region at = region; at != this; ) {
            Container above = at.parent;
            if (above == null) {
                return OptionalLong.empty();
            }
            for (Placed placed : above.children) {
                if (placed.region == at) {
                    address += placed.offset;
                }
            }
            at = above;
        }
        return OptionalLong.of(address);
    }

    /** Is told of every change here and below. */
    void observe(Runnable observer) {
        observers.add(observer);
    }

    @Override
    void changed() {
        if (updates > 0) {
            changedInUpdate = true;
            return;
        }
        observers.forEach(Runnable::run);
        super.changed();
    }
}
