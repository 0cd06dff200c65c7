package dev.rhea.chardev;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** A copy of a back end's output: {@code logfile=}, {@code logappend=}. */
final class OutputLog {
    private final OutputStream file;

    private OutputLog(OutputStream file) {
        this.file = file;
    }

    /** The log that the options ask for, or null. */
    static @Nullable OutputLog open(@Nullable String path, boolean append) throws ChardevException {
        if (path == null) {
            return null;
        }
        try {
            return new OutputLog(new FileOutputStream(path, append));
        } catch (IOException e) {
            throw HostFiles.refused("Could not create", path, e);
        }
    }

    /** The disk being full is no reason to stop the guest: what cannot be written is missing in the log. */
    synchronized void append(byte[] data, int offset, int length) {
        try {
            file.write(data, offset, length);
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, "log of output", e);
        }
    }

    synchronized void close() {
        try {
            file.close();
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, "log of output", e);
        }
    }
}
