package dev.rhea.cli.system;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rhea.block.BadDriveException;
import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.cli.options.Identifiers;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The nodes that {@code -blockdev} describes. They are opened when all were read, each with what it stands on. */
final class BlockNodes {
    /** What a parameter's value is. */
    private enum Kind {
        TEXT("string"),
        FLAG("boolean"),
        NUMBER("integer"),
        DISCARD("string"),
        ZEROES("string"),
        AIO("string"),
        ON_OFF_AUTO("string"),
        CACHE("object"),
        NODE("string or object");

        private final String json;

        Kind(String json) {
            this.json = json;
        }
    }

    private static final int LONGEST_NAME = 31;

    private static final Map<String, Kind> COMMON = Map.of(
            "read-only", Kind.FLAG,
            "auto-read-only", Kind.FLAG,
            "force-share", Kind.FLAG,
            "discard", Kind.DISCARD,
            "detect-zeroes", Kind.ZEROES,
            "cache", Kind.CACHE,
            "driver", Kind.TEXT,
            "node-name", Kind.TEXT);

    private static final Map<String, Kind> FILE =
            Map.of("filename", Kind.TEXT, "aio", Kind.AIO, "locking", Kind.ON_OFF_AUTO);

    private static final Map<String, Kind> NULL =
            Map.of("size", Kind.NUMBER, "read-zeroes", Kind.FLAG, "latency-ns", Kind.NUMBER);

    private static final Map<String, Map<String, Kind>> DRIVERS = Map.of(
            "file", FILE,
            "host_device", FILE,
            "null-aio", NULL,
            "null-co", NULL,
            "raw", Map.of("file", Kind.NODE, "offset", Kind.NUMBER, "size", Kind.NUMBER));

    /**
     * A node.
     *
     * @param drive what {@link DriveOptions} are made of
     * @param child the name of the node it stands on; null where that is part of {@code drive}, or there is none
     */
    private record Node(Map<String, String> drive, @Nullable String child, OptionUse use) {}

    private final Map<String, Node> nodes = new LinkedHashMap<>();

    /** Reads one option. */
    void add(OptionUse use) throws OptionException {
        if (!(use.data() instanceof OptionData.Tree tree)) {
            throw new IllegalStateException("-blockdev is a tree");
        }
        if (tree.helpWanted()) {
            throw new OptionException("Help is not available for this option\nDrivers are "
                    + String.join(", ", DRIVERS.keySet().stream().sorted().toList()));
        }
        String name = name(tree.root());
        Node node = node(tree.root(), "", tree.untyped(), use);
        if (name == null) {
            throw new OptionException("'node-name' must be specified for the root node");
        }
        put(name, node);
    }

    private void put(String name, Node node) throws OptionException {
        if (nodes.putIfAbsent(name, node) != null) {
            throw new OptionException("Duplicate nodes with node-name='" + name + "'");
        }
    }

    private static @Nullable String name(JsonObject description) throws OptionException {
        JsonElement name = description.get("node-name");
        if (name == null || !name.isJsonPrimitive()) {
            return null;
        }
        String text = name.getAsString();
        if (!Identifiers.wellFormed(text)) {
            throw new OptionException("Invalid node-name: '" + text + "'");
        }
        if (text.length() > LONGEST_NAME) {
            throw new OptionException("Node name too long");
        }
        return text;
    }

