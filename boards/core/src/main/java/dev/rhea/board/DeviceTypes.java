package dev.rhea.board;

import org.jspecify.annotations.Nullable;

/** The device types that {@code -device} can name. */
public final class DeviceTypes {
    private DeviceTypes() {}

    /** The kind of bus a type is plugged into; null where there is no such type. */
    static @Nullable String kind(String driver) {
        return null;
    }
}
