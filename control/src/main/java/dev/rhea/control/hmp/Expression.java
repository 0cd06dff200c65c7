package dev.rhea.control.hmp;

/**
 * A number in a command: sums of bit operations of products of numbers, characters in quotes and registers ({@code $pc}), with
 * parentheses. Numbers are unsigned 64-bit ones; what overflows is cut off.
 */
final class Expression {
    private final Session session;
    private final String text;
    private int at;

    /** @param at where it begins */
    Expression(Session session, String text, int at) {
        this.session = session;
        this.text = text;
        this.at = at;
    }

    /** Where it ended. */
    int end() {
        return at;
    }

    /** Reads it. */
    long value() throws MonitorError {
        long sum = bits();
        for (char sign = next(); sign == '+' || sign == '-'; sign = next()) {
            at++;
            long right = bits();
            sum += sign == '+' ? right : -right;
        }
        return sum;
    }

    private long bits() throws MonitorError {
        long value = product();
        for (char sign = next(); sign == '&' || sign == '|' || sign == '^'; sign = next()) {
            at++;
            long right = product();
            value = switch (sign) {
                case '&' -> value & right;
                case '|' -> value | right;
                default -> value ^ right;
            };
        }
        return value;
    }

    private long product() throws MonitorError {
        long value = unary();
        for (char sign = next(); sign == '*' || sign == '/' || sign == '%'; sign = next()) {
            at++;
            long right = unary();
            if (sign != '*' && right == 0) {
                throw MonitorError.misread("division by zero");
            }
            value = switch (sign) {
                case '*' -> value * right;
                case '/' -> value / right;
                default -> value % right;
            };
        }
        return value;
    }

    private long unary() throws MonitorError {
        char c = next();
        switch (c) {
            case '+' -> {
                at++;
                return unary();
            }
            case '-' -> {
                at++;
                return -unary();
            }
            case '~' -> {
                at++;
                return ~unary();
            }
            case '(' -> {
                at++;
                long value = value();
                if (next() != ')') {
                    throw MonitorError.misread("')' expected");
                }
                at++;
                return value;
            }
            case '\'' -> {
                return character();
            }
            case '$' -> {
                return register();
            }
            case 0 -> throw MonitorError.misread("unexpected end of expression");
            default -> {
                if (c < '0' || c > '9') {
                    throw MonitorError.misread("invalid char '" + c + "' in expression");
                }
                return number();
            }
        }
    }

    private long character() throws MonitorError {
        if (at + 2 >= text.length() || text.charAt(at + 2) != '\'') {
            at = text.length();
            throw MonitorError.misread("missing terminating ' character");
        }
        at += 3;
        return text.charAt(at - 2);
    }

    private long register() throws MonitorError {
        int start = ++at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String name = text.substring(start, at);
        long[] value = new long[1];
        session.still(() -> value[0] =
                session.processor().register(name).orElseThrow(() -> MonitorError.misread("unknown register")));
        return value[0];
    }

    /** As C reads it: octal after 0, hexadecimal after 0x. It ends where digits do. */
    private long number() throws MonitorError {
        int radix = 10;
        int start = at;
        if (text.charAt(at) == '0') {
            boolean hex = at + 2 < text.length()
                    && (text.charAt(at + 1) | ' ') == 'x'
                    && Character.digit(text.charAt(at + 2), 16) >= 0;
            radix = hex ? 16 : 8;
            start = hex ? at + 2 : at;
        }
        at = start;
        while (at < text.length() && text.charAt(at) < 128 && Character.digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        try {
            return Long.parseUnsignedLong(text.substring(start, at), radix);
        } catch (NumberFormatException e) {
            throw MonitorError.misread("number too large");
        }
    }

    /** The next character that is no blank; 0 at the end. */
    private char next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }
}
