package dev.rhea.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How this process was started, as bytes: Java decodes arguments and environment by the locale, and what does not decode is
 * lost. Each character of these strings holds one byte. Where the host does not tell, Java's view has to do.
 *
 * @param arguments the words after the class's name
 * @param environment in the host's order
 */
record Invocation(List<String> arguments, Map<String, String> environment) {
    static Invocation of(String[] arguments) {
        return new Invocation(wordsOf(arguments), variables());
    }

    private static List<String> wordsOf(String[] decoded) {
        List<String> words = new ArrayList<>(split(Path.of("/proc/self/cmdline")));
        // Ours are the last ones: before them stand java's own.
        if (words.size() < decoded.length) {
            words.clear();
            for (String word : decoded) {
                words.add(new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            }
        }
        return words.subList(words.size() - decoded.length, words.size());
    }

    private static Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String assignment : split(Path.of("/proc/self/environ"))) {
            int equals = assignment.indexOf('=');
            if (equals > 0) {
                variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return variables.isEmpty() ? System.getenv() : variables;
    }

    private static List<String> split(Path file) {
        List<String> parts = new ArrayList<>();
        try {
            String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            int start = 0;
            for (int end; (end = all.indexOf('\0', start)) >= 0; start = end + 1) {
                parts.add(all.substring(start, end));
            }
        } catch (IOException e) {
            parts.clear();
        }
        return parts;
    }
}
