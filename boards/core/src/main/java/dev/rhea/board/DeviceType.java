package dev.rhea.board;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;

/**
 * A type of device that {@code -device} can name.
 *
 * @param name {@code virtio-blk-pci}
 * @param bus what it is plugged into: {@code PCI}, {@code virtio-bus}
 * @param category where {@code -device help} lists it
 * @param description one line, or empty
 * @param properties in the order in which {@code -device X,help} prints them
 * @param factory makes one
 * @param <B> the bus as devices see it
 */
public record DeviceType<B>(
        String name, String bus, String category, String description, List<Property> properties, Factory<B> factory) {
    /** Makes a device and puts it into its place. */
    @FunctionalInterface
    public interface Factory<B> {
        /** @param id the user's name for it; empty for none */
        Device make(B place, String id, PropertyValues values, Workbench bench) throws BadDeviceException;
    }
}
