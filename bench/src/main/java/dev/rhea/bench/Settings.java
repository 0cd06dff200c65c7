package dev.rhea.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a benchmark was told: {@code --name=value}. */
record Settings(Map<String, String> values) {
    /**
     * Reads them; ends the process with the usage where one is none.
     *
     * @param usage the settings there are: {@code [--rounds=3]}
     */
    static Settings of(List<String> words, String usage) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (!word.matches("--[a-z]+=.*") || !usage.contains("[" + word.substring(0, equals + 1))) {
                System.err.println("usage: " + usage);
                System.exit(2);
            }
            values.put(word.substring(2, equals), word.substring(equals + 1));
        }
        return new Settings(values);
    }

    int number(String name, int otherwise) {
        return Integer.parseInt(values.getOrDefault(name, Integer.toString(otherwise)));
    }
}