    /** @param path of what is described, with a dot behind it, for messages; empty for the option's own node */
    private Node node(JsonObject description, String path, boolean untyped, OptionUse use) throws OptionException {
        JsonElement named = description.get("driver");
        if (named == null) {
            throw new OptionException("Parameter '" + path + "driver' is missing");
        }
        String driver = text(named, path + "driver", Kind.TEXT);
        Map<String, Kind> known = DRIVERS.get(driver);
        if (known == null) {
            throw new OptionException(Suggestion.after(
                    "Parameter '" + path + "driver' does not accept value '" + driver + "'", driver, DRIVERS.keySet()));
        }
        Map<String, String> drive = new LinkedHashMap<>();
        drive.put("format", driver.startsWith("null-") ? driver : "raw");
        String child = null;
        for (Map.Entry<String, JsonElement> each : description.entrySet()) {
            String name = each.getKey();
            Kind kind = known.containsKey(name) ? known.get(name) : COMMON.get(name);
            if (kind == null) {
                List<String> names = new ArrayList<>(known.keySet());
                names.addAll(COMMON.keySet());
                throw new OptionException(
                        Suggestion.after("Parameter '" + path + name + "' is unexpected", name, names));
            }
            JsonElement value = each.getValue();
            if (kind == Kind.NODE) {
                if (value.isJsonObject()) {
                    JsonObject below = value.getAsJsonObject();
                    Node inner = node(below, path + name + ".", untyped, use);
                    String innerName = name(below);
                    if (innerName == null) {
                        child = "#block" + nodes.size();
                        nodes.put(child, inner);
                    } else {
                        child = innerName;
                        put(innerName, inner);
                    }
                } else {
                    child = text(value, path + name, kind);
                }
            } else if (kind == Kind.CACHE) {
                cache(value, path + name, untyped, drive::put);
            } else {
                parameter(name, path + name, kind, value, untyped, drive);
            }
        }
        String needed = known == FILE ? "filename" : driver.equals("raw") ? "file" : null;
        if (needed != null && !description.has(needed)) {
            throw new OptionException("Parameter '" + path + needed + "' is missing");
        }
        check(drive);
        return new Node(drive, child, use);
    }

    /** What is wrong with values is said where they stand, not where the node is opened. */
    private static void check(Map<String, String> drive) throws OptionException {
        try {
            DriveOptions.of(drive);
        } catch (BadDriveException e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
    }

    private static void cache(JsonElement value, String path, boolean untyped, BiConsumer<String, String> to)
            throws OptionException {
        if (!value.isJsonObject()) {
            throw new OptionException("Invalid parameter type for '" + path + "', expected: object");
        }
        for (Map.Entry<String, JsonElement> each : value.getAsJsonObject().entrySet()) {
            String name = each.getKey();
            if (!name.equals("direct") && !name.equals("no-flush")) {
                throw new OptionException(Suggestion.after(
                        "Parameter '" + path + "." + name + "' is unexpected", name, List.of("direct", "no-flush")));
            }
            to.accept("cache." + name, flag(each.getValue(), path + "." + name, untyped) ? "on" : "off");
        }
    }

    private static void parameter(
            String name, String path, Kind kind, JsonElement value, boolean untyped, Map<String, String> drive)
            throws OptionException {
        switch (kind) {
            case FLAG -> {
                String flag = flag(value, path, untyped) ? "on" : "off";
                switch (name) {
                    case "read-only" -> drive.put("readonly", flag);
                    case "read-zeroes" -> drive.put(name, flag);
                    case "auto-read-only" -> drive.put("auto", flag);
                    default -> {
                        if (flag.equals("on")) {
                            throw new OptionException(name + "=on is not there yet");
                        }
                    }
                }
            }
            case NUMBER -> {
                long number = number(value, path, untyped);
                if (name.equals("size") || name.equals("offset")) {
                    drive.put(name, Long.toString(number));
                }
            }
            case DISCARD -> drive.put(name, choice(value, path, kind, List.of("ignore", "unmap")));
            case ZEROES -> drive.put(name, choice(value, path, kind, List.of("off", "on", "unmap")));
            case AIO -> drive.put(name, choice(value, path, kind, List.of("threads", "native", "io_uring")));
            case ON_OFF_AUTO -> drive.put("file.locking", choice(value, path, kind, List.of("auto", "on", "off")));
            default -> {
                if (name.equals("filename")) {
                    drive.put("file", text(value, path, kind));
                }
            }
        }
    }

    private static String text(JsonElement value, String path, Kind kind) throws OptionException {
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new OptionException("Invalid parameter type for '" + path + "', expected: " + kind.json);
        }
        return value.getAsString();
    }

    private static String choice(JsonElement value, String path, Kind kind, List<String> choices)
            throws OptionException {
        String text = text(value, path, kind);
        if (!choices.contains(text)) {
            throw new OptionException(
                    Suggestion.after("Parameter '" + path + "' does not accept value '" + text + "'", text, choices));
        }
        return text;
    }

