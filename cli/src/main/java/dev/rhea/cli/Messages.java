package dev.rhea.cli;

import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the command's own words go. One byte for each character, as {@link Invocation} has them. */
public final class Messages {
    private Messages() {}

    /** Standard error. */
    public static PrintStream error() {
        return stream(FileDescriptor.err);
    }

    /** Standard output. */
    public static PrintStream output() {
        return stream(FileDescriptor.out);
    }

    /**
     * Standard error, open a second time: guests close the descriptors they inherited, and we have something to say after
     * their end. A socket cannot be opened so; then it is the descriptor itself.
     */
    public static PrintStream lastingError() {
        try {
            return new PrintStream(new FileOutputStream("/proc/self/fd/2", true), true, StandardCharsets.ISO_8859_1);
        } catch (FileNotFoundException e) {
            return error();
        }
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.ISO_8859_1);
    }
}
