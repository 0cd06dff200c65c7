package dev.rhea.cli.options;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as the reference reads them: flags, numbers, sizes. Flat options ({@link OptionText}) and trees ({@link TreeText}) read
 * them alike but complain in other words; hence two methods of each.
 */
public final class Quantities {
    private Quantities() {}

    /** What follows a complaint about a size. */
    private static final String SUFFIXES = """

            Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
            and exabytes, respectively.""";

    private static final BigInteger LIMIT = BigInteger.ONE.shiftLeft(64);

    /** As C's strtoull takes them with base 0: a negative one wraps. */
    private static final Pattern NUMBER =
            Pattern.compile("[ \\t\\n\\x0b\\f\\r]*([-+]?)(?:0[xX](\\p{XDigit}+)|(0[0-7]*)|([1-9][0-9]*))");

    private static final Pattern HEX_SIZE =
            Pattern.compile("[ \\t\\n\\x0b\\f\\r]*\\+?0[xX](\\p{XDigit}+?)([bBkKmMgGtTpPeE]?)");

    private static final Pattern SIZE =
            Pattern.compile("[ \\t\\n\\x0b\\f\\r]*\\+?([0-9]+)(\\.[0-9]*)?([bBkKmMgGtTpPeE]?)");

    /**
     * A flag of a flat option or of a tree: on, yes, true, y and off, no, false, n.
     *
     * @param name the parameter's, for the message
     * @throws OptionException "Parameter 'mux' expects 'on' or 'off'"
     */
    public static boolean flag(String name, String text) throws OptionException {
        return switch (text) {
            case "on", "yes", "true", "y" -> true;
            case "off", "no", "false", "n" -> false;
            default -> throw new OptionException("Parameter '" + name + "' expects 'on' or 'off'");
        };
    }

    /**
     * A number of a flat option: decimal, or hexadecimal after 0x, or octal after 0.
     *
     * @return 64 bits without sign; a negative number wraps, as in the reference
     * @throws OptionException "Parameter 'reconnect' expects a number", or that it is too large
     */
    public static long number(String name, String text) throws OptionException {
        BigInteger value = integer(text);
        if (value == null) {
            throw new OptionException("Parameter '" + name + "' expects a number");
        }
        if (value.abs().compareTo(LIMIT) >= 0) {
            throw new OptionException("Value '" + text + "' is too large for parameter '" + name + "'");
        }
        return value.longValue();
    }

    /**
     * A number of a tree.
     *
     * @throws OptionException "Parameter 'queues' expects a uint64 value"
     */
    public static long unsigned(String name, String text) throws OptionException {
        BigInteger value = integer(text);
        if (value == null || value.signum() < 0 || value.compareTo(LIMIT) >= 0) {
            throw new OptionException("Parameter '" + name + "' expects a uint64 value");
        }
        return value.longValue();
    }

    /**
     * A number with sign of a tree.
     *
     * @throws OptionException "Parameter 'ipv6-prefixlen' expects an int64 value"
     */
    public static long signed(String name, String text) throws OptionException {
        BigInteger value = integer(text);
        if (value == null || value.bitLength() > 63) {
            throw new OptionException("Parameter '" + name + "' expects an int64 value");
        }
        return value.longValue();
    }

    /**
     * A size of a flat option: decimal with or without a fraction, or hexadecimal; with a suffix, {@code b} to {@code E}, each
     * 1024 times the one before, in either case.
     *
     * @return bytes, 64 bits without sign
     * @throws OptionException "Parameter 'size' expects a non-negative number below 2^64", or that it is out of range
     */
    public static long size(String name, String text) throws OptionException {
        BigInteger value = bytes(text);
        if (value == null) {
            throw new OptionException("Parameter '" + name + "' expects a non-negative number below 2^64" + SUFFIXES);
        }
        if (value.compareTo(LIMIT) >= 0) {
            throw new OptionException("Value '" + text + "' is out of range for parameter '" + name + "'");
        }
        return value.longValue();
    }

    /**
     * A size of a tree.
     *
     * @throws OptionException "Parameter 'size' expects a size value"
     */
    public static long treeSize(String name, String text) throws OptionException {
        BigInteger value = bytes(text);
        if (value == null || value.compareTo(LIMIT) >= 0) {
            throw new OptionException("Parameter '" + name + "' expects a size value");
        }
        return value.longValue();
    }

    /** Whether a size that {@link #size} takes is written as the reference means to refuse later: a hexadecimal number's suffix. */
    static boolean deprecated(String text) {
        Matcher hex = HEX_SIZE.matcher(text);
        return hex.matches() && !suffixOfHex(text, hex).isEmpty();
    }

    /** B and E are digits of a hexadecimal number before they are suffixes. */
    private static String suffixOfHex(String text, Matcher hex) {
        char last = text.charAt(text.length() - 1);
        return Character.digit(last, 16) >= 0 ? "" : hex.group(2);
    }

    private static @Nullable BigInteger integer(String text) {
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            return null;
        }
        BigInteger value = number.group(2) != null
                ? new BigInteger(number.group(2), 16)
                : number.group(3) != null ? new BigInteger(number.group(3), 8) : new BigInteger(number.group(4));
        return number.group(1).equals("-") ? value.negate() : value;
    }

    private static @Nullable BigInteger bytes(String text) {
        Matcher hex = HEX_SIZE.matcher(text);
        if (hex.matches()) {
            String suffix = suffixOfHex(text, hex);
            String digits = suffix.isEmpty() ? hex.group(1) + hex.group(2) : hex.group(1);
            return new BigInteger(digits, 16).shiftLeft(shift(suffix));
        }
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            return null;
        }
        int shift = shift(size.group(3));
        BigInteger whole = new BigInteger(size.group(1)).shiftLeft(shift);
        String fraction = size.group(2);
        if (fraction == null || fraction.length() == 1) {
            return whole;
        }
        BigDecimal part = new BigDecimal("0" + fraction);
        // Parts of a byte are none.
        if (shift == 0) {
            return part.signum() == 0 ? whole : null;
        }
        return whole.add(part.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(shift)))
                .setScale(0, RoundingMode.HALF_UP)
                .toBigInteger());
    }

    private static int shift(String suffix) {
        return suffix.isEmpty() ? 0 : 10 * "bkmgtpe".indexOf(Character.toLowerCase(suffix.charAt(0)));
    }
}
