package dev.rhea.cli.system;

import dev.rhea.board.DeviceSpec;
import dev.rhea.board.DeviceTypes;
import dev.rhea.cli.options.Identifiers;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Devices, objects, what is behind devices, and properties for all of a kind. */
final class DeviceOptions {
    private final MachineSettings settings;
    private final Set<String> ids = new HashSet<>();

    private DeviceOptions(MachineSettings settings) {
        this.settings = settings;
    }

    static void add(Effects effects, MachineSettings settings) {
        DeviceOptions options = new DeviceOptions(settings);
        effects.on("device", use -> settings.devices.add(options.device(use), use));
        effects.on("object", settings.objects::add);
        effects.on("global", options::global);
        effects.on(
                "drive blockdev hda hdb hdc hdd cdrom pflash sd fda fdb mtdblock netdev nic net chardev fsdev virtfs",
                settings.backends::add);
    }

    private DeviceSpec device(OptionUse use) throws OptionException {
        Map<String, String> values = OptionTrees.flatten(use);
        String driver = values.remove("driver");
        if (driver == null) {
            throw new OptionException("Parameter 'driver' is missing");
        }
        String id = values.remove("id");
        if (id != null) {
            Identifiers.check("id", id);
            if (!ids.add(id)) {
                throw new OptionException("Duplicate ID '" + id + "' for device");
            }
        }
        String bus = values.remove("bus");
        return new DeviceSpec(driver, id, bus, values);
    }

    /** {@code cpu}, {@code riscv-cpu}, {@code rv64-riscv-cpu}: whether there is such a model is said when it is made. */
    private boolean isProcessorClass(String name) {
        String family = settings.architecture.replaceAll("\\d+$", "") + "-cpu";
        return name.equals("cpu") || name.equals(family) || name.endsWith("-" + family);
    }

    private void global(OptionUse use) throws OptionException {
        Parameters given = use.parameters();
        String driver = given.required("driver");
        String property = given.required("property");
        settings.builder.global(driver, property, given.required("value"));
        if (!DeviceTypes.isClass(driver) && !isProcessorClass(driver)) {
            settings.complaints.say("warning: global " + driver + "." + property + " has invalid class name");
        }
    }
}
