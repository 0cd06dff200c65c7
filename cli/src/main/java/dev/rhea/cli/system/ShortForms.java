package dev.rhea.cli.system;

import dev.rhea.cli.UsageError;
import java.util.LinkedHashMap;
import java.util.Map;

/** Character back ends as {@code -serial} and {@code -monitor} name them: {@code stdio}, {@code unix:path,server=on}. */
final class ShortForms {
    private ShortForms() {}

    static Map<String, String> parse(String text) throws UsageError {
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
                values.putAll(KeyValues.parse(rest, "path").rest());
            }
            case "tcp", "telnet" -> {
                values.put("backend", "socket");
                int comma = rest.indexOf(',');
                String place = comma < 0 ? rest : rest.substring(0, comma);
                int last = place.lastIndexOf(':');
                if (last < 0) {
                    throw new UsageError("'" + text + "' has no port: write " + kind + ":host:port");
                }
                values.put("host", place.substring(0, last).isEmpty() ? "localhost" : place.substring(0, last));
                values.put("port", place.substring(last + 1));
                if (kind.equals("telnet")) {
                    values.put("telnet", "on");
                }
                if (comma >= 0) {
                    values.putAll(
                            KeyValues.parse(rest.substring(comma + 1), null).rest());
                }
            }
            default -> throw new UsageError("could not connect serial device to character backend '" + text + "'");
        }
        return values;
    }
}
