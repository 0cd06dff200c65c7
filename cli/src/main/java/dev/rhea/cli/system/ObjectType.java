package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.Quantities;
import dev.rhea.cli.options.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A kind of {@code -object}.
 *
 * @param properties all but {@code id}, by name
 */
record ObjectType(String name, List<Property> properties) {
    /** What a value is. */
    enum Kind {
        TEXT("string"),
        FLAG("bool"),
        NUMBER("int"),
        SIZE("int"),
        POLICY("HostMemPolicy"),
        DIRECTION("NetFilterDirection"),
        FORMAT("QCryptoSecretFormat");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** A property. @param help a line, or empty */
    record Property(String name, Kind kind, boolean required, String help) {
        Property(String name, Kind kind) {
            this(name, kind, false, "");
        }
    }

    /** How wide the help's first column is. */
    private static final int COLUMN = 24;

    /** All that there are, by name. */
    static final List<ObjectType> ALL = List.of(
            new ObjectType(
                    "filter-dump",
                    List.of(
                            new Property("file", Kind.TEXT, true, ""),
                            new Property("insert", Kind.TEXT),
                            new Property("maxlen", Kind.NUMBER),
                            new Property("netdev", Kind.TEXT, true, ""),
                            new Property("position", Kind.TEXT),
                            new Property("queue", Kind.DIRECTION),
                            new Property("status", Kind.TEXT))),
            new ObjectType(
                    "iothread",
                    List.of(
                            new Property("aio-max-batch", Kind.NUMBER),
                            new Property("poll-grow", Kind.NUMBER),
                            new Property("poll-max-ns", Kind.NUMBER),
                            new Property("poll-shrink", Kind.NUMBER),
                            new Property("thread-pool-max", Kind.NUMBER),
                            new Property("thread-pool-min", Kind.NUMBER))),
            new ObjectType("memory-backend-file", memory(true)),
            new ObjectType("memory-backend-ram", memory(false)),
            new ObjectType("rng-builtin", List.of()),
            new ObjectType("rng-random", List.of(new Property("filename", Kind.TEXT))),
            new ObjectType(
                    "secret",
                    List.of(
                            new Property("data", Kind.TEXT),
                            new Property("file", Kind.TEXT),
                            new Property("format", Kind.FORMAT),
                            new Property("iv", Kind.TEXT),
                            new Property("keyid", Kind.TEXT))));

    private static List<Property> memory(boolean file) {
        List<Property> properties = new ArrayList<>();
        if (file) {
            properties.add(new Property("align", Kind.SIZE));
            properties.add(new Property("discard-data", Kind.FLAG));
        }
        properties.add(new Property("dump", Kind.FLAG, false, "Set to 'off' to exclude from core dump"));
        properties.add(new Property("host-nodes", Kind.NUMBER, false, "Binds memory to the list of NUMA host nodes"));
        if (file) {
            properties.add(new Property("mem-path", Kind.TEXT, true, ""));
        }
        properties.add(new Property("merge", Kind.FLAG, false, "Mark memory as mergeable"));
        properties.add(new Property("policy", Kind.POLICY, false, "Set the NUMA policy"));
        properties.add(new Property("prealloc", Kind.FLAG, false, "Preallocate memory"));
        properties.add(
                new Property("prealloc-threads", Kind.NUMBER, false, "Number of CPU threads to use for prealloc"));
        if (file) {
            properties.add(new Property("readonly", Kind.FLAG));
        }
        properties.add(new Property("reserve", Kind.FLAG, false, "Reserve swap space (or huge pages) if applicable"));
        properties.add(new Property("share", Kind.FLAG, false, "Mark the memory as private to QEMU or shared"));
        properties.add(new Property("size", Kind.SIZE, true, "Size of the memory region (ex: 500M)"));
        return List.copyOf(properties);
    }

    /** The one of that name, or null. */
    static @Nullable ObjectType find(String name) {
        return ALL.stream().filter(type -> type.name.equals(name)).findFirst().orElse(null);
    }

    static List<String> names() {
        return ALL.stream().map(ObjectType::name).toList();
    }

    /** What is said of a kind that there is not. */
    static OptionException unknown(String name) {
        return new OptionException(
                Suggestion.after("Parameter 'qom-type' does not accept value '" + name + "'", name, names())
                        + "\nThere are " + String.join(", ", names()));
    }

    /** Refuses properties that it has not, values that are of another kind, and what is left out. */
    void check(Map<String, String> given) throws OptionException {
        for (Map.Entry<String, String> each : given.entrySet()) {
            Property property = find(each.getKey(), properties);
            if (property == null) {
                throw new OptionException(Suggestion.after(
                        "Invalid parameter '" + each.getKey() + "'",
                        each.getKey(),
                        properties.stream().map(Property::name).toList()));
            }
            String value = each.getValue();
            switch (property.kind) {
                case TEXT -> {}
                case FLAG -> Quantities.flag(property.name, value);
                case NUMBER -> Quantities.signed(property.name, value);
                case SIZE -> Quantities.treeSize(property.name, value);
                case POLICY -> choice(property, value, List.of("default", "preferred", "bind", "interleave"));
                case DIRECTION -> choice(property, value, List.of("all", "rx", "tx"));
                case FORMAT -> choice(property, value, List.of("raw", "base64"));
            }
        }
        for (Property property : properties) {
            if (property.required && !given.containsKey(property.name)) {
                throw new OptionException("Parameter '" + property.name + "' is missing");
            }
        }
    }

    private static void choice(Property property, String value, List<String> choices) throws OptionException {
        if (!choices.contains(value)) {
            throw new OptionException(Suggestion.after(
                    "Parameter '" + property.name + "' does not accept value '" + value + "'", value, choices));
        }
    }

    private static @Nullable Property find(String name, List<Property> properties) {
        return properties.stream()
                .filter(property -> property.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    /** What {@code -object TYPE,help} prints. */
    String help() {
        if (properties.isEmpty()) {
            return "There are no options for " + name + ".\n";
        }
        StringBuilder help = new StringBuilder(name).append(" options:\n");
        for (Property property : properties) {
            String left = "  " + property.name + "=<" + property.kind.text + ">";
            help.append(left);
            if (!property.help.isEmpty()) {
                help.append(" ".repeat(Math.max(0, COLUMN - left.length())))
                        .append(" - ")
                        .append(property.help);
            }
            help.append('\n');
        }
        return help.toString();
    }
}
