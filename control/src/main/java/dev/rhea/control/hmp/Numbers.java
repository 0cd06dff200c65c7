package dev.rhea.control.hmp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expressions in commands: sums and differences of numbers and of registers, {@code $pc + 0x10}. */
final class Numbers {
    private static final Pattern TERM = Pattern.compile("\\s*([-+]?)\\s*(\\$?[0-9a-zA-Z_]+)");

    private Numbers() {}

    static long parse(Session session, String text) throws MonitorError {
        Matcher matcher = TERM.matcher(text);
        long sum = 0;
        int at = 0;
        while (matcher.find(at) && matcher.start() == at) {
            if (at > 0 && matcher.group(1).isEmpty()) {
                break;
            }
            long value = term(session, matcher.group(2));
            sum += matcher.group(1).equals("-") ? -value : value;
            at = matcher.end();
        }
        if (at == 0 || !text.substring(at).isBlank()) {
            throw MonitorError.misread("unexpected end of expression");
        }
        return sum;
    }

    private static long term(Session session, String word) throws MonitorError {
        if (word.startsWith("$")) {
            String name = word.substring(1);
            long[] value = new long[1];
            session.still(() -> value[0] =
                    session.processor().register(name).orElseThrow(() -> MonitorError.misread("unknown register")));
            return value[0];
        }
        try {
            return word.startsWith("0x") || word.startsWith("0X")
                    ? Long.parseUnsignedLong(word.substring(2), 16)
                    : word.length() > 1 && word.startsWith("0")
                            ? Long.parseUnsignedLong(word, 8)
                            : Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw MonitorError.misread("invalid char '" + word.charAt(0) + "' in expression");
        }
    }

    /** The command {@code print}. */
    static void print(Session session, String arguments) throws MonitorError {
        Format format = Format.parse(arguments, new Format(1, 'x', 8));
        long value = parse(session, format.rest());
        // Not a column: no digits in front.
        session.line(
                format.notation() == 'x'
                        ? "0x" + Long.toHexString(value)
                        : format.text(value, 8).strip());
    }
}
