package dev.rhea.device.virtio.pci;

import dev.rhea.device.pci.PciBus;
import dev.rhea.device.pci.PciProperties;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.util.ArrayList;
import java.util.List;

/**
 * What a user says of the PCI side of a virtio device.
 *
 * @param legacy whether it has the legacy interface
 * @param modern whether it has that of version 1.0 on
 * @param vectors MSI-X vectors; {@link #AUTO} for as many as the device makes use of
 * @param classCode base class and subclass; 0 for the device's own
 */
public record VirtioPciOptions(boolean legacy, boolean modern, boolean pagePerQueue, long vectors, int classCode) {
    /** The reference's value for "as many as make sense". */
    public static final long AUTO = 0xffffffffL;

    /** Which of a type's three names: they differ in the interfaces they have. */
    public enum Variant {
        /** {@code virtio-X-pci}: the user says, else transitional on root buses. */
        GENERIC(""),
        TRANSITIONAL("-transitional"),
        NON_TRANSITIONAL("-non-transitional");

        private final String suffix;

        Variant(String suffix) {
            this.suffix = suffix;
        }

        /** What the type's name ends with. */
        public String suffix() {
            return suffix;
        }
    }

    private static final List<Property> INTERFACES = List.of(
            Property.choice("disable-legacy", "auto", List.of("on", "off", "auto"), "on/off/auto"),
            Property.of("disable-modern", PropertyKind.BOOL, "false", ""));

    private static final List<Property> OWN = List.of(
            Property.of("aer", PropertyKind.BOOL, "false", "on/off"),
            Property.of("ats", PropertyKind.BOOL, "false", "on/off"),
            Property.of("migrate-extra", PropertyKind.BOOL, "true", "on/off"),
            Property.of("modern-pio-notify", PropertyKind.BOOL, "false", "on/off"),
            Property.of("page-per-vq", PropertyKind.BOOL, "false", "on/off"),
            Property.of("virtio-pci-bus-master-bug-migration", PropertyKind.BOOL, "false", "on/off"),
            Property.of("x-ats-page-aligned", PropertyKind.BOOL, "true", "on/off"),
            Property.of("x-disable-pcie", PropertyKind.BOOL, "false", "on/off"),
            Property.of("x-ignore-backend-features", PropertyKind.BOOL, "false", ""),
            Property.of("x-pcie-deverr-init", PropertyKind.BOOL, "true", "on/off"),
            Property.of("x-pcie-flr-init", PropertyKind.BOOL, "true", "on/off"),
            Property.of("x-pcie-lnkctl-init", PropertyKind.BOOL, "true", "on/off"),
            Property.of("x-pcie-pm-init", PropertyKind.BOOL, "true", "on/off"));

    private static final Property IOEVENTFD = Property.of("ioeventfd", PropertyKind.BOOL, "true", "on/off");
    private static final Property CLASS = Property.of("class", PropertyKind.UINT32, "0", "");

    /**
     * All properties of a PCI type.
     *
     * @param device those of the device behind
     * @param vectors how many MSI-X vectors it has unless the user says; {@link #AUTO}; -1 where it has no such property
     * @param classed whether the user may choose the class
     */
    public static List<Property> properties(List<Property> device, Variant variant, long vectors, boolean classed) {
        List<Property> all = new ArrayList<>(device);
        all.addAll(OWN);
        if (variant == Variant.GENERIC) {
            all.addAll(INTERFACES);
        }
        if (vectors >= 0) {
            all.add(IOEVENTFD);
            all.add(Property.of("vectors", PropertyKind.UINT32, Long.toString(vectors), ""));
        }
        if (classed) {
            all.add(CLASS);
        }
        return PciProperties.with(all);
    }

    /** @param declared the list that {@link #properties} made, for what it leaves out */
    public static VirtioPciOptions of(PropertyValues values, List<Property> declared, Variant variant, PciBus bus)
            throws BadDeviceException {
        boolean legacy = variant == Variant.TRANSITIONAL;
        boolean modern = true;
        if (variant == Variant.GENERIC) {
            String disable = values.text("disable-legacy");
            // Behind a port there are no I/O ports to spare.
            legacy = "auto".equals(disable) ? !bus.isExpress() || bus.isRoot() : "off".equals(disable);
            modern = !values.bool("disable-modern");
            if (!legacy && !modern) {
                throw new BadDeviceException(
                        "device cannot work as neither modern nor legacy mode is enabled. Set either"
                                + " disable-modern or disable-legacy to off");
            }
        }
        return new VirtioPciOptions(
                legacy,
                modern,
                values.bool("page-per-vq"),
                declares(declared, "vectors") ? values.number("vectors") : 0,
                declares(declared, "class") ? (int) values.number("class") : 0);
    }

    private static boolean declares(List<Property> declared, String name) {
        return declared.stream().anyMatch(property -> property.name().equals(name));
    }
}
