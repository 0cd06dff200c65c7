package dev.rhea.board;

import dev.rhea.device.edu.Edu;
import dev.rhea.device.pci.PciBridge;
import dev.rhea.device.pci.PciBus;
import dev.rhea.device.pci.PciProperties;
import dev.rhea.device.pci.PciePort;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Devices that know no other bus than PCI: bridges and ports, with their buses behind them, and edu. */
final class PciTypes {
    private static final String BRIDGES = "Controller/Bridge/Hub";

    /** Makes a device on a bus. */
    @FunctionalInterface
    interface Maker {
        Device make(PciBus bus, String id, PropertyValues values, Workbench bench) throws BadDeviceException;
    }

    /** Makes a bridge. */
    @FunctionalInterface
    private interface BridgeMaker {
        PciBridge make(PciBus bus, String id, PropertyValues values) throws BadDeviceException;
    }

    /** A type. */
    record Type(String name, String category, List<Property> properties, Maker maker) {}

    static final List<Type> ALL = all();

    private PciTypes() {}

    /** The type of that name, or null. */
    static @Nullable Type find(String name) {
        for (Type type : ALL) {
            if (type.name.equals(name)) {
                return type;
            }
        }
        return null;
    }

    private static List<Type> all() {
        List<Type> types = new ArrayList<>();
        types.add(new Type(
                "edu",
                "Misc",
                Edu.PROPERTIES,
                (bus, id, values, bench) -> new Edu(bus, id, bench.chassis().clock(), values)));
        for (PciePort.Model model : PciePort.Model.values()) {
            types.add(new Type(model.type(), BRIDGES, model.properties(), (bus, id, values, bench) -> {
                PciePort made = new PciePort(model, bus, id, values);
                bench.addBus(new PciSlots(made.secondary(), made));
                return made;
            }));
        }
        types.add(bridge(PciBridge.CONVENTIONAL_TYPE, PciBridge.CONVENTIONAL_PROPERTIES, PciBridge::conventional));
        types.add(bridge(PciBridge.EXPRESS_TYPE, PciBridge.EXPRESS_PROPERTIES, PciBridge::express));
        types.add(bridge(PciBridge.INTEL_TYPE, PciProperties.COMMON, PciBridge::intel));
        return List.copyOf(types);
    }

    private static Type bridge(String name, List<Property> properties, BridgeMaker maker) {
        return new Type(name, BRIDGES, properties, (bus, id, values, bench) -> {
            PciBridge made = maker.make(bus, id, values);
            bench.addBus(new PciSlots(made.secondary(), made));
            return made;
        });
    }
}
