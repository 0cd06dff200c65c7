package dev.rhea.cli.options;

import java.util.LinkedHashMap;
import java.util.Map;

/** Where {@code -serial}, {@code -monitor}, {@code -qmp} and {@code -gdb} say that a line goes. */
public sealed interface LineTarget {
    /** Nowhere: there is no such line. */
    record None() implements LineTarget {}

    /** To a character device that an option of its own makes. */
    record Existing(String id) implements LineTarget {}

    /**
     * To a character device of its own.
     *
     * @param values for {@code ChardevOptions}, all but the {@code id}
     * @param withMonitor whether it is shared with a monitor
     */
    record Made(Map<String, String> values, boolean withMonitor) implements LineTarget {}

    /**
     * Reads the argument.
     *
     * @param group of {@code -chardev}, which knows what parameters there are
     * @throws OptionException "'bogus' is not a valid char driver", or what is wrong with a parameter
     */
    static LineTarget parse(String text, OptionGroup group) throws OptionException {
        if (text.equals("none")) {
            return new None();
        }
        if (text.startsWith("chardev:")) {
            return new Existing(text.substring("chardev:".length()));
        }
        boolean withMonitor = text.startsWith("mon:");
        String rest = withMonitor ? text.substring("mon:".length()) : text;
        Map<String, String> values = new LinkedHashMap<>(values(rest, group));
        if (withMonitor) {
            values.put("mux", "on");
            // The guest gets the keys that would end us.
            if ("stdio".equals(values.get("backend"))) {
                values.put("signal", "off");
            }
        }
        return new Made(values, withMonitor);
    }

    private static Map<String, String> values(String text, OptionGroup group) throws OptionException {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        return switch (kind) {
            case "stdio", "null", "pty" -> {
                if (colon >= 0) {
                    throw unknown(text);
                }
                yield Map.of("backend", kind);
            }
            // Their paths may hold commas as they are.
            case "file", "pipe" -> {
                if (colon < 0) {
                    throw unknown(text);
                }
                yield Map.of("backend", kind, "path", rest);
            }
            case "unix" -> {
                if (colon < 0) {
                    throw unknown(text);
                }
                yield socket(group, "path=" + rest, Map.of());
            }
            case "tcp", "telnet" -> {
                if (colon < 0) {
                    throw unknown(text);
                }
                yield tcp(rest, kind.equals("telnet") ? Map.of("telnet", "on") : Map.of(), text, group);
            }
            case "udp" -> {
                if (colon < 0) {
                    throw unknown(text);
                }
                yield udp(rest);
            }
            default -> throw unknown(text);
        };
    }

    private static OptionException unknown(String text) {
        return new OptionException("'" + text + "' is not a valid char driver\n"
                + "Known are stdio, null, none, pty, file:PATH, pipe:PATH, unix:PATH, tcp:HOST:PORT, telnet:HOST:PORT,"
                + " udp:HOST:PORT, chardev:ID, and mon: before these.");
    }

    private static Map<String, String> tcp(String rest, Map<String, String> more, String text, OptionGroup group)
            throws OptionException {
        int comma = rest.indexOf(',');
        String place = comma < 0 ? rest : rest.substring(0, comma);
        String parameters = comma < 0 ? "" : rest.substring(comma);
        // An IPv6 address may stand in brackets.
        int end = place.startsWith("[") ? place.indexOf(']') + 1 : place.indexOf(':');
        if (end <= 0 && !place.startsWith(":") || end < 0 || end >= place.length() || place.charAt(end) != ':') {
            throw new OptionException("'" + text + "' does not name a host and a port\nWrite HOST:PORT, or :PORT");
        }
        String host = place.substring(0, end).replaceAll("^\\[|]$", "");
        Map<String, String> values = new LinkedHashMap<>(more);
        values.put("host", host);
        return socket(group, "port=" + place.substring(end + 1) + parameters, values);
    }

    private static Map<String, String> socket(OptionGroup group, String parameters, Map<String, String> before)
            throws OptionException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("backend", "socket");
        values.putAll(before);
        // Flags alone are not frowned upon here: they are what everybody writes.
        values.putAll(group.normalized(group.parse(parameters, warning -> {})));
        return values;
    }

    /** HOST:PORT, then maybe {@literal @}HOST:PORT of our end. */
    private static Map<String, String> udp(String rest) throws OptionException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("backend", "udp");
        int split = rest.indexOf('@');
        String remote = split < 0 ? rest : rest.substring(0, split);
        place(remote, "host", "port", values);
        if (split >= 0) {
            place(rest.substring(split + 1), "localaddr", "localport", values);
        }
        return values;
    }

    private static void place(String text, String host, String port, Map<String, String> values)
            throws OptionException {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new OptionException("'udp:" + text + "' does not name a host and a port\nWrite HOST:PORT, or :PORT");
        }
        values.put(host, text.substring(0, colon).replaceAll("^\\[|]$", ""));
        values.put(port, text.substring(colon + 1));
    }
}
