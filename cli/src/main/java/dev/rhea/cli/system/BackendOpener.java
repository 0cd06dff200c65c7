package dev.rhea.cli.system;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rhea.block.BadDriveException;
import dev.rhea.board.MachineBuilder;
import dev.rhea.chardev.ChardevException;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.chardev.Chardevs;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.device.virtio.ninep.FolderOptions;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.network.Capture;
import dev.rhea.network.NetdevException;
import dev.rhea.network.Port;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Opens drives, networks and character devices, and adds devices where an option means both. */
final class BackendOpener {
    private final MachineBuilder builder;
    private final Chardevs chardevs;
    private final MachineSettings settings;
    private final DriveOpener drives;
    private final BlockNodes nodes = new BlockNodes();
    private final NetworkOpener networks;

    BackendOpener(MachineSettings settings, Chardevs chardevs) {
        this.settings = settings;
        this.builder = settings.builder;
        this.chardevs = chardevs;
        drives = new DriveOpener(settings);
        networks = new NetworkOpener(settings);
    }

    /** Opens all of them, in their order; then what listens to networks. */
    void openAll() throws OptionException {
        for (OptionUse use : settings.backends) {
            open(use);
        }
        nodes.open(settings.run.snapshot, drives::add);
        try {
            networks.finish();
        } catch (NetdevException e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
        for (ObjectSettings.Dump dump : settings.objects.dumps()) {
            Port port = networks.networks().get(dump.netdev());
            if (port == null) {
                throw dump.use().wrong("Parameter 'netdev' expects a network backend id");
            }
            try {
                networks.networks()
                        .put(dump.netdev(), Capture.of(port, dump.file(), dump.maxLength(), Clock.systemUTC()));
            } catch (NetdevException e) {
                throw dump.use().wrong(String.valueOf(e.getMessage()));
            }
        }
        networks.networks().forEach((id, port) -> builder.network(id, port, networks.info(id)));
    }

    private void open(OptionUse use) throws OptionException {
        try {
            switch (use.name()) {
                case "drive", "hda", "hdb", "hdc", "hdd", "cdrom", "pflash", "sd", "fda", "fdb", "mtdblock" ->
                    drives.open(use);
                case "blockdev" -> nodes.add(use);
                case "netdev" -> networks.netdev(use.id(), values(use));
                case "nic" -> networks.nic(values(use));
                case "net" -> networks.legacy(values(use));
                case "chardev" -> chardev(use);
                case "fsdev" -> folder(use.parameters().toMap());
                case "virtfs" -> shared(use.parameters().toMap());
                default -> throw new IllegalStateException("-" + use.name() + " is no back end");
            }
        } catch (OptionException e) {
            throw use.wrong(e);
        } catch (BadDriveException | NetdevException | ChardevException | BadDeviceException e) {
            throw use.wrong(String.valueOf(e.getMessage()));
        }
    }

    /** All values by their names, as a list may repeat them. In JSON those are arrays of texts, or of objects with "str". */
    private static Map<String, List<String>> values(OptionUse use) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        switch (use.data()) {
            case OptionData.Flat flat ->
                flat.parameters()
                        .list()
                        .forEach(each -> values.computeIfAbsent(each.name(), any -> new ArrayList<>())
                                .add(each.value()));
            case OptionData.Tree tree -> {
                JsonObject root = tree.root();
                OptionTrees.flatten(root).forEach((name, value) -> values.put(name, new ArrayList<>(List.of(value))));
                for (Map.Entry<String, JsonElement> each : root.entrySet()) {
                    if (each.getValue().isJsonArray()) {
                        values.keySet().removeIf(name -> name.startsWith(each.getKey() + "."));
                        List<String> all = new ArrayList<>();
                        for (JsonElement element : each.getValue().getAsJsonArray()) {
                            JsonElement text = element.isJsonObject()
                                    ? element.getAsJsonObject().get("str")
                                    : element;
                            all.add(
                                    text == null || !text.isJsonPrimitive()
                                            ? String.valueOf(text)
                                            : text.getAsString());
                        }
                        values.put(each.getKey(), all);
                    }
                }
            }
            case OptionData.None _, OptionData.Text _, OptionData.Number _, OptionData.Identity _ -> {}
        }
        return values;
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
        builder.device("virtio-9p-pci", "fsdev", Objects.requireNonNull(values.get("id")), "mount_tag", tag);
    }

    private void chardev(OptionUse use) throws ChardevException, OptionException {
        if (use.data() instanceof OptionData.Flat flat) {
            if (settings.run.daemon && "stdio".equals(flat.parameters().get("backend"))) {
                throw new OptionException("cannot use stdio with -daemonize");
            }
            chardevs.create(new ChardevOptions(flat.group().normalized(flat.parameters())));
        }
    }
}
