package dev.rhea.board;

import dev.rhea.device.pci.PciBus;
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
        DeviceType<PciBus> type =
                java.util.Objects.requireNonNull(DeviceTypes.pci().get(spec.driver()));
        String id = spec.id();
        return type.factory()
                .make(
                        bus,
                        id == null ? "" : id,
                        new PropertyValues(type.name(), type.properties(), spec.properties()),
                        bench);
    }
}
