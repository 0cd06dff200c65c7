package dev.rhea.machine.device;

import org.jspecify.annotations.Nullable;

/**
 * A property of a device as it is now: what {@code info qtree} and {@code qom-get} show.
 *
 * @param value a {@link Boolean}, a {@link Long} (unsigned ones of 64 bits as they are) or a {@link String}, as the kind has it;
 *     null for none
 */
public record PropertyValue(
        String name, PropertyKind kind, @Nullable Object value) {
    /** A number of 32 bits. */
    public static PropertyValue of(String name, long value) {
        return new PropertyValue(name, PropertyKind.UINT32, value);
    }

    public static PropertyValue of(String name, boolean value) {
        return new PropertyValue(name, PropertyKind.BOOL, value);
    }

    public static PropertyValue of(String name, String value) {
        return new PropertyValue(name, PropertyKind.STRING, value);
    }

    /** As {@code info qtree} prints it. */
    public String text() {
        return switch (value) {
            case null -> "\"\"";
            case Boolean b -> b ? "true" : "false";
            case Long n when kind == PropertyKind.PCI_ADDRESS -> n < 0 ? "-1" : String.format("%02x.%x", n >> 3, n & 7);
            case Long n -> Long.toUnsignedString(n) + " (0x" + Long.toHexString(n) + ")";
            default -> "\"" + value + "\"";
        };
    }
}
