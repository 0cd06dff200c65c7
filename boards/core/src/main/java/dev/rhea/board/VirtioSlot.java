package dev.rhea.board;

import dev.rhea.device.virtio.VirtioMmio;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValues;

/** A virtio-mmio transport as a place for a device of the command line. */
public final class VirtioSlot implements Bus {
    private final VirtioMmio slot;
    private final String name;

    /** @param index of the transport on its board */
    public VirtioSlot(VirtioMmio slot, int index) {
        this.slot = slot;
        name = "virtio-mmio-bus." + index;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String kind() {
        return "virtio-bus";
    }

    @Override
    public boolean isFull() {
        return slot.device() != null;
    }

    @Override
    public Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException {
        DeviceType<VirtioMmio> type =
                java.util.Objects.requireNonNull(DeviceTypes.mmio().get(spec.driver()));
        String id = spec.id();
        return type.factory()
                .make(
                        slot,
                        id == null ? "" : id,
                        new PropertyValues(type.name(), type.properties(), spec.properties()),
                        bench);
    }
}
