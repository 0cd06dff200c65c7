package dev.rhea.cli.system;

import dev.rhea.cli.UsageError;
import java.math.BigDecimal;
import java.util.Locale;

/** Sizes with suffixes, as the reference writes them. */
final class Sizes {
    private Sizes() {}

    /** A size in bytes, or with one of the suffixes B, K, M, G, T, P, E; fractions are allowed with a suffix. */
    static long bytes(String key, String text) throws UsageError {
        return parse(key, text, 0);
    }

    /** The same where a number alone means MiB. */
    static long megabytes(String key, String text) throws UsageError {
        return parse(key, text, 20);
    }

    private static long parse(String key, String text, int shift) throws UsageError {
        String upper = text.toUpperCase(Locale.ROOT);
        int suffix = upper.isEmpty() ? -1 : "BKMGTPE".indexOf(upper.charAt(upper.length() - 1));
        boolean hex = upper.startsWith("0X");
        String digits = suffix >= 0 && !hex ? text.substring(0, text.length() - 1) : text;
        int bits = suffix >= 0 && !hex ? 10 * suffix : shift;
        try {
            BigDecimal value =
                    hex ? new BigDecimal(new java.math.BigInteger(digits.substring(2), 16)) : new BigDecimal(digits);
            BigDecimal bytes = value.multiply(BigDecimal.valueOf(2).pow(bits));
            if (value.signum() < 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
                throw new NumberFormatException(text);
            }
            return bytes.longValue();
        } catch (NumberFormatException e) {
            throw new UsageError(
                    "Parameter '" + key + "' expects a non-negative number below 2^64\n"
                            + "Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-\nand exabytes, respectively.");
        }
    }
}
