package dev.rhea.cli.system;

import dev.rhea.board.Board;
import dev.rhea.board.NetworkCard;
import dev.rhea.cli.options.OptionException;
import dev.rhea.network.Hub;
import dev.rhea.network.Hubs;
import dev.rhea.network.Netdev;
import dev.rhea.network.NetdevException;
import dev.rhea.network.Port;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Opens networks, and connects cards: {@code -netdev}, {@code -nic} and {@code -net}. Cards that are part of the board are taken
 * first; a board without any gets them as devices.
 */
final class NetworkOpener {
    private static final Set<String> OF_THE_CARD = Set.of("type", "id", "model", "mac", "addr", "vectors");

    private final MachineSettings settings;
    private final Hubs hubs = new Hubs();
    private final Map<String, Port> networks = new LinkedHashMap<>();
    private final Map<String, String> infos = new LinkedHashMap<>();
    private final List<String> own;
    /** Whether anything was said of networks; if not, the board's cards have one that asks for nothing. */
    private boolean said;

    private int nics;
    private int connected;
    private int hubPorts;

    NetworkOpener(MachineSettings settings) {
        this.settings = settings;
        Board board = settings.board();
        own = board == null ? List.of() : board.networkCards();
    }

    /** All networks by their names; may be changed. */
    Map<String, Port> networks() {
        return networks;
    }

    /** What monitors say of a network: {@code type=user,net=10.0.2.0}. */
    String info(String id) {
        return infos.getOrDefault(id, "");
    }

    /** Connects the board's cards where nothing was said of them. */
    void finish() throws OptionException, NetdevException {
        if (said || own.isEmpty() || settings.run.noDefaults) {
            return;
        }
        for (int i = 0; i < own.size(); i++) {
            String id = "__org.qemu.net" + nics++;
            open(id, "user", Map.of());
            card(null, id, null);
        }
    }

    /** {@code -netdev}. @param values by name, all of each */
    void netdev(@Nullable String id, Map<String, List<String>> values) throws OptionException, NetdevException {
        if (id == null) {
            throw new OptionException("Parameter 'id' is missing");
        }
        said = true;
        add(id, values);
    }

    /** {@code -nic}: a network and a card on it. */
    void nic(Map<String, List<String>> values) throws OptionException, NetdevException {
        said = true;
        if ("none".equals(last(values, "type"))) {
            return;
        }
        String given = last(values, "id");
        String id = given == null ? "__org.qemu.net" + nics++ : given;
        add(id, values);
        card(last(values, "model"), id, last(values, "mac"));
    }

    /** {@code -net}: a network or a card on hub 0, or a card on a network of its own. */
    void legacy(Map<String, List<String>> values) throws OptionException, NetdevException {
        said = true;
        String type = last(values, "type");
        if (type == null) {
            throw new OptionException("Parameter 'type' is missing");
        }
        if (type.equals("none")) {
            return;
        }
        Hub hub = hubs.hub(0);
        if (!type.equals("nic")) {
            Map<String, List<String>> its = new LinkedHashMap<>(values);
            its.remove("name");
            String id = "#net" + hubPorts++;
            hub.attach(add(id, its));
            return;
        }
        String id = last(values, "netdev");
        if (id == null) {
            id = "hub0port" + hubPorts++;
            networks.put(id, hub.port());
            infos.put(id, "type=hubport,hubid=0");
        } else if (!networks.containsKey(id)) {
            throw new OptionException("netdev '" + id + "' not found");
        }
        card(last(values, "model"), id, last(values, "macaddr"));
    }

    private void card(@Nullable String model, String netdev, @Nullable String mac) throws OptionException {
        if (own.isEmpty()) {
            String driver = model == null || model.equals("virtio") ? "virtio-net-pci" : model;
            if (mac == null) {
                settings.builder.device(driver, "netdev", netdev);
            } else {
                settings.builder.device(driver, "netdev", netdev, "mac", mac);
            }
        } else if (model != null && !own.contains(model)) {
            throw new OptionException("Unsupported NIC model: " + model);
        } else if (connected == own.size()) {
            settings.complaints.say("warning: requested NIC (" + netdev + ", model "
                    + (model == null ? "unspecified" : model)
                    + ") was not created (not supported by this machine?)");
        } else {
            connected++;
            settings.builder.card(new NetworkCard(netdev, mac));
        }
    }

    private Port add(String id, Map<String, List<String>> values) throws OptionException, NetdevException {
        if (networks.containsKey(id)) {
            throw new OptionException("Duplicate ID '" + id + "' for netdev");
        }
        String type = last(values, "type");
        if (type == null) {
            throw new OptionException("Parameter 'type' is missing");
        }
        Map<String, List<String>> its = new LinkedHashMap<>(values);
        its.keySet().removeAll(OF_THE_CARD);
        return open(id, type, its);
    }

    private Port open(String id, String type, Map<String, List<String>> values) throws NetdevException {
        Netdev netdev = Netdev.parse(type, values);
        Port port = netdev.open(hubs);
        networks.put(id, port);
        infos.put(id, "type=" + type + "," + netdev.info());
        return port;
    }

    private static @Nullable String last(Map<String, List<String>> values, String name) {
        List<String> all = values.get(name);
        return all == null ? null : new ArrayList<>(all).getLast();
    }
}
