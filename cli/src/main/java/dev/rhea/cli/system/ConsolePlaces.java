package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Character back ends as {@code -serial} and {@code -monitor} name them: {@code stdio}, {@code unix:path,server=on}. */
final class ConsolePlaces {
    private ConsolePlaces() {}

    /** The parameters that {@code -chardev} would have for it, without an id. */
    static Map<String, String> parse(String text) throws OptionException {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        Map<String, String> values = new LinkedHashMap<>();
        switch (kind) {
            case "stdio", "null", "pty" -> values.put("backend", kind);
            case "file", "pipe" -> {
                values.put("backend", kind);
                values.put("path", rest);
            }
            case "unix" -> {
                values.put("backend", "socket");
                int comma = rest.indexOf(',');
                values.put("path", comma < 0 ? rest : rest.substring(0, comma));
                more(rest, comma, values);
            }
            case "tcp", "telnet" -> {
                values.put("backend", "socket");
                int comma = rest.indexOf(',');
                String place = comma < 0 ? rest : rest.substring(0, comma);
                int last = place.lastIndexOf(':');
                if (last < 0) {
                    throw new OptionException("'" + text + "' has no port: write " + kind + ":host:port");
                }
                String host = place.substring(0, last);
                values.put("host", host.isEmpty() ? "localhost" : host);
                values.put("port", place.substring(last + 1));
                if (kind.equals("telnet")) {
                    values.put("telnet", "on");
                }
                more(rest, comma, values);
            }
            default -> throw new OptionException("'" + text + "' is not a valid char driver name");
        }
        return values;
    }

    private static void more(String text, int comma, Map<String, String> to) {
        if (comma < 0) {
            return;
        }
        for (String part : text.substring(comma + 1).split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                to.put(part.substring(0, equals), part.substring(equals + 1));
            } else if (part.startsWith("no") && !part.equals("nodelay")) {
                to.put(part.substring(2), "off");
            } else {
                to.put(part, "on");
            }
        }
    }
}
