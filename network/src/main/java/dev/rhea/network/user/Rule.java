package dev.rhea.network.user;

import dev.rhea.network.IpAddress;
import org.jspecify.annotations.Nullable;

/** The text of a forwarding rule, from left to right. */
final class Rule {
    private String rest;

    Rule(String text) {
        rest = text;
    }

    /** What stands before the next {@code separator}; null, and nothing is taken, if there is none. */
    @Nullable
    String until(char separator) {
        int at = rest.indexOf(separator);
        if (at < 0) {
            return null;
        }
        String part = rest.substring(0, at);
        rest = rest.substring(at + 1);
        return part;
    }

    String rest() {
        return rest;
    }

    /** An IPv4 address, 0.0.0.0 for an empty text, or null if it is none. */
    static @Nullable IpAddress address(String text) {
        if (text.isEmpty()) {
            return IpAddress.ANY4;
        }
        try {
            IpAddress address = IpAddress.parse(text);
            return address.isV4() ? address : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A number as C writes it (decimal, 0octal, 0xhex); 0 for an empty text, -1 if it is none or too large. */
    static int number(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return text.startsWith("-") ? -1 : Integer.decode(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
