package dev.rhea.machine.device;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One property of a device type, as declared: what {@code -device X,help}, QMP and the manual print.
 *
 * @param initial what holds if nothing is said, as one would write it; null where that is nothing
 * @param choices the values of an {@link PropertyKind#ENUM}; otherwise empty
 * @param help what it does, in a few words
 */
public record Property(
        String name, PropertyKind kind, @Nullable String initial, List<String> choices, String help) {
    public static Property of(String name, PropertyKind kind, @Nullable String initial, String help) {
        return new Property(name, kind, initial, List.of(), help);
    }

    public static Property choice(String name, String initial, List<String> choices, String help) {
        return new Property(name, PropertyKind.ENUM, initial, choices, help);
    }
}
