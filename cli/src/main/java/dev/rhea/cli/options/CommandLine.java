package dev.rhea.cli.options;

import dev.rhea.engine.abi.NearMiss;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a command line over a table of options and keeps its order. {@code -readconfig}, {@code -set} and {@code -global} are
 * dealt with here, since they are about options: a file's sections stand in the place of the option that names it, a setting
 * changes the option before it that it names.
 */
public final class CommandLine {
    /** Where a configuration file's text comes from. */
    public interface Files {
        /** The file's text, one character per byte. */
        String read(String path) throws IOException;
    }

    private static final Pattern SET = Pattern.compile("([^.]+)\\.([^.]+)\\.([^=]+)=(.*)", Pattern.DOTALL);
    private static final Pattern GLOBAL = Pattern.compile("([^.=]+)\\.([^=]+)=(.*)", Pattern.DOTALL);

    private final OptionTable table;
    private final Files files;
    private final Consumer<String> warnings;
    private final List<OptionUse> uses = new ArrayList<>();
    private final Map<String, Set<String>> ids = new HashMap<>();

    private CommandLine(OptionTable table, Files files, Consumer<String> warnings) {
        this.table = table;
        this.files = files;
        this.warnings = warnings;
    }

    /**
     * Reads a line.
     *
     * @param words after the program's name
     * @param warnings is told of what works but will not always, with its place; a second line may follow
     * @return the options in order. A word that is none is the first disk, as {@code -hda} has it
     * @throws OptionException for the first thing that is wrong
     */
    public static List<OptionUse> parse(OptionTable table, List<String> words, Files files, Consumer<String> warnings)
            throws OptionException {
        CommandLine line = new CommandLine(table, files, warnings);
        for (int i = 0; i < words.size(); i++) {
            i += line.word(words.get(i), i + 1 < words.size() ? words.get(i + 1) : null);
        }
        return List.copyOf(line.uses);
    }

    /** Reads a word and its argument; how many words of argument it took. */
    private int word(String word, @Nullable String next) throws OptionException {
        if (!word.startsWith("-")) {
            OptionSpec disk = table.find("hda");
            if (disk == null) {
                throw new OptionException("not an option").at(word);
            }
            uses.add(new OptionUse(disk, word, false, new OptionData.Text(word)));
            return 0;
        }
        String name = word.substring(word.startsWith("--") ? 2 : 1);
        OptionSpec spec = table.find(name);
        if (spec == null) {
            // A near miss of one letter says nothing.
            String near = name.length() < 2 ? null : NearMiss.of(name, table.names());
            String dashes = word.substring(0, word.length() - name.length());
            throw new OptionException(
                            "invalid option" + (near == null ? "" : "\nDid you mean '" + dashes + near + "'?"))
                    .at(word);
        }
        if (!spec.syntax().takesArgument()) {
            use(new OptionUse(spec, word, false, new OptionData.None()));
            return 0;
        }
        if (next == null) {
            throw new OptionException("requires an argument").at(word);
        }
        String place = word + " " + next;
        try {
            option(spec, place, next);
        } catch (OptionException e) {
            throw e.at(place);
        }
        return 1;
    }

    private void option(OptionSpec spec, String place, String argument) throws OptionException {
        switch (spec.name()) {
            case "readconfig" -> readConfig(argument);
            case "set" -> set(argument);
            case "global" -> use(new OptionUse(spec, place, false, global(spec, place, argument)));
            default ->
                use(new OptionUse(
                        spec,
                        place,
                        false,
                        spec.syntax().parse(argument, warning -> warnings.accept(place + ": " + warning))));
        }
    }

    private void use(OptionUse use) throws OptionException {
        String group = use.spec().syntax().groupName();
        String id = use.id();
        if (group != null
                && id != null
                && !ids.computeIfAbsent(group, any -> new HashSet<>()).add(id)) {
            throw use.wrong("Duplicate ID '" + id + "' for " + group);
        }
        uses.add(use);
    }

    private void readConfig(String path) throws OptionException {
        String text;
        try {
            text = files.read(path);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw new OptionException("Could not open '" + path + "': No such file or directory");
        } catch (AccessDeniedException e) {
            throw new OptionException("Could not open '" + path + "': Permission denied");
        } catch (IOException e) {
            throw new OptionException("Could not open '" + path + "': " + e.getMessage());
        }
        for (OptionUse use : ConfigFile.parse(table, path, text, warnings)) {
            use(use);
        }
    }

    private void set(String argument) throws OptionException {
        Matcher set = SET.matcher(argument);
        if (!set.matches()) {
            throw new OptionException("can't parse: \"" + argument + "\"");
        }
        String group = set.group(1);
        String id = set.group(2);
        if (table.findGroup(group) == null) {
            throw new OptionException(
                    Suggestion.after("There is no option group '" + group + "'", group, table.groups()));
        }
        for (int i = uses.size() - 1; i >= 0; i--) {
            OptionUse use = uses.get(i);
            if (use.data() instanceof OptionData.Flat flat
                    && flat.group().name().equals(group)
                    && id.equals(use.id())) {
                flat.group().check(set.group(3), set.group(4), warnings);
                uses.set(
                        i,
                        use.with(new OptionData.Flat(
                                flat.group(), flat.parameters().with(set.group(3), set.group(4)))));
                return;
            }
        }
        throw new OptionException("there is no " + group + " \"" + id + "\" defined");
    }

    private OptionData global(OptionSpec spec, String place, String argument) throws OptionException {
        Matcher global = GLOBAL.matcher(argument);
        String text = argument;
        if (global.matches()) {
            text = "driver=" + OptionText.escaped(global.group(1)) + ",property=" + OptionText.escaped(global.group(2))
                    + ",value=" + OptionText.escaped(global.group(3));
        }
        OptionData data = spec.syntax().parse(text, warning -> warnings.accept(place + ": " + warning));
        if (data instanceof OptionData.Flat flat
                && !flat.parameters().helpWanted()
                && !(flat.parameters().has("driver")
                        && flat.parameters().has("property")
                        && flat.parameters().has("value"))) {
            throw new OptionException("options 'driver', 'property', and 'value' are required");
        }
        return data;
    }
}
