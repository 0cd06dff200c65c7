package dev.rhea.machine.device;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of a device's properties: those the user gave over those that were declared. */
public final class PropertyValues {
    /** Hexadecimal digits, or a decimal number; a suffix. Lengths are bounded: nobody has that much. */
    private static final Pattern SIZE =
            Pattern.compile("(?:0[xX]([0-9a-fA-F]{1,16})|([0-9]{1,20}(?:\\.[0-9]{0,20})?))([BKMGTPEbkmgtpe]?)");

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
        view().forEach(property -> result.put(property.name(), property.text()));
        return result;
    }

    /** All values, in the order of declaration. */
    public List<PropertyValue> view() {
        return declared.values().stream()
                .map(property -> new PropertyValue(property.name(), property.kind(), values.get(property.name())))
                .toList();
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
                            "Parameter '" + property.name() + "' does not accept value '" + text + "'");
                }
                yield text;
            }
            default -> text;
        };
    }

    /** Decimal, hexadecimal after {@code 0x}, or octal after {@code 0}, as C reads it. */
    private Long number(Property property, String text, long min, long max) throws BadDeviceException {
        BigInteger value;
        try {
            boolean negative = text.startsWith("-");
            String digits = negative || text.startsWith("+") ? text.substring(1) : text;
            int radix = digits.matches("0[xX].*") ? 16 : digits.matches("0[0-9].*") ? 8 : 10;
            String rest = radix == 16 ? digits.substring(2) : digits;
            if (rest.startsWith("-") || rest.startsWith("+")) {
                throw new NumberFormatException(text);
            }
            value = new BigInteger(rest, radix);
            value = negative ? value.negate() : value;
        } catch (NumberFormatException e) {
            throw new BadDeviceException("Parameter '" + property.name() + "' expects integer");
        }
        boolean unsigned = property.kind() == PropertyKind.UINT64;
        // Of 64-bit numbers the negative ones are another way to write the large ones.
        boolean fits = unsigned
                ? value.bitLength() <= Long.SIZE && value.compareTo(BigInteger.valueOf(Long.MIN_VALUE)) >= 0
                : value.compareTo(BigInteger.valueOf(min)) >= 0 && value.compareTo(BigInteger.valueOf(max)) <= 0;
        if (!fits) {
            throw new BadDeviceException("Parameter '" + property.name() + "' expects "
                    + property.kind().text() + "_t");
        }
        return value.longValue();
    }

    /** Bytes, with a fraction and a suffix if wanted. A number in hexadecimal ends where its digits do. */
    private static Long size(Property property, String text) throws BadDeviceException {
        Matcher matcher = SIZE.matcher(text);
        if (matcher.matches()) {
            String hex = matcher.group(1);
            BigDecimal value = hex != null ? new BigDecimal(new BigInteger(hex, 16)) : new BigDecimal(matcher.group(2));
            String suffix = matcher.group(3);
            int power = suffix.isEmpty() ? 0 : "BKMGTPE".indexOf(Character.toUpperCase(suffix.charAt(0)));
            BigInteger bytes = value.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(10 * power)))
                    .toBigInteger();
            if (bytes.bitLength() <= Long.SIZE) {
                return bytes.longValue();
            }
        }
        throw new BadDeviceException("Parameter '" + property.name() + "' expects size");
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
