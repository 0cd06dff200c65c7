package dev.rhea.board;

import dev.rhea.device.edu.Edu;
import dev.rhea.device.pci.PciBus;
import dev.rhea.device.virtio.type.VirtioType;
import dev.rhea.device.virtio.type.VirtioTypes;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValues;

/** A PCI bus as a place for devices of the command line. */
public final class PciSlots implements Bus {
    private static final int SLOTS = 32;
    private final PciBus bus;

    public PciSlots(PciBus bus) {
        this.bus = bus;
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
    public boolean isFull() {
        return bus.functions().stream()
                        .mapToInt(function -> function.slot())
                        .distinct()
                        .count()
                == SLOTS;
    }

    @Override
    public Device plug(DeviceSpec spec, Workbench bench) throws BadDeviceException {
        String id = spec.id() == null ? "" : spec.id();
        VirtioType type = VirtioTypes.find(spec.driver());
        if (type != null) {
            return type.makeOnPci(bus, id, type.values(spec.properties()), bench.backing());
        }
        return new Edu(
                bus,
                id,
                bench.chassis().clock(),
                new PropertyValues(DeviceTypes.EDU, Edu.PROPERTIES, spec.properties()));
    }
}
