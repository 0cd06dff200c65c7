package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;

/**
 * The hint by which a bridge asks firmware for more bus numbers and addresses than what is behind it needs, so that there is room
 * for what will be plugged in later: a vendor-specific capability of type 1 (docs/pcie_pci_bridge).
 */
final class ResourceReserve {
    static final List<Property> PROPERTIES = List.of(
            Property.of("bus-reserve", PropertyKind.UINT32, "4294967295", "bus numbers to reserve"),
            Property.of("io-reserve", PropertyKind.SIZE, null, "I/O space to reserve"),
            Property.of("mem-reserve", PropertyKind.SIZE, null, "memory space to reserve"),
            Property.of("pref32-reserve", PropertyKind.SIZE, null, "prefetchable space below 4 GiB to reserve"),
            Property.of("pref64-reserve", PropertyKind.SIZE, null, "prefetchable space to reserve"));

    private static final long NO_HINT = -1;
    private static final long NO_BUSES = 0xffffffffL;
    private static final long FOUR_GIGABYTES = 1L << 32;
    private static final int SIZE = 0x20;
    private static final int TYPE = 1;

    private ResourceReserve() {}

    /** Checks the hints: before the function is made, since it can refuse. */
    static void check(PropertyValues properties) throws BadDeviceException {
        if (properties.has("pref32-reserve") && properties.has("pref64-reserve")) {
            throw new BadDeviceException("PCI resource reserve cap: PREF32 and PREF64 conflict");
        }
        if (hint(properties, "mem-reserve") >= FOUR_GIGABYTES) {
            throw new BadDeviceException("PCI resource reserve cap: mem-reserve must be less than 4G");
        }
        if (hint(properties, "pref32-reserve") >= FOUR_GIGABYTES) {
            throw new BadDeviceException("PCI resource reserve cap: pref32-reserve  must be less than 4G");
        }
    }

    /** Adds the capability, if there is a hint to give. */
    static void addTo(PciFunction function, PropertyValues properties) {
        long buses = properties.number("bus-reserve");
        boolean any =
                PROPERTIES.stream().anyMatch(property -> property.initial() == null && properties.has(property.name()));
        if (buses == NO_BUSES && !any) {
            return;
        }
        ConfigSpace config = function.config();
        int offset = function.capabilities().add(PciRegs.CAP_ID_VNDR, SIZE);
        config.declare(offset + 2, 1, SIZE);
        config.declare(offset + 3, 1, TYPE);
        config.declare(offset + 4, 4, buses);
        config.declare(offset + 8, 8, hint(properties, "io-reserve"));
        config.declare(offset + 16, 4, hint(properties, "mem-reserve"));
        config.declare(offset + 20, 4, hint(properties, "pref32-reserve"));
        config.declare(offset + 24, 8, hint(properties, "pref64-reserve"));
    }

    private static long hint(PropertyValues properties, String name) {
        return properties.has(name) ? properties.number(name) : NO_HINT;
    }
}
