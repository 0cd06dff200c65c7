package dev.rhea.cli.system;

import dev.rhea.block.BadDriveException;
import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.MachineBuilder;
import dev.rhea.chardev.ChardevException;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.chardev.Chardevs;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import dev.rhea.device.virtio.ninep.FolderOptions;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.network.Hubs;
import dev.rhea.network.Netdev;
import dev.rhea.network.NetdevException;
import dev.rhea.network.Port;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens drives, networks and character devices, and adds devices where an option means both. */
final class BackendOpener {
    private final MachineBuilder builder;
    private final Chardevs chardevs;
    private final boolean snapshot;
    private final Hubs hubs = new Hubs();
    private final Set<String> networks = new HashSet<>();
    private final Map<String, Integer> drives = new HashMap<>();
    private int nics;

    BackendOpener(MachineBuilder builder, Chardevs chardevs, boolean snapshot) {
        this.builder = builder;
        this.chardevs = chardevs;
        this.snapshot = snapshot;
    }

    void open(OptionUse use) throws OptionException {
        try {
            switch (use.name()) {
                case "drive" -> drive(use.parameters().toMap());
                case "pflash" -> drive(Map.of("file", use.text(), "if", "pflash", "format", "raw"));
                case "netdev" -> netdev(use);
                case "nic" -> nic(use);
                case "chardev" -> chardev(use);
                case "fsdev" -> folder(use.parameters().toMap());
                case "virtfs" -> shared(use.parameters().toMap());
                default -> drive(Map.of("file", use.text(), "media", "disk"));
            }
        } catch (OptionException e) {
            throw e.at(use.place());
        } catch (BadDriveException | NetdevException | ChardevException | BadDeviceException e) {
            throw use.wrong(String.valueOf(e.getMessage()));
        }
    }

    private void drive(Map<String, String> given) throws BadDriveException, OptionException {
        Map<String, String> values = new LinkedHashMap<>(given);
        if (snapshot) {
            values.putIfAbsent("snapshot", "on");
        }
        DriveOptions options = DriveOptions.of(values);
        String type = options.interfaceType().isEmpty() ? "virtio" : options.interfaceType();
        if (!List.of("none", "virtio", "pflash").contains(type)) {
            throw new OptionException("machine type does not support if=" + type + ",bus=" + options.bus() + ",unit="
                    + Math.max(0, options.unit()));
        }
        int number = drives.merge(type, 1, Integer::sum) - 1;
        String id = options.id();
        String name = id == null ? type + number : id;
        builder.drive(name, Drive.open(options, false));
        if (type.equals("virtio")) {
            builder.device("virtio-blk-device", "drive", name);
        } else if (type.equals("pflash")) {
            builder.option("pflash" + (options.unit() > 0 ? options.unit() : number), name);
        }
    }

    private void netdev(OptionUse use) throws OptionException, NetdevException {
        Parameters parameters = use.parameters();
        String id = parameters.id();
        if (id == null) {
            throw new OptionException("Parameter 'id' is missing");
        }
        add(id, parameters);
    }

    private void nic(OptionUse use) throws OptionException, NetdevException {
        Parameters parameters = use.parameters();
        if ("none".equals(parameters.get("type"))) {
            return;
        }
        String given = parameters.id();
        String id = given == null ? "__org.qemu.net" + nics++ : given;
        add(id, parameters);
        String model = parameters.get("model");
        String mac = parameters.get("mac");
        String driver = model == null || model.equals("virtio") ? "virtio-net-pci" : model;
        if (mac == null) {
            builder.device(driver, "netdev", id);
        } else {
            builder.device(driver, "netdev", id, "mac", mac);
        }
    }

    private void add(String id, Parameters parameters) throws OptionException, NetdevException {
        if (!networks.add(id)) {
            throw new OptionException("Duplicate ID '" + id + "' for netdev");
        }
        Map<String, List<String>> values = parameters.list().stream()
                .filter(each -> !Set.of("type", "model", "mac").contains(each.name()))
                .collect(Collectors.groupingBy(
                        Parameters.Parameter::name,
                        LinkedHashMap::new,
                        Collectors.mapping(Parameters.Parameter::value, Collectors.toList())));
        String type = parameters.get("type");
        if (type == null) {
            throw new OptionException("Parameter 'type' is missing");
        }
        Port port = Netdev.parse(type, values).open(hubs);
        builder.network(id, port);
    }

    private void folder(Map<String, String> values) throws BadDeviceException {
        FolderOptions options = FolderOptions.of(values);
        builder.folder(options.id(), options.open());
    }

    /** {@code -virtfs}: the folder and the device that shares it. */
    private void shared(Map<String, String> given) throws BadDeviceException, OptionException {
        Map<String, String> values = new LinkedHashMap<>(given);
        String tag = values.remove("mount_tag");
        if (tag == null) {
            throw new OptionException("Usage: -virtfs fsdriver,mount_tag=tag.");
        }
        values.putIfAbsent("id", tag);
        folder(values);
        builder.device("virtio-9p-pci", "fsdev", java.util.Objects.requireNonNull(values.get("id")), "mount_tag", tag);
    }

    private void chardev(OptionUse use) throws ChardevException, OptionException {
        if (use.data() instanceof OptionData.Flat flat) {
            chardevs.create(new ChardevOptions(flat.group().normalized(flat.parameters())));
        }
    }
}
