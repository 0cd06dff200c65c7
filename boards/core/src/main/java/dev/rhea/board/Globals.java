package dev.rhea.board;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Properties for all devices of a kind: {@code -global}. A kind is a type, or what several types are. */
final class Globals {
    private static final String VIRTIO = "virtio-";
    private static final String BEHIND = "-device";

    private final List<GlobalProperty> all;

    Globals(List<GlobalProperty> all) {
        this.all = all;
    }

    /** All that a type is, itself first: a virtio device on PCI is also the device behind, and a PCI device. */
    static List<String> classes(String type) {
        List<String> classes = new ArrayList<>(List.of(type));
        int pci = type.indexOf("-pci");
        if (type.startsWith(VIRTIO) && pci > 0) {
            classes.add(type.substring(0, pci) + BEHIND);
            classes.addAll(List.of("virtio-pci", "pci-device"));
        } else if (type.startsWith(VIRTIO) && type.endsWith(BEHIND)) {
            classes.add("virtio-device");
        }
        classes.add("device");
        return classes;
    }

    /**
     * What holds for a type's devices that are not told otherwise.
     *
     * @throws BadDeviceException {@code can't apply global virtio-rng-device.bogus=1: Property 'virtio-rng-device.bogus' not
     *     found}, or the value is none
     */
    Map<String, String> of(String type, List<Property> properties) throws BadDeviceException {
        List<String> classes = classes(type);
        Map<String, String> values = new LinkedHashMap<>();
        for (GlobalProperty each : all) {
            if (classes.contains(each.driver())) {
                try {
                    new PropertyValues(each.driver(), properties, Map.of(each.property(), each.value()));
                } catch (BadDeviceException e) {
                    throw new BadDeviceException("can't apply global " + each.driver() + "." + each.property() + "="
                            + each.value() + ": " + e.getMessage());
                }
                values.put(each.property(), each.value());
            }
        }
        return values;
    }
}
