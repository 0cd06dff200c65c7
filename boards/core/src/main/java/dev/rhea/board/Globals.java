package dev.rhea.board;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Properties for all devices of a kind: {@code -global}. A kind is a type, or what several types are. */
final class Globals {
    private static final String VIRTIO = "virtio-";
    private static final String BEHIND = "-device";

    private final List<GlobalProperty> all;

    /** Types that take what they are told; checked already. */
    private final Set<String> taking = new HashSet<>();

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
        taking.add(type);
        List<String> classes = classes(type);
        Map<String, String> values = new LinkedHashMap<>();
        for (GlobalProperty each : all) {
            if (classes.contains(each.driver())) {
                try {
                    new PropertyValues(each.driver(), properties, Map.of(each.property(), each.value()));
                } catch (BadDeviceException e) {
                    throw new BadDeviceException(each.refused(String.valueOf(e.getMessage())));
                }
                values.put(each.property(), each.value());
            }
        }
        return values;
    }

    /** What holds for classes whose properties somebody else knows, in its order. */
    List<GlobalProperty> ofClasses(List<String> classes) {
        return all.stream().filter(each -> classes.contains(each.driver())).toList();
    }

    /**
     * Looks at what names a device that a board has made by itself, with properties that the board decides.
     *
     * @return warnings about those that the board has decided otherwise
     * @throws BadDeviceException where the device has no such property, or the value is none
     */
    List<String> check(Collection<Device> devices) throws BadDeviceException {
        List<String> warnings = new ArrayList<>();
        for (GlobalProperty each : all) {
            Device device = devices.stream()
                    .filter(made -> made.type().equals(each.driver()) && !taking.contains(made.type()))
                    .findFirst()
                    .orElse(null);
            if (device == null) {
                continue;
            }
            PropertyValue known = device.properties().stream()
                    .filter(property -> property.name().equals(each.property()))
                    .findFirst()
                    .orElse(null);
            List<Property> declared =
                    known == null ? List.of() : List.of(Property.of(known.name(), known.kind(), null, ""));
            PropertyValue wanted;
            try {
                wanted = new PropertyValues(each.driver(), declared, Map.of(each.property(), each.value()))
                        .view()
                        .getFirst();
            } catch (BadDeviceException e) {
                throw new BadDeviceException(each.refused(String.valueOf(e.getMessage())));
            }
            if (!wanted.equals(known)) {
                warnings.add("warning: global " + each.driver() + "." + each.property() + "=" + each.value()
                        + " has no effect: this board decides it");
            }
        }
        return warnings;
    }
}
