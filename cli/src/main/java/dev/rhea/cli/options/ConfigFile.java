package dev.rhea.cli.options;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code -readconfig}'s files: each section is one option.
 *
 * <pre>{@code
 * [drive "d0"]
 *   file = "disk.qcow2"
 *   if = "none"
 * }</pre>
 */
final class ConfigFile {
    private static final Pattern SECTION = Pattern.compile("\\[([^\\s\"\\]]+)(?:\\s+\"([^\"]*)\")?\\s*]\\s*(?:#.*)?");
    private static final Pattern PARAMETER = Pattern.compile("\\s*([^\\s=]+)\\s*=\\s*\"([^\"]*)\"\\s*(?:#.*)?");

    private final OptionTable table;
    private final String file;
    private final Consumer<String> warnings;
    private final List<OptionUse> uses = new ArrayList<>();
    private @Nullable OptionSpec spec;
    private @Nullable String id;
    private List<Parameters.Parameter> parameters = new ArrayList<>();
    private int last;

    private ConfigFile(OptionTable table, String file, Consumer<String> warnings) {
        this.table = table;
        this.file = file;
        this.warnings = warnings;
    }

    /**
     * @param file its name, for messages
     * @return its sections in order
     */
    static List<OptionUse> parse(OptionTable table, String file, String text, Consumer<String> warnings)
            throws OptionException {
        ConfigFile reader = new ConfigFile(table, file, warnings);
        String[] lines = text.split("\n");
        for (int i = 0; i < lines.length; i++) {
            try {
                reader.line(lines[i].stripTrailing(), i + 1);
            } catch (OptionException e) {
                throw e.at(file, i + 1);
            }
        }
        reader.end();
        return reader.uses;
    }

    private void line(String line, int number) throws OptionException {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        Matcher section = SECTION.matcher(line);
        if (section.matches()) {
            end();
            begin(section.group(1), section.group(2));
            last = number;
            return;
        }
        if (spec == null) {
            throw new OptionException("no group defined");
        }
        Matcher parameter = PARAMETER.matcher(line);
        if (!parameter.matches()) {
            throw new OptionException("parse error\nA parameter is written as: name = \"value\"");
        }
        last = number;
        String name = parameter.group(1);
        String value = parameter.group(2);
        if (name.equals("id")) {
            if (id == null) {
                Identifiers.check("id", value);
                id = value;
            }
            return;
        }
        if (spec.syntax() instanceof OptionSyntax.Flat flat) {
            flat.group().check(name, value, warnings);
        }
        parameters.add(new Parameters.Parameter(name, value));
    }

    private void begin(String group, @Nullable String named) throws OptionException {
        OptionSpec found = table.findGroup(group);
        if (found == null) {
            throw new OptionException(
                    Suggestion.after("There is no option group '" + group + "'", group, table.groups()));
        }
        if (named != null) {
            Identifiers.check("id", named);
        }
        spec = found;
        id = named;
        parameters = new ArrayList<>();
    }

    private void end() throws OptionException {
        if (spec == null) {
            return;
        }
        OptionData data;
        if (spec.syntax() instanceof OptionSyntax.Flat flat) {
            data = new OptionData.Flat(flat.group(), new Parameters(id, parameters, false));
        } else {
            StringBuilder text = new StringBuilder();
            for (Parameters.Parameter each : parameters) {
                text.append(each.name())
                        .append('=')
                        .append(OptionText.escaped(each.value()))
                        .append(',');
            }
            try {
                JsonObject root = TreeText.parse(text.toString(), null).root();
                if (id != null) {
                    root.add("id", new JsonPrimitive(id));
                }
                data = new OptionData.Tree(root, true, false);
            } catch (OptionException e) {
                throw e.at(file, last);
            }
        }
        uses.add(new OptionUse(spec, file + ":" + last, true, data));
    }
}
