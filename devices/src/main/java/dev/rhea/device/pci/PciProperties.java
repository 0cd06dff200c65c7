package dev.rhea.device.pci;

import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import java.util.ArrayList;
import java.util.List;

/** The properties that all PCI devices have. */
public final class PciProperties {
    private PciProperties() {}

    public static final List<Property> COMMON = List.of(
            Property.of("acpi-index", PropertyKind.UINT32, "0", ""),
            Property.of(
                    "addr", PropertyKind.PCI_ADDRESS, "-1", "Slot and optional function number, example: 06.0 or 06"),
            Property.of("failover_pair_id", PropertyKind.STRING, null, ""),
            Property.of("multifunction", PropertyKind.BOOL, "false", "on/off"),
            Property.of("rombar", PropertyKind.UINT32, "1", ""),
            Property.of("romfile", PropertyKind.STRING, null, ""),
            Property.of("romsize", PropertyKind.UINT32, "4294967295", ""),
            Property.of("x-pcie-extcap-init", PropertyKind.BOOL, "true", "on/off"),
            Property.of("x-pcie-lnksta-dllla", PropertyKind.BOOL, "true", "on/off"));

    /** A device type's own properties and the common ones, in the order of their names as {@code -device X,help} prints them. */
    @SafeVarargs
    public static List<Property> with(List<Property>... own) {
        List<Property> all = new ArrayList<>(COMMON);
        List.of(own).forEach(all::addAll);
        all.sort((a, b) -> a.name().compareTo(b.name()));
        return List.copyOf(all);
    }
}
