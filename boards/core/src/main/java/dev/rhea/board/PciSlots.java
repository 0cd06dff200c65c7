package dev.rhea.board;

import dev.rhea.device.pci.PciBus;
import dev.rhea.device.pci.PciInfo;
import dev.rhea.device.virtio.pci.VirtioPci;
import dev.rhea.device.virtio.type.VirtioType;
import dev.rhea.device.virtio.type.VirtioTypes;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;
import java.util.Objects;

/** A PCI bus as a place for devices of the command line. */
public final class PciSlots implements Bus {
    private final PciBus bus;
    private final Device owner;

    /** @param owner the bridge that the bus is behind */
    public PciSlots(PciBus bus, Device owner) {
        this.bus = bus;
        this.owner = owner;
    }

    @Override
    public String name() {
        return bus.name();
    }

    @Override
    public String kind() {
        return "PCI";
    }

    @Override
    public String type() {
        return bus.isExpress() ? "PCIE" : "PCI";
    }

    @Override
    public List<String> information() {
        return bus.isRoot() ? PciInfo.describe(PciInfo.of(bus)) : List.of();
    }

    @Override
    public Device owner() {
        return owner;
    }

    @Override
    public boolean isFull() {
        return bus.isFull();
    }

    @Override
    public Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException {
        String given = spec.id();
        String id = given == null ? "" : given;
        VirtioType type = VirtioTypes.find(spec.driver());
        if (type != null) {
            VirtioPci made = type.makeOnPci(bus, id, type.values(spec.properties()), bench.backing());
            bench.offerPorts(made.device(), id);
            bench.offerToBoot(spec, BootOrder.pci(made.function()) + BootOrder.unit(made.device()));
            return made;
        }
        PciTypes.Type other = Objects.requireNonNull(PciTypes.find(spec.driver()));
        return other.maker()
                .make(bus, id, new PropertyValues(other.name(), other.properties(), spec.properties()), bench);
    }
}
