package dev.rhea.user.process;

import dev.rhea.user.call.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files that begin with {@code #!}. */
final class Script {
    private Script() {}

    /** How many scripts can be each other's interpreters: the kernel's limit. */
    private static final int MAX_DEPTH = 5;

    /** How much of a script's first line counts. */
    private static final int HEAD = 256;

    /** Finds an interpreter. */
    @FunctionalInterface
    interface Opener {
        ExecFile open(byte[] name);
    }

    /** What is run in the end. */
    record Program(ExecFile file, List<byte[]> arguments) {}

    /**
     * The program that runs {@code file}: the file itself or its interpreter. Closes all files but the one it returns.
     *
     * @throws Errno ELOOP, ENOEXEC, or whatever opening the interpreter throws
     */
    static Program resolve(ExecFile file, List<byte[]> arguments, Opener opener) {
        ExecFile program = file;
        List<byte[]> args = arguments;
        boolean done = false;
        try {
            for (int depth = 0; ; depth++) {
                byte[] head = program.head(HEAD);
                if (head.length < 2 || head[0] != '#' || head[1] != '!') {
                    done = true;
                    return new Program(program, args);
                }
                if (depth == MAX_DEPTH) {
                    throw new Errno(Errno.ELOOP);
                }
                args = arguments(head, program.name(), args);
                ExecFile interpreter = opener.open(args.get(0));
                program.close();
                program = interpreter;
            }
        } finally {
            if (!done) {
                program.close();
            }
        }
    }

    /** {@code #! interpreter [one argument]}, the script's name and what followed it. @throws Errno ENOEXEC */
    static List<byte[]> arguments(byte[] head, byte[] script, List<byte[]> arguments) {
        int end = 2;
        while (end < head.length && head[end] != '\n' && head[end] != 0) {
            end++;
        }
        int from = 2;
        while (from < end && blank(head[from])) {
            from++;
        }
        int to = end;
        while (to > from && blank(head[to - 1])) {
            to--;
        }
        int space = from;
        while (space < to && !blank(head[space])) {
            space++;
        }
        boolean cutOff = space == HEAD;
        if (from == to || cutOff) {
            throw new Errno(Errno.ENOEXEC);
        }
        List<byte[]> result = new ArrayList<>(arguments.size() + 2);
        result.add(Arrays.copyOfRange(head, from, space));
        while (space < to && blank(head[space])) {
            space++;
        }
        if (space < to) {
            result.add(Arrays.copyOfRange(head, space, to));
        }
        result.add(script);
        for (int i = 1; i < arguments.size(); i++) {
            result.add(arguments.get(i));
        }
        return result;
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }
}
