package dev.rhea.board;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A device as {@code -device} asks for it.
 *
 * @param driver the type's name
 * @param id by which monitors find it, or null
 * @param bus where it is plugged in, or null for the first bus that fits
 * @param properties the rest
 */
public record DeviceSpec(
        String driver, @Nullable String id, @Nullable String bus, Map<String, String> properties) {
    public DeviceSpec {
        properties = new LinkedHashMap<>(properties);
    }

    /** A device with properties given as key, value, key, value. */
    public static DeviceSpec of(String driver, String... properties) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < properties.length; i += 2) {
            map.put(properties[i], properties[i + 1]);
        }
        String id = map.remove("id");
        String bus = map.remove("bus");
        return new DeviceSpec(driver, id, bus, map);
    }
}
