package dev.rhea.chardev;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What the host says of a file that cannot be opened, without what Java adds. */
final class HostFiles {
    private HostFiles() {}

    /** "Could not open '/x': No such file or directory". */
    static ChardevException refused(String what, String path, IOException why) {
        return new ChardevException(what + " '" + path + "': " + reason(why), why);
    }

    /** The host's own words in an exception of {@code java.io} or {@code java.nio}. */
    static String reason(IOException why) {
        if (why instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (why instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (why instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        String message = String.valueOf(why.getMessage());
        // java.io: "/x (No such file or directory)".
        if (message.endsWith(")") && message.contains(" (")) {
            return message.substring(message.lastIndexOf(" (") + 2, message.length() - 1);
        }
        return message;
    }
}
