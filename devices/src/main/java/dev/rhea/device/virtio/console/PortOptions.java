package dev.rhea.device.virtio.console;

import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.util.List;

/**
 * What a user says of a port.
 *
 * @param console whether it is a console ({@code virtconsole}) or a plain port ({@code virtserialport})
 * @param name what the guest names it by; empty for none
 * @param number {@link #AUTO}, or the port's
 */
public record PortOptions(boolean console, String name, long number) {
    /** The next free number. */
    public static final long AUTO = 0xffffffffL;

    public static final List<Property> PROPERTIES = List.of(
            Property.of("chardev", PropertyKind.CHARDEV, null, "ID of a chardev to use as a backend"),
            Property.of("name", PropertyKind.STRING, null, ""),
            Property.of("nr", PropertyKind.UINT32, "4294967295", ""));

    /** The two types of ports. */
    public static final String CONSOLE = "virtconsole";

    public static final String SERIAL_PORT = "virtserialport";

    public static PortOptions of(PropertyValues values) {
        String name = values.text("name");
        return new PortOptions(values.type().equals(CONSOLE), name == null ? "" : name, values.number("nr"));
    }
}
