package dev.rhea.cli.options;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;

/**
 * Reads JSON (RFC 8259) as the reference does, which also takes strings in single quotes and refuses duplicate keys; with its
 * messages, which gson's own reader does not have.
 */
public final class JsonText {
    /** How deep arrays and objects may be in each other. */
    private static final int DEPTH = 1024;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    /**
     * Reads one value.
     *
     * @throws OptionException "JSON parse error, " and what is wrong
     */
    public static JsonElement parse(String text) throws OptionException {
        JsonText reader = new JsonText(text);
        JsonElement value = reader.value();
        if (!reader.atEnd()) {
            throw new OptionException("Expecting at most one JSON value");
        }
        return value;
    }

    private boolean atEnd() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at == text.length();
    }

    private static OptionException error(String what) {
        return new OptionException("JSON parse error, " + what);
    }

    private char peek() throws OptionException {
        if (atEnd()) {
            throw error("premature EOI");
        }
        return text.charAt(at);
    }

    private JsonElement value() throws OptionException {
        char c = peek();
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"', '\'' -> new JsonPrimitive(string(c));
            case '}', ']', ',', ':' -> throw error("expecting value");
            default -> {
                if (c == '-' || c >= '0' && c <= '9') {
                    yield number();
                }
                if (c >= 'a' && c <= 'z') {
                    yield keyword();
                }
                throw error("stray '" + c + "'");
            }
        };
    }

    private void enter() throws OptionException {
        at++;
        if (++depth > DEPTH) {
            throw new OptionException("JSON nesting depth limit exceeded");
        }
    }

    private JsonObject object() throws OptionException {
        enter();
        JsonObject object = new JsonObject();
        if (peek() != '}') {
            while (true) {
                JsonElement key = value();
                if (!(key instanceof JsonPrimitive name && name.isString())) {
                    throw error("key is not a string in object");
                }
                if (peek() != ':') {
                    throw error("missing : in object pair");
                }
                at++;
                JsonElement value = value();
                if (object.has(name.getAsString())) {
                    throw error("duplicate key");
                }
                object.add(name.getAsString(), value);
                if (peek() == '}') {
                    break;
                }
                if (peek() != ',') {
                    throw error("expected separator in dict");
                }
                at++;
            }
        }
        at++;
        depth--;
        return object;
    }

    private JsonArray array() throws OptionException {
        enter();
        JsonArray array = new JsonArray();
        if (peek() != ']') {
            while (true) {
                array.add(value());
                if (peek() == ']') {
                    break;
                }
                if (peek() != ',') {
                    throw error("expected separator in list");
                }
                at++;
            }
        }
        at++;
        depth--;
        return array;
    }

    private JsonElement keyword() throws OptionException {
        int from = at;
        while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        String word = text.substring(from, at);
        return switch (word) {
            case "true" -> new JsonPrimitive(true);
            case "false" -> new JsonPrimitive(false);
            case "null" -> JsonNull.INSTANCE;
            default -> throw error("invalid keyword '" + word + "'");
        };
    }

    private JsonPrimitive number() throws OptionException {
        int from = at;
        boolean whole = true;
        if (text.charAt(at) == '-') {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '0') {
            at++;
            if (digit()) {
                throw stray(from);
            }
        } else {
            digits(from);
        }
        if (at < text.length() && text.charAt(at) == '.') {
            whole = false;
            at++;
            digits(from);
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            whole = false;
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            digits(from);
        }
        String number = text.substring(from, at);
        if (whole) {
            BigInteger value = new BigInteger(number);
            if (value.bitLength() <= 63) {
                return new JsonPrimitive(value.longValueExact());
            }
            if (value.signum() > 0 && value.bitLength() <= 64) {
                return new JsonPrimitive(value);
            }
        }
        return new JsonPrimitive(Double.parseDouble(number));
    }

    private boolean digit() {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    private void digits(int from) throws OptionException {
        if (!digit()) {
            throw stray(from);
        }
        while (digit()) {
            at++;
        }
    }

    /** What was read of a thing up to the character that does not belong there. */
    private OptionException stray(int from) {
        return error("stray '" + text.substring(from, Math.min(at + 1, text.length())) + "'");
    }

    private String string(char quote) throws OptionException {
        int from = at++;
        StringBuilder string = new StringBuilder();
        while (true) {
            if (at == text.length() || text.charAt(at) < ' ') {
                throw error("stray '" + text.substring(from, at) + "'");
            }
            char c = text.charAt(at++);
            if (c == quote) {
                return string.toString();
            }
            string.append(c == '\\' ? escape(from, quote) : c);
        }
    }

    private char escape(int from, char quote) throws OptionException {
        if (at == text.length()) {
            throw error("stray '" + text.substring(from, at) + "'");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\'', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode(quote);
            default -> throw error("invalid escape sequence in string");
        };
    }

    /** After \\u: four digits; half a pair only with its other half. */
    private char unicode(char quote) throws OptionException {
        char unit = unit(quote);
        if (Character.isLowSurrogate(unit)
                        && !(at >= 12 && text.startsWith("\\u", at - 12) && Character.isHighSurrogate(unitAt(at - 10)))
                || Character.isHighSurrogate(unit)
                        && !(text.startsWith("\\u", at) && Character.isLowSurrogate(unitAt(at + 2)))) {
            throw error("\\u" + text.substring(at - 4, at) + " is not a valid Unicode character");
        }
        return unit;
    }

    private char unit(char quote) throws OptionException {
        int end = at;
        while (end < text.length() && end < at + 4) {
            char c = text.charAt(end++);
            if (c == quote) {
                break;
            }
        }
        String digits = text.substring(at, end);
        if (digits.length() < 4 || !digits.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            throw error("\\u" + digits + " is not a valid Unicode character");
        }
        at = end;
        return (char) Integer.parseInt(digits, 16);
    }

    private char unitAt(int where) {
        try {
            return (char) Integer.parseInt(text.substring(where, Math.min(where + 4, text.length())), 16);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
