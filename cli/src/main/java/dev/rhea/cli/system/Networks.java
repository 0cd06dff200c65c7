package dev.rhea.cli.system;

import dev.rhea.board.MachineBuilder;
import dev.rhea.cli.UsageError;
import dev.rhea.network.NetdevException;
import dev.rhea.network.Port;
import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What {@code -netdev} and {@code -nic} ask for. */
final class Networks {
    private final Set<String> ids = new HashSet<>();
    private int nics;

    void addNetdev(SystemOptions.Typed typed, MachineBuilder builder) throws UsageError {
        try {
            KeyValues values = KeyValues.parse(typed.text(), "type");
            String id = values.take("id");
            if (id == null) {
                throw new UsageError("Parameter 'id' is missing");
            }
            if (!ids.add(id)) {
                throw new UsageError("Duplicate ID '" + id + "' for netdev");
            }
            builder.network(id, open(values.take("type", ""), values.all()));
        } catch (UsageError e) {
            throw new UsageError(typed.option() + ": " + e.getMessage());
        }
    }

    void addNic(SystemOptions.Typed typed, MachineBuilder builder) throws UsageError {
        try {
            KeyValues values = KeyValues.parse(typed.text(), "type");
            String type = values.take("type", "user");
            String model = values.take("model", "virtio-net-pci");
            String mac = values.take("mac");
            if (type.equals("none")) {
                return;
            }
            String id = values.take("id", "nic" + nics++);
            builder.network(id, open(type, values.all()));
            if (mac == null) {
                builder.device(model, "netdev", id);
            } else {
                builder.device(model, "netdev", id, "mac", mac);
            }
        } catch (UsageError e) {
            throw new UsageError(typed.option() + ": " + e.getMessage());
        }
    }

    private static Port open(String type, Map<String, List<String>> values) throws UsageError {
        try {
            return switch (type) {
                case "user" -> UserStack.open(UserOptions.parse(values));
                default -> throw new UsageError("Parameter 'type' does not accept value '" + type + "'");
            };
        } catch (NetdevException e) {
            throw new UsageError(e.getMessage());
        }
    }
}
