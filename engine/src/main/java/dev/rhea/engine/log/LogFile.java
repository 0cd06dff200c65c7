package dev.rhea.engine.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where {@code -D} sends the log: a file, named by a template in which {@code %d} is the process id; or standard error. */
public final class LogFile {
    private LogFile() {}

    /**
     * The file's name.
     *
     * @throws BadLogException where the template has another {@code %} than one {@code %d}
     */
    public static String name(String template) throws BadLogException {
        int percent = template.indexOf('%');
        if (percent < 0) {
            return template;
        }
        if (!template.startsWith("%d", percent) || template.indexOf('%', percent + 1) >= 0) {
            throw new BadLogException("Bad logfile template: " + template);
        }
        return template.substring(0, percent) + ProcessHandle.current().pid() + template.substring(percent + 2);
    }

    /** Opens the log. @throws BadLogException where that fails */
    public static OutputStream open(@Nullable String template) throws BadLogException {
        if (template == null) {
            return new Kept(new FileOutputStream(FileDescriptor.err));
        }
        String name = name(template);
        try {
            return new FileOutputStream(name);
        } catch (IOException e) {
            throw new BadLogException("Error opening logfile " + name + ": " + reason(Path.of(name)));
        }
    }

    private static String reason(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            return "No such file or directory";
        }
        return Files.isDirectory(file) ? "Is a directory" : "Permission denied";
    }

    /** Standard error as a log: the log's end is not its end, since there may be something left to say. */
    private static final class Kept extends FilterOutputStream {
        Kept(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
