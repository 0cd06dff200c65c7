package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of assembly taken apart.
 *
 * @param labels the labels before the statement
 * @param statement a directive or an instruction, without space around it; may be empty
 */
record SourceLine(List<String> labels, String statement) {
    static SourceLine of(String line) {
        String rest = withoutComment(line).strip();
        List<String> labels = new ArrayList<>();
        while (true) {
            int end = 0;
            while (end < rest.length() && AssemblyText.isNameCharacter(rest.charAt(end))) {
                end++;
            }
            if (end == 0 || end == rest.length() || rest.charAt(end) != ':') {
                return new SourceLine(labels, rest);
            }
            labels.add(rest.substring(0, end));
            rest = rest.substring(end + 1).strip();
        }
    }

    /** What is before a {@code #} that is in no string and no character. */
    private static String withoutComment(String line) {
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0 && c == '\\') {
                i++;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (quote == 0 && c == '#') {
                return line.substring(0, i);
            }
        }
        return line;
    }
}
