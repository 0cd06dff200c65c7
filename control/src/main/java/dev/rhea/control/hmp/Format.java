package dev.rhea.control.hmp;

/**
 * {@code /10xw}: how many, in which notation, of which size. What is left open is as it was the last time.
 *
 * @param count of items
 * @param notation x, d, u, o, c, or i for instructions
 * @param size bytes: 1, 2, 4, 8
 */
record Format(int count, char notation, int size) {
    /** What a monitor begins with. */
    static final Format INITIAL = new Format(1, 'x', 4);

    /** The largest count, so that a slip of the finger does not print for hours. */
    private static final int MOST = 1 << 20;

    /** Reads one. @param text with its stroke; empty for none */
    static Format parse(String text, Format last) throws MonitorError {
        int at = 1;
        int count = 0;
        boolean counted = false;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            count = Math.min(MOST, count * 10 + text.charAt(at++) - '0');
            counted = true;
        }
        char notation = last.notation;
        int size = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
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
            size = notation == 'c' ? 1 : last.size;
        }
        return new Format(counted ? count : 1, notation, size);
    }

    /** A value of {@link #size} bytes as a column. */
    String column(long value) {
        long unsigned = size == 8 ? value : value & (1L << 8 * size) - 1;
        String text = switch (notation) {
            case 'x' -> {
                String digits = Long.toHexString(unsigned);
                yield "0x" + "0".repeat(2 * size - digits.length()) + digits;
            }
            case 'd' -> Long.toString(size == 8 ? value : unsigned);
            default -> single(unsigned);
        };
        int width = switch (notation) {
            case 'd', 'u' -> (80 * size + 32) / 33;
            case 'o' -> (8 * size + 2) / 3;
            default -> 0;
        };
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** A 64-bit value by itself. */
    String single(long value) {
        return switch (notation) {
            case 'x' -> (value == 0 ? "" : "0x") + Long.toHexString(value);
            case 'o' -> (value == 0 ? "" : "0") + Long.toOctalString(value);
            case 'u' -> Long.toUnsignedString(value);
            case 'c' -> character((int) value & 255);
            default -> Long.toString(value);
        };
    }

    private static String character(int c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '\\' -> "'\\\\'";
            case '\n' -> "'\\n'";
            case '\r' -> "'\\r'";
            default -> "'" + (c >= 32 && c < 127 ? "" + (char) c : String.format("\\x%02x", c)) + "'";
        };
    }
}
