package dev.rhea.cli;

/** Numbers and sizes as the reference's command line writes them. */
final class Numbers {
    private Numbers() {}

    /** A number in C's notation: decimal, 0x hexadecimal or 0 octal, up to 64 bits. */
    static long number(String option, String text) throws UsageError {
        try {
            if (text.startsWith("0x") || text.startsWith("0X")) {
                return Long.parseUnsignedLong(text, 2, text.length(), 16);
            }
            if (text.length() > 1 && text.charAt(0) == '0') {
                return Long.parseUnsignedLong(text, 1, text.length(), 8);
            }
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new UsageError("Invalid number for -" + option + ": '" + text + "'");
        }
    }

    private static final int PAGE = 4096;

    /** Addresses of user space have 48 bits at most, in any architecture. */
    private static final long MAX_RESERVED = 1L << 48;

    /** {@code -R}: bytes, or with one of the suffixes k, M, G. */
    static long reserved(String text) throws UsageError {
        int last = text.length() - 1;
        int shift = 0;
        String digits = text;
        if (last >= 0 && Character.digit(text.charAt(last), 16) < 0) {
            shift = switch (text.charAt(last)) {
                case 'k', 'K' -> 10;
                case 'M' -> 20;
                case 'G' -> 30;
                default -> throw new UsageError("Unrecognised -R size suffix '" + text.charAt(last) + "'");
            };
            digits = text.substring(0, last);
        }
        long units = number("R", digits);
        long bytes = units << shift;
        if (bytes >>> shift != units || Long.compareUnsigned(bytes, MAX_RESERVED) > 0) {
            throw new UsageError("Reserved virtual address too big");
        }
        if (bytes % PAGE != 0) {
            throw new UsageError("Reserved virtual address not aligned mod 4 KiB");
        }
        return bytes;
    }

    /** {@code -B}: an address. */
    static long guestBase(String text) throws UsageError {
        long base = number("B", text);
        if (base % PAGE != 0) {
            throw new UsageError("Requested guest base 0x" + Long.toHexString(base)
                    + " does not satisfy host minimum alignment (0x1000)");
        }
        return base;
    }

    /** A size in bytes, or with one of the suffixes k, M, G, T. */
    static long size(String option, String text) throws UsageError {
        int last = text.length() - 1;
        if (last < 0 || Character.digit(text.charAt(last), 16) >= 0 && text.charAt(last) < 'a') {
            return number(option, text);
        }
        int shift = switch (text.charAt(last)) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> 20;
            case 'g', 'G' -> 30;
            case 't', 'T' -> 40;
            default -> 0;
        };
        if (shift == 0) {
            if (text.startsWith("0x")) {
                return number(option, text);
            }
            throw new UsageError("Unrecognised -" + option + " size suffix '" + text.charAt(last) + "'");
        }
        long units = number(option, text.substring(0, last));
        if (units < 0 || units > Long.MAX_VALUE >> shift) {
            throw new UsageError("Size of -" + option + " is too large: '" + text + "'");
        }
        return units << shift;
    }

    /** Ranges separated by commas: {@code start+length}, {@code start-length} or {@code first..last}. */
    static LogRange range(String option, String text) throws UsageError {
        int dots = text.indexOf("..");
        if (dots > 0) {
            return ordered(
                    option, text, number(option, text.substring(0, dots)), number(option, text.substring(dots + 2)));
        }
        int plus = text.indexOf('+');
        int minus = text.indexOf('-');
        int at = plus > 0 ? plus : minus;
        if (at <= 0) {
            throw new UsageError("Bad range specifier '" + text + "' for -" + option);
        }
        long start = number(option, text.substring(0, at));
        long length = number(option, text.substring(at + 1));
        if (length == 0) {
            throw new UsageError("Invalid range '" + text + "' for -" + option);
        }
        return plus > 0
                ? ordered(option, text, start, start + length - 1)
                : ordered(option, text, start - (length - 1), start);
    }

    private static LogRange ordered(String option, String text, long first, long last) throws UsageError {
        if (Long.compareUnsigned(first, last) > 0) {
            throw new UsageError("Invalid range '" + text + "' for -" + option);
        }
        return new LogRange(first, last);
    }
}
