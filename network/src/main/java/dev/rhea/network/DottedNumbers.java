package dev.rhea.network;

import java.util.OptionalInt;

/** The text form of IPv4 addresses that {@code inet_aton(3)} takes: a, a.b, a.b.c or a.b.c.d, decimal, 0octal or 0xhex. */
final class DottedNumbers {
    private DottedNumbers() {}

    static OptionalInt parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return OptionalInt.empty();
        }
        long bits = 0;
        for (int i = 0; i < parts.length; i++) {
            boolean last = i == parts.length - 1;
            long number = number(parts[i]);
            // The last number fills all bytes that are left.
            int width = last ? 8 * (4 - i) : 8;
            if (number < 0 || number >= 1L << width) {
                return OptionalInt.empty();
            }
            bits = last ? bits << width | number : bits << 8 | number;
        }
        return OptionalInt.of((int) bits);
    }

    private static long number(String text) {
        int radix = 10;
        String digits = text;
        if (text.startsWith("0x") || text.startsWith("0X")) {
            radix = 16;
            digits = text.substring(2);
        } else if (text.length() > 1 && text.startsWith("0")) {
            radix = 8;
            digits = text.substring(1);
        }
        if (digits.isEmpty() || digits.length() > 12 || Character.digit(digits.charAt(0), radix) < 0) {
            return -1;
        }
        try {
            return Long.parseLong(digits, radix);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
