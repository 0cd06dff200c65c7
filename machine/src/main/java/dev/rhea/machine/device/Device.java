package dev.rhea.machine.device;

import dev.rhea.machine.memory.Region;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device: it was told its clock, its interrupt lines, its memory and its back end when it was made, and asks nothing of the
 * world. What it has of saved state it says by implementing {@link dev.rhea.machine.state.Stateful}.
 */
public interface Device extends AutoCloseable {
    /** Its type's name, as {@code info qtree} shows it: {@code virtio-blk-pci}. */
    String type();

    /** Its properties as they are now, for who looks at the machine. With the machine lock held. */
    default List<PropertyValue> properties() {
        return List.of();
    }

    /** Its interrupt lines and the like, as far as a board may connect them: what {@code info qtree} shows as gpio. */
    default List<Pins> pins() {
        return List.of();
    }

    /** Its registers and memories, as far as a board places them: what {@code info qtree} shows as mmio. */
    default List<Region> regions() {
        return List.of();
    }

    /** What else there is to say of it now, a line each. With the machine lock held. */
    default List<String> remarks() {
        return List.of();
    }

    /** The device that it is only the way to, as a virtio device on PCI is; null for most. */
    default @Nullable Behind behind() {
        return null;
    }

    /**
     * A device that another one is the way to; that one resets and closes it.
     *
     * @param bus the name of the bus between them
     * @param kind of bus
     */
    record Behind(String bus, String kind, Device device) {}

    /** Back to its state after power-on. With the machine lock held. */
    void reset();

    /** Lets go of its back end and its threads. Without the machine lock; nothing calls it afterwards. */
    @Override
    default void close() {}
}
