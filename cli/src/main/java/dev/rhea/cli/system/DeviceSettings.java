package dev.rhea.cli.system;

import dev.rhea.board.DeviceSpec;
import dev.rhea.cli.options.OptionUse;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is plugged in, and which option asked for it. */
final class DeviceSettings {
    private final List<DeviceSpec> all = new ArrayList<>();
    private final Map<DeviceSpec, OptionUse> places = new IdentityHashMap<>();

    /** Properties for all devices of a kind: {@code -global}, in their order. */
    final List<OptionUse> globals = new ArrayList<>();

    void add(DeviceSpec device, OptionUse use) {
        all.add(device);
        places.put(device, use);
    }

    List<DeviceSpec> all() {
        return List.copyOf(all);
    }

    /** The option that asked for a device; null where it came by itself. */
    @Nullable
    OptionUse place(DeviceSpec device) {
        return places.get(device);
    }
}
