package dev.rhea.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where the command's own words go. One byte for each character, as {@link Invocation} has them. */
final class Messages {
    private Messages() {}

    /** Standard error. */
    static PrintStream error() {
        return stream(FileDescriptor.err);
    }

    /** Standard output. */
    static PrintStream output() {
        return stream(FileDescriptor.out);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.ISO_8859_1);
    }
}
