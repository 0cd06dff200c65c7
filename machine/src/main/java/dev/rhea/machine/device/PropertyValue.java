package dev.rhea.machine.device;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A property of a device as it is now: what {@code info qtree} and {@code qom-get} show.
 *
 * @param value a {@link Boolean}, a {@link Long} (unsigned ones of 64 bits as they are) or a {@link String}, as the kind has it;
 *     null for none
 */
public record PropertyValue(
        String name, PropertyKind kind, @Nullable Object value) {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
    private static final MathContext THREE_DIGITS = new MathContext(3);

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

    /** A number of bytes, as {@code info qtree} prints it with a unit. */
    public static PropertyValue size(String name, long bytes) {
        return new PropertyValue(name, PropertyKind.SIZE, bytes);
    }

    /** As {@code info qtree} prints it. */
    public String text() {
        return switch (value) {
            case null -> "\"\"";
            case Boolean b -> b ? "true" : "false";
            case Long n when kind == PropertyKind.PCI_ADDRESS -> n < 0 ? "-1" : String.format("%02x.%x", n >> 3, n & 7);
            case Long n when kind == PropertyKind.SIZE -> Long.toUnsignedString(n) + " (" + withUnit(n) + ")";
            case Long n when kind == PropertyKind.INT32 -> n + " (0x" + Long.toHexString(n) + ")";
            case Long n -> Long.toUnsignedString(n) + " (0x" + Long.toHexString(n) + ")";
            default -> "\"" + value + "\"";
        };
    }

    /** A number of bytes in three digits and a unit, {@code 1.5 MiB}; from 1000 of one on the next is taken. */
    public static String withUnit(long bytes) {
        BigDecimal value = new BigDecimal(Long.toUnsignedString(bytes));
        int unit = 0;
        while (unit < UNITS.size() - 1 && value.compareTo(THOUSAND) >= 0) {
            value = value.divide(BigDecimal.valueOf(1024));
            unit++;
        }
        return value.round(THREE_DIGITS).stripTrailingZeros().toPlainString() + " " + UNITS.get(unit);
    }
}
