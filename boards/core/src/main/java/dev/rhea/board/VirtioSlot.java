package dev.rhea.board;

import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.VirtioMmio;
import dev.rhea.device.virtio.type.VirtioType;
import dev.rhea.device.virtio.type.VirtioTypes;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import java.util.Objects;

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
    public String type() {
        return "virtio-mmio-bus";
    }

    @Override
    public Device owner() {
        return slot;
    }

    @Override
    public boolean isFull() {
        return slot.device() != null;
    }

    @Override
    public Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException {
        VirtioType type = Objects.requireNonNull(VirtioTypes.find(spec.driver()));
        VirtioDevice device = type.make(type.values(spec.properties()), bench.backing());
        slot.plug(device);
        long address = bench.chassis().systemMemory().addressOf(slot.region()).orElseThrow();
        bench.offerToBoot(spec, BootOrder.mmio(address, device));
        String id = spec.id();
        bench.offerPorts(device, id == null ? "" : id);
        return device;
    }
}
