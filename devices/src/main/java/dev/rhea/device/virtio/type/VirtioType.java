package dev.rhea.device.virtio.type;

import dev.rhea.device.pci.PciBus;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.pci.VirtioPci;
import dev.rhea.device.virtio.pci.VirtioPciOptions;
import dev.rhea.device.virtio.pci.VirtioPciType;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A type of virtio device.
 *
 * @param name as {@code -device} says it
 * @param description what {@code -device help} says behind {@code desc}; empty for none
 * @param properties all of them, in the order in which they are printed
 * @param variant which of the PCI types; null for a type that plugs into a virtio bus (a virtio-mmio slot)
 */
public record VirtioType(
        String name,
        String description,
        List<Property> properties,
        VirtioPciOptions.@Nullable Variant variant,
        VirtioPciType pciType,
        Maker maker) {
    /** Makes the device behind. */
    @FunctionalInterface
    interface Maker {
        VirtioDevice make(PropertyValues values, Backends backends, int defaultQueues) throws BadDeviceException;
    }

    public boolean isPci() {
        return variant != null;
    }

    /** Checks what the user gave. @throws BadDeviceException the reference's message */
    public PropertyValues values(Map<String, String> given) throws BadDeviceException {
        return new PropertyValues(name, properties, given);
    }

    /** Makes a device for a virtio bus; it is to be plugged into a transport. */
    public VirtioDevice make(PropertyValues values, Backends backends) throws BadDeviceException {
        return maker.make(values, backends, 1);
    }

    /**
     * Makes a device on a PCI bus. With the machine lock held.
     *
     * @param id the name the user gave; empty where none
     */
    public VirtioPci makeOnPci(PciBus bus, String id, PropertyValues values, Backends backends)
            throws BadDeviceException {
        VirtioPciOptions.Variant which = variant;
        if (which == null) {
            throw new IllegalStateException(name + " is no PCI device");
        }
        VirtioPciOptions options = VirtioPciOptions.of(values, properties, which, bus);
        VirtioDevice device = maker.make(values, backends, backends.processors());
        return new VirtioPci(bus, id, values, options, pciType, device, backends.lock());
    }
}
