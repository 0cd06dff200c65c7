package dev.rhea.board;

import dev.rhea.device.virtio.console.PortOptions;
import dev.rhea.device.virtio.type.VirtioType;
import dev.rhea.device.virtio.type.VirtioTypes;
import dev.rhea.machine.device.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The device types that {@code -device} can name. */
public final class DeviceTypes {
    /** How {@code -device help} groups them. */
    public static final List<String> CATEGORIES =
            List.of("Controller/Bridge/Hub", "Storage", "Network", "Input", "Misc");

    /** What boards have without being asked. */
    private static final Set<String> BUILT_IN = Set.of(
            "cadence_gem",
            "cfi.pflash01",
            "fw_cfg_mem",
            "goldfish_rtc",
            "gpex-pcihost",
            "riscv.aclint.mtimer",
            "riscv.aclint.swi",
            "riscv.hart_array",
            "riscv.sifive.plic",
            "riscv.sifive.test",
            "serial-mm",
            "virtio-mmio");

    static final String PCI = "PCI";
    static final String VIRTIO = "virtio-bus";

    /**
     * A type.
     *
     * @param bus the kind of bus it is plugged into; empty for none
     * @param description a line, or empty
     */
    public record Entry(String name, String category, String bus, String description, List<Property> properties) {}

    private DeviceTypes() {}

    /** All of them, by name. */
    public static List<Entry> all() {
        List<Entry> all = new ArrayList<>();
        for (VirtioType type : VirtioTypes.list()) {
            all.add(new Entry(
                    type.name(),
                    category(type.name()),
                    type.isPci() ? PCI : VIRTIO,
                    type.description(),
                    type.properties()));
        }
        for (String port : List.of(PortOptions.CONSOLE, PortOptions.SERIAL_PORT)) {
            all.add(new Entry(port, "Input", SerialPorts.KIND, "", PortOptions.PROPERTIES));
        }
        for (PciTypes.Type type : PciTypes.ALL) {
            all.add(new Entry(type.name(), type.category(), PCI, "", type.properties()));
        }
        all.add(new Entry(GenericLoader.TYPE, "Misc", "", "Generic Loader", GenericLoader.PROPERTIES));
        all.sort(Comparator.comparing(Entry::name));
        return all;
    }

    private static String category(String name) {
        if (name.startsWith("virtio-blk")) {
            return "Storage";
        }
        if (name.startsWith("virtio-net")) {
            return "Network";
        }
        return name.startsWith("virtio-serial") ? "Input" : "Misc";
    }

    public static List<String> names() {
        return all().stream().map(Entry::name).toList();
    }

    /** Whether only boards have it. */
    static boolean isBuiltIn(String name) {
        return BUILT_IN.contains(name);
    }

    /** Whether {@code -global} can name it: a type, what several types are, or a device of a board's own. */
    public static boolean isClass(String name) {
        return BUILT_IN.contains(name)
                || names().stream().anyMatch(type -> Globals.classes(type).contains(name));
    }

    /** The type of that name, or null. */
    public static @Nullable Entry find(String name) {
        for (Entry type : all()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }
}
