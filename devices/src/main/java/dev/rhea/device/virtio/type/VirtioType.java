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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type of virtio device.
 *
 * @param name as {@code -device} says it
 * @param description what {@code -device help} says behind {@code desc}; empty for none
 * @param properties all of them, in the order in which they are printed
 * @param ofDevice those of them that the device behind a transport has
 * @param variant which of the PCI types; null for a type that plugs into a virtio bus (a virtio-mmio slot)
 */
public record VirtioType(
        String name,
        String description,
        List<Property> properties,
        List<Property> ofDevice,
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
        return make(values, backends, 1);
    }

    private VirtioDevice make(PropertyValues values, Backends backends, int queues) throws BadDeviceException {
        VirtioDevice device = maker.make(values, backends, queues);
        Set<String> own = ofDevice.stream().map(Property::name).collect(Collectors.toSet());
        device.describe(values.view().stream()
                .filter(value -> own.contains(value.name()))
                .toList());
        return device;
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
        VirtioDevice device = make(values, backends, backends.processors());
        return new VirtioPci(bus, id, values, options, pciType, device, backends.lock());
    }
}
