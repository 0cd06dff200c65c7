package dev.rhea.board;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where devices of one kind are plugged in. */
public interface Bus {
    /** {@code pcie.0}. */
    String name();

    /** What fits: {@code PCI}, {@code virtio-bus}, {@code virtio-serial-bus}. */
    String kind();

    /** What it is, for people: {@code PCIE}. */
    default String type() {
        return kind();
    }

    /** What is on it, as {@code info pci} prints it, with what is below bridges; nothing for other kinds. With the machine lock held. */
    default List<String> information() {
        return List.of();
    }

    /** Whether nothing more fits. */
    boolean isFull();

    /** The device that it belongs to; null where that is not known to the machine. */
    default @Nullable Device owner() {
        return null;
    }

    /**
     * Makes a device and plugs it in.
     *
     * @return the device, for the machine to know
     * @throws BadDeviceException if its properties are wrong, or its place is taken
     */
    Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException;
}