    private static boolean flag(JsonElement value, String path, boolean untyped) throws OptionException {
        if (untyped && value.isJsonPrimitive()) {
            return Quantities.flag(path, value.getAsString());
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
            throw new OptionException("Invalid parameter type for '" + path + "', expected: boolean");
        }
        return value.getAsBoolean();
    }

    private static long number(JsonElement value, String path, boolean untyped) throws OptionException {
        if (!value.isJsonPrimitive() || !untyped && !value.getAsJsonPrimitive().isNumber()) {
            throw new OptionException("Invalid parameter type for '" + path + "', expected: integer");
        }
        try {
            return Quantities.signed(path, value.getAsString());
        } catch (OptionException e) {
            throw new OptionException("Parameter '" + path + "' expects integer");
        }
    }

    /** Opens those that no other stands on. @param to takes a name and its drive */
    void open(boolean snapshot, BiConsumer<String, Drive> to) throws OptionException {
        Set<String> children = new HashSet<>();
        for (Node node : nodes.values()) {
            String child = node.child;
            if (child != null && !nodes.containsKey(child)) {
                throw node.use.wrong(Suggestion.after(
                        "Cannot find device='" + child + "' nor node-name='" + child + "'", child, nodes.keySet()));
            }
            if (child != null && !children.add(child)) {
                throw node.use.wrong("Node '" + child + "' is in use by another node");
            }
        }
        for (Map.Entry<String, Node> each : nodes.entrySet()) {
            if (!children.contains(each.getKey())) {
                Node node = each.getValue();
                try {
                    Map<String, String> values = whole(each.getKey(), new HashSet<>());
                    readOnlyIfNeeded(values);
                    values.put(Drive.NODE_NAME, each.getKey());
                    if (snapshot) {
                        values.put("snapshot", "on");
                    }
                    to.accept(each.getKey(), Drive.open(DriveOptions.of(values), false));
                } catch (BadDriveException e) {
                    throw node.use.wrong(String.valueOf(e.getMessage()));
                } catch (OptionException e) {
                    throw node.use.wrong(e);
                }
            }
        }
        for (String name : nodes.keySet()) {
            cycle(name);
        }
    }

    /** Nodes that stand on each other have no bottom, and so none is opened. */
    private void cycle(String name) throws OptionException {
        Node node = Objects.requireNonNull(nodes.get(name));
        Set<String> seen = new HashSet<>();
        for (String at = name; at != null; at = Objects.requireNonNull(nodes.get(at)).child) {
            if (!seen.add(at)) {
                throw node.use.wrong("Node '" + name + "' stands on itself");
            }
        }
    }

    /** A node's values together with those of what it stands on. */
    private Map<String, String> whole(String name, Set<String> seen) throws OptionException {
        Node node = Objects.requireNonNull(nodes.get(name));
        String child = node.child;
        if (child == null) {
            return new LinkedHashMap<>(node.drive);
        }
        if (!seen.add(name)) {
            throw new OptionException("Node '" + name + "' stands on itself");
        }
        Map<String, String> values = whole(child, seen);
        boolean unmap = "unmap".equals(values.get("discard")) && "unmap".equals(node.drive.get("discard"));
        values.put("discard", unmap ? "unmap" : "ignore");
        if ("on".equals(node.drive.get("readonly"))) {
            values.put("readonly", "on");
        }
        for (String part : List.of("offset", "size")) {
            String value = node.drive.get(part);
            if (value != null) {
                if (values.containsKey(part)
                        && !values.getOrDefault("format", "").startsWith("null-")) {
                    throw new OptionException("a part of a part is not there: give " + part + " once");
                }
                values.put(part, value);
            }
        }
        String zeroes = node.drive.get("detect-zeroes");
        if (zeroes != null) {
            values.put("detect-zeroes", zeroes);
        }
        if ("unmap".equals(values.get("detect-zeroes")) && !unmap) {
            values.put("detect-zeroes", "on");
        }
        return values;
    }

    /** {@code auto-read-only=on}: a file that may not be written to is opened for reading. */
    private static void readOnlyIfNeeded(Map<String, String> values) {
        boolean auto = "on".equals(values.remove("auto"));
        String file = values.get("file");
        if (auto && file != null && !Files.isWritable(Path.of(file)) && Files.isReadable(Path.of(file))) {
            values.put("readonly", "on");
        }
    }
}
