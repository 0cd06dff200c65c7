package dev.rhea.user.file.proc;

import dev.rhea.user.process.Task;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A path under {@code /proc/PID} of a guest process.
 *
 * @param process whose
 * @param entry what comes behind, without slashes at its ends: "" for the directory itself, "maps", "fd/3"
 */
public record ProcPath(ProcessView process, String entry) {
    /**
     * Recognises the path; also {@code /dev/fd}, {@code /dev/stdin}, {@code /dev/stdout} and {@code /dev/stderr}, which are
     * links there.
     *
     * @param path an absolute path
     * @return null if it leads elsewhere: to the host's files
     */
    public static @Nullable ProcPath parse(byte[] path, Task caller, ProcessDirectory processes) {
        String text = new String(path, StandardCharsets.ISO_8859_1);
        String[] parts = split(text);
        int n = parts.length;
        if (n >= 2 && parts[0].equals("dev")) {
            String under = switch (parts[1]) {
                case "fd" -> "fd";
                case "stdin" -> "fd/0";
                case "stdout" -> "fd/1";
                case "stderr" -> "fd/2";
                default -> null;
            };
            if (under == null) {
                return null;
            }
            ProcessView mine = processes.process(caller, caller.tid());
            return mine == null ? null : new ProcPath(mine, join(under, parts, 2));
        }
        if (n < 2 || !parts[0].equals("proc")) {
            return null;
        }
        int pid;
        int from = 2;
        if (parts[1].equals("self") || parts[1].equals("thread-self")) {
            pid = caller.tid();
        } else {
            pid = number(parts[1]);
        }
        ProcessView process = pid <= 0 ? null : processes.process(caller, pid);
        if (process == null) {
            return null;
        }
        if (n >= 4 && parts[2].equals("task") && number(parts[3]) > 0) {
            from = 4; // a thread's entries are its process's
        }
        return new ProcPath(process, join("", parts, from));
    }

    /** A number of decimal digits, or -1. */
    public static int number(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = 10 * value + c - '0';
        }
        return value;
    }

    private static String[] split(String text) {
        var parts = new java.util.ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int slash = text.indexOf('/', at);
            int end = slash < 0 ? text.length() : slash;
            if (end > at && !(end == at + 1 && text.charAt(at) == '.')) {
                parts.add(text.substring(at, end));
            }
            at = end + 1;
        }
        return parts.toArray(new String[0]);
    }

    private static String join(String head, String[] parts, int from) {
        StringBuilder text = new StringBuilder(head);
        for (int i = from; i < parts.length; i++) {
            if (!text.isEmpty()) {
                text.append('/');
            }
            text.append(parts[i]);
        }
        return text.toString();
    }

    /** The descriptor of "fd/N" or "fdinfo/N", or -1. */
    public int descriptor() {
        int slash = entry.indexOf('/');
        return entry.startsWith("fd/") || entry.startsWith("fdinfo/") ? number(entry.substring(slash + 1)) : -1;
    }

    /** The contents of a file that only the personality knows, or null where the host's does. */
    public byte @Nullable [] contents() {
        return switch (entry) {
            case "maps" -> ascii(process.maps());
            case "stat" -> ascii(process.stat());
            case "status" -> ascii(process.status());
            case "cmdline" -> process.commandLine();
            case "environ" -> process.environment();
            case "auxv" -> process.auxiliaryVector();
            case "comm" -> ascii(process.name() + "\n");
            default -> null;
        };
    }

    /** The names in a directory that only the personality knows, or null where the host's does. */
    public String @Nullable [] names() {
        switch (entry) {
            case "fd", "fdinfo": {
                var names = new java.util.ArrayList<String>();
                for (int fd = process.files().nextOpen(0);
                        fd >= 0;
                        fd = process.files().nextOpen(fd + 1)) {
                    names.add(Integer.toString(fd));
                }
                return names.toArray(new String[0]);
            }
            case "task": {
                int[] tasks = process.tasks();
                String[] names = new String[tasks.length];
                for (int i = 0; i < names.length; i++) {
                    names[i] = Integer.toString(tasks[i]);
                }
                return names;
            }
            default:
                return null;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
