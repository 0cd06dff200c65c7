package dev.rhea.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options that there are, in the order of the help. */
public final class OptionTable {
    /** Where the help's explanations begin. */
    private static final int COLUMN = 16;

    private final List<OptionSpec> specs;
    private final Map<String, OptionSpec> byName = new LinkedHashMap<>();
    private final Map<String, OptionSpec> byGroup = new LinkedHashMap<>();

    public OptionTable(List<OptionSpec> specs) {
        this.specs = List.copyOf(specs);
        for (OptionSpec spec : specs) {
            for (String name : spec.names()) {
                if (byName.put(name, spec) != null) {
                    throw new IllegalArgumentException("the option -" + name + " is in the table twice");
                }
            }
            String group = spec.syntax().groupName();
            if (group != null) {
                byGroup.putIfAbsent(group, spec);
            }
        }
    }

    /** All, in order. */
    public List<OptionSpec> specs() {
        return specs;
    }

    /** The option of that name without dashes, or null. */
    public @Nullable OptionSpec find(String name) {
        return byName.get(name);
    }

    /** The option that a section of a configuration file stands for, or null. */
    @Nullable
    OptionSpec findGroup(String group) {
        return byGroup.get(group);
    }

    /** All names, without dashes. */
    Iterable<String> names() {
        return byName.keySet();
    }

    /** All names of groups. */
    Iterable<String> groups() {
        return byGroup.keySet();
    }

    /** What {@code -h} prints after the usage line. */
    public String help() {
        StringBuilder help = new StringBuilder();
        String section = "";
        for (OptionSpec spec : specs) {
            if (!spec.section().equals(section)) {
                section = spec.section();
                help.append('\n').append(section).append(":\n");
            }
            List<String> names = new ArrayList<>();
            spec.names().forEach(name -> names.add("-" + name));
            String head = String.join(", ", names) + (spec.argument().isEmpty() ? "" : " " + spec.argument());
            String[] lines = spec.help().strip().split("\n");
            int first = 0;
            if (head.length() < COLUMN) {
                help.append(head)
                        .append(" ".repeat(COLUMN - head.length()))
                        .append(lines[first++])
                        .append('\n');
            } else {
                help.append(head).append('\n');
            }
            for (; first < lines.length; first++) {
                help.append(" ".repeat(COLUMN)).append(lines[first]).append('\n');
            }
        }
        return help.toString();
    }
}
