package dev.rhea.machine.memory;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A piece of an address space. It knows its size and not where it is; a {@link Container} places it.
 */
public abstract sealed class Region permits Ram, Mmio, Alias, Container {
    private final String name;
    private final long size;
    private boolean enabled = true;

    /** Who placed it; null while nobody did. */
    @Nullable
    Container parent;

    /** Windows onto it that are placed somewhere. */
    private final List<Alias> windows = new ArrayList<>();

    Region(String name, long size) {
        if (size <= 0) {
            throw new IllegalArgumentException(name + ": the size of a region is above 0 and below 2^63, not " + size);
        }
        this.name = name;
        this.size = size;
    }

    /** The name that {@code info mtree} shows. */
    public final String name() {
        return name;
    }

    /** In bytes, above 0. */
    public final long size() {
        return size;
    }

    /** Whether it answers. */
    public final boolean isEnabled() {
        return enabled;
    }

    /** Lets it answer, or not. With the machine lock held. */
    public final void setEnabled(boolean value) {
        if (enabled != value) {
            enabled = value;
            changed();
        }
    }

    /** Tells those above, up to the address spaces, that what they know is outdated; each container once. */
    void changed() {
        Set<Container> above = Collections.newSetFromMap(new IdentityHashMap<>());
        addContainersAbove(above);
        above.forEach(Region::changed);
    }

    private void addContainersAbove(Set<Container> above) {
        if (parent != null) {
            above.add(parent);
        }
        windows.forEach(window -> ((Region) window).addContainersAbove(above));
    }

    /** From now on a placed window shows changes here to those above the window. */
    void addWindow(Alias window) {
        windows.add(window);
    }

    void removeWindow(Alias window) {
        windows.remove(window);
    }
}
