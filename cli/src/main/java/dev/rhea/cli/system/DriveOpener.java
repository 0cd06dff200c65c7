package dev.rhea.cli.system;

import dev.rhea.block.BadDriveException;
import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Board;
import dev.rhea.cli.options.Identifiers;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Opens drives, and adds the disks that have them unless they are to have none. */
final class DriveOpener {
    private final MachineSettings settings;
    private final Set<String> names = new HashSet<>();

    /** By the kind of device: places that are taken. */
    private final Map<String, Set<Integer>> taken = new LinkedHashMap<>();

    DriveOpener(MachineSettings settings) {
        this.settings = settings;
    }

    void open(OptionUse use) throws OptionException, BadDriveException {
        String file = use.text();
        switch (use.name()) {
            case "drive" -> drive(use.parameters().toMap());
            case "pflash" -> drive(Map.of("file", file, "if", "pflash", "format", "raw"));
            case "cdrom" -> drive(Map.of("file", file, "media", "cdrom", "index", "2"));
            case "sd" -> drive(Map.of("file", file, "if", "sd"));
            case "mtdblock" -> drive(Map.of("file", file, "if", "mtd"));
            case "fda" -> drive(Map.of("file", file, "if", "floppy", "index", "0"));
            case "fdb" -> drive(Map.of("file", file, "if", "floppy", "index", "1"));
            default ->
                drive(Map.of(
                        "file",
                        file,
                        "media",
                        "disk",
                        "index",
                        String.valueOf(use.name().charAt(2) - 'a')));
        }
    }

    private void drive(Map<String, String> given) throws BadDriveException, OptionException {
        Map<String, String> values = new LinkedHashMap<>(given);
        if (settings.run.snapshot) {
            values.putIfAbsent("snapshot", "on");
        }
        if (values.containsKey("index") && (values.containsKey("bus") || values.containsKey("unit"))) {
            throw new OptionException("index cannot be used with bus and unit");
        }
        DriveOptions options = DriveOptions.of(values);
        String type = options.interfaceType().isEmpty() ? "virtio" : options.interfaceType();
        int unit = unit(options, type);
        Board board = settings.board();
        boolean own = board != null && unit < board.driveUnits(type);
        if (!own && !List.of("none", "virtio", "pflash").contains(type)) {
            throw new OptionException(
                    "machine type does not support if=" + type + ",bus=" + options.bus() + ",unit=" + unit);
        }
        String id = options.id();
        if (id != null) {
            Identifiers.check("id", id);
        }
        if (options.file() == null
                && (options.format() == null || !options.format().startsWith("null-"))) {
            throw new OptionException("Device needs media, but drive is empty");
        }
        String name = id == null ? type + unit : id;
        add(name, Drive.open(options, false, settings.complaints::print));
        if (own) {
            settings.builder.boardDrive(type, unit, name);
        } else if (type.equals("virtio")) {
            settings.builder.device("virtio-blk-device", "drive", name);
        } else if (type.equals("pflash")) {
            settings.builder.option("pflash" + unit, name);
        }
    }

    /** A drive, or a node of {@code -blockdev}: both have names from one room. */
    void add(String name, Drive drive) {
        names.add(name);
        settings.builder.drive(name, drive);
    }

    /** All names. */
    Set<String> names() {
        return names;
    }

    private int unit(DriveOptions options, String type) throws OptionException {
        Set<Integer> used = taken.computeIfAbsent(type, any -> new HashSet<>());
        int wanted = Math.max(options.index(), options.unit());
        if (wanted < 0) {
            wanted = 0;
            while (used.contains(wanted)) {
                wanted++;
            }
        }
        if (!used.add(wanted)) {
            throw new OptionException("drive with bus=" + options.bus() + ", unit=" + wanted
                    + (options.index() >= 0 ? " (index=" + options.index() + ")" : "") + " exists");
        }
        return wanted;
    }
}
