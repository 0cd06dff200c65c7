package dev.rhea.control.hmp;

/**
 * {@code /10xw}: how many, in which notation, of which size.
 *
 * @param count of items
 * @param notation x, d, u, o, c, or i for instructions
 * @param size bytes: 1, 2, 4, 8
 * @param rest what follows
 */
record Format(int count, char notation, int size, String rest) {
    Format(int count, char notation, int size) {
        this(count, notation, size, "");
    }

    /** The largest count, so that a slip of the finger does not print for hours. */
    private static final int MOST = 1 << 20;

    static Format parse(String text, Format initial) throws MonitorError {
        if (!text.startsWith("/")) {
            return new Format(initial.count, initial.notation, initial.size, text);
        }
        int at = 1;
        int count = 0;
        boolean counted = false;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            count = Math.min(MOST, count * 10 + text.charAt(at++) - '0');
            counted = true;
        }
        char notation = initial.notation;
        int size = 0;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            char c = text.charAt(at++);
            switch (c) {
                case 'o', 'd', 'u', 'x', 'i', 'c' -> notation = c;
                case 'b' -> size = 1;
                case 'h' -> size = 2;
                case 'w' -> size = 4;
                case 'g', 'L' -> size = 8;
                default -> throw MonitorError.misread("invalid char in format: '" + c + "'");
            }
        }
        if (size == 0) {
            size = notation == 'c' ? 1 : initial.size;
        }
        return new Format(
                counted ? count : initial.count,
                notation,
                size,
                text.substring(at).strip());
    }

    /** A value of so many bytes, padded as columns are. */
    String text(long value, int bytes) {
        long unsigned = bytes == 8 ? value : value & (1L << 8 * bytes) - 1;
        long signed = value << 64 - 8 * bytes >> 64 - 8 * bytes;
        return switch (notation) {
            case 'x' -> "0x" + String.format("%0" + 2 * bytes + "x", unsigned);
            case 'o' -> "0" + Long.toOctalString(unsigned);
            case 'u' -> Long.toUnsignedString(unsigned);
            case 'c' ->
                "'" + (unsigned >= 32 && unsigned < 127 ? (char) unsigned : String.format("\\x%02x", unsigned)) + "'";
            default -> Long.toString(signed);
        };
    }
}
