package dev.rhea.machine.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a device's properties: those the user gave over those that were declared. */
public final class PropertyValues {
    private final String type;
    private final Map<String, Property> declared = new LinkedHashMap<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * Checks what the user gave.
     *
     * @param type the device type's name, for messages
     * @throws BadDeviceException {@code Property 'virtio-blk-pci.bogus' not found}, or the value is none of the property's kind
     */
    public PropertyValues(String type, List<Property> properties, Map<String, String> given) throws BadDeviceException {
        this.type = type;
        for (Property property : properties) {
            declared.put(property.name(), property);
        }
        for (Map.Entry<String, String> entry : given.entrySet()) {
            Property property = declared.get(entry.getKey());
            if (property == null) {
                throw new BadDeviceException("Property '" + type + "." + entry.getKey() + "' not found");
            }
            values.put(property.name(), parse(property, entry.getValue()));
        }
        for (Property property : properties) {
            String initial = property.initial();
            if (initial != null && !values.containsKey(property.name())) {
                values.put(property.name(), parse(property, initial));
            }
        }
    }

    /** The device type's name. */
    public String type() {
        return type;
    }

    /** Whether it has a value. */
    public boolean has(String name) {
        check(name);
        return values.containsKey(name);
    }

    public boolean bool(String name) {
        return (boolean) get(name);
    }

    /** A number of any of the kinds; unsigned 64-bit values as they are. */
    public long number(String name) {
        return (long) get(name);
    }

    /** A text, or null where there is none. */
    public @Nullable String text(String name) {
        check(name);
        return (String) values.get(name);
    }

    /** All values as {@code info qtree} prints them, in the order of declaration. */
    public Map<String, String> describe() {
        Map<String, String> result = new LinkedHashMap<>();
        for (Property property : declared.values()) {
            Object value = values.get(property.name());
            result.put(
                    property.name(),
                    switch (value) {
                        case null -> property.kind() == PropertyKind.STRING ? "\"\"" : "\"\"";
                        case Boolean b -> b ? "true" : "false";
                        case Long n ->
                            property.kind() == PropertyKind.PCI_ADDRESS
                                    ? n < 0 ? "-1" : String.format("%02x.%x", n >> 3, n & 7)
                                    : Long.toUnsignedString(n) + " (0x" + Long.toHexString(n) + ")";
                        default -> "\"" + value + "\"";
                    });
        }
        return result;
    }

    private Property check(String name) {
        Property property = declared.get(name);
        if (property == null) {
            throw new IllegalArgumentException(type + " declares no property '" + name + "'");
        }
        return property;
    }

    private Object get(String name) {
        check(name);
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException(type + "." + name + " has no value and no default; ask has() first");
        }
        return value;
    }

    private Object parse(Property property, String text) throws BadDeviceException {
        return switch (property.kind()) {
            case BOOL ->
                switch (text) {
                    case "on", "yes", "true", "y" -> true;
                    case "off", "no", "false", "n" -> false;
                    default ->
                        throw new BadDeviceException("Parameter '" + property.name() + "' expects 'on' or 'off'");
                };
            case UINT8 -> number(property, text, 0, 255);
            case UINT16 -> number(property, text, 0, 65535);
            case UINT32 -> number(property, text, 0, 0xffffffffL);
            case INT32 -> number(property, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case UINT64 -> number(property, text, Long.MIN_VALUE, Long.MAX_VALUE);
            case SIZE -> size(property, text);
            case MAC -> mac(property, text);
            case PCI_ADDRESS -> pciAddress(property, text);
            case ENUM -> {
                if (!property.choices().contains(text)) {
                    throw new BadDeviceException(
                            "Property '" + type + "." + property.name() + "' doesn't take value '" + text + "'");
                }
                yield text;
            }
            default -> text;
        };
    }

    private Long number(Property property, String text, long min, long max) throws BadDeviceException {
        try {
            boolean negative = text.startsWith("-");
            String digits = negative ? text.substring(1) : text;
            long value = digits.toLowerCase(Locale.ROOT).startsWith("0x")
                    ? Long.parseUnsignedLong(digits.substring(2), 16)
                    : Long.parseUnsignedLong(digits);
            if (negative) {
                value = -value;
            }
            if (min != Long.MIN_VALUE && (value < min || value > max)) {
                throw new BadDeviceException("Property " + type + "." + property.name() + " doesn't take value " + value
                        + " (minimum: " + min + ", maximum: " + max + ")");
            }
            return value;
        } catch (NumberFormatException e) {
            throw new BadDeviceException("Parameter '" + property.name() + "' expects "
                    + (property.kind() == PropertyKind.UINT64
                            ? "uint64"
                            : property.kind().text()));
        }
    }

    private static Long size(Property property, String text) throws BadDeviceException {
        int shift = text.isEmpty() ? -1 : "BKMGTPE".indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
        String digits = shift >= 0 ? text.substring(0, text.length() - 1) : text;
        try {
            long value = Long.decode(digits);
            int bits = 10 * Math.max(shift, 0);
            if (value < 0 || value > Long.MAX_VALUE >> bits) {
                throw new NumberFormatException(text);
            }
            return value << bits;
        } catch (NumberFormatException e) {
            throw new BadDeviceException(
                    "Parameter '" + property.name() + "' expects a non-negative number below 2^64");
        }
    }

    private String mac(Property property, String text) throws BadDeviceException {
        if (!text.matches("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")) {
            throw new BadDeviceException(
                    "Property '" + type + "." + property.name() + "' doesn't take value '" + text + "'");
        }
        return text.toLowerCase(Locale.ROOT).replace('-', ':');
    }

    private Long pciAddress(Property property, String text) throws BadDeviceException {
        if (text.equals("-1")) {
            return -1L; // the next free slot
        }
        try {
            String[] parts = text.split("\\.", -1);
            int slot = parts.length > 1
                    ? Integer.parseInt(parts[0], 16)
                    : Integer.decode(text.matches("[0-9a-fA-F]+") && !text.startsWith("0x") ? "0x" + text : text);
            int function = parts.length > 1 ? Integer.parseInt(parts[1], 16) : 0;
            if (parts.length <= 2 && slot >= 0 && slot < 32 && function >= 0 && function < 8) {
                return (long) slot << 3 | function;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new BadDeviceException(
                "Property '" + type + "." + property.name() + "' doesn't take value '" + text + "'");
    }
}
