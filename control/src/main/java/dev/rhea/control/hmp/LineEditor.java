package dev.rhea.control.hmp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Edits one line at a time: backspace, the arrows, beginning and end of the line, and lines that were entered before. */
final class LineEditor {
    private static final int LONGEST = 4096;
    private static final int KEPT = 64;

    private final String prompt;
    private final Consumer<String> output;
    private final StringBuilder line = new StringBuilder();
    private final List<String> history = new ArrayList<>();
    private int cursor;
    private int recalled;
    /** How far into an escape sequence the keys are: 0 for not at all. */
    private int sequence;

    LineEditor(String prompt, Consumer<String> output) {
        this.prompt = prompt;
        this.output = output;
    }

    /** Prints the prompt and what was typed. */
    void show() {
        output.accept("\r" + prompt + line + "\u001b[K" + back(line.length() - cursor));
    }

    private static String back(int columns) {
        return columns == 0 ? "" : "\u001b[" + columns + "D";
    }

    /** Takes a key; gives the line when it is complete. */
    @Nullable
    String key(int key) {
        if (sequence > 0) {
            escape(key);
            return null;
        }
        switch (key) {
            case 27 -> sequence = 1;
            case '\r', '\n' -> {
                String entered = line.toString();
                output.accept("\n");
                line.setLength(0);
                cursor = 0;
                if (!entered.isBlank()) {
                    history.remove(entered);
                    history.add(entered);
                    if (history.size() > KEPT) {
                        history.removeFirst();
                    }
                }
                recalled = history.size();
                return entered;
            }
            case 8, 127 -> {
                if (cursor > 0) {
                    line.deleteCharAt(--cursor);
                    show();
                }
            }
            case 1 -> {
                cursor = 0;
                show();
            }
            case 5 -> {
                cursor = line.length();
                show();
            }
            case 21 -> replace("");
            case 9 -> complete();
            default -> {
                if (key >= ' ' && line.length() < LONGEST) {
                    line.insert(cursor++, (char) key);
                    show();
                }
            }
        }
        return null;
    }

    private void escape(int key) {
        if (sequence == 1) {
            sequence = key == '[' ? 2 : 0;
            return;
        }
        sequence = 0;
        switch (key) {
            case 'A' -> recall(recalled - 1);
            case 'B' -> recall(recalled + 1);
            case 'C' -> {
                cursor = Math.min(cursor + 1, line.length());
                show();
            }
            case 'D' -> {
                cursor = Math.max(cursor - 1, 0);
                show();
            }
            default -> {}
        }
    }

    private void recall(int at) {
        if (at >= 0 && at <= history.size()) {
            recalled = at;
            replace(at == history.size() ? "" : history.get(at));
        }
    }

    private void replace(String text) {
        line.setLength(0);
        line.append(text);
        cursor = line.length();
        show();
    }

    /** Completes the name of a command, if only one begins so. */
    private void complete() {
        String typed = line.toString();
        boolean info = typed.startsWith("info ");
        String begin = info ? typed.substring(5) : typed;
        List<String> fits = new ArrayList<>();
        for (Command command : info ? InfoCommands.ALL : Commands.ALL) {
            String name = command.names().getFirst();
            if (name.startsWith(begin)) {
                fits.add(name);
            }
        }
        if (fits.size() == 1) {
            replace((info ? "info " : "") + fits.getFirst() + " ");
        } else if (fits.size() > 1) {
            output.accept("\n" + String.join("  ", fits) + "\n");
            show();
        }
    }
}
