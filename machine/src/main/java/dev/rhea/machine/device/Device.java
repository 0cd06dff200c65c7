package dev.rhea.machine.device;

import java.util.List;

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

    /** Back to its state after power-on. With the machine lock held. */
    void reset();

    /** Lets go of its back end and its threads. Without the machine lock; nothing calls it afterwards. */
    @Override
    default void close() {}
}
