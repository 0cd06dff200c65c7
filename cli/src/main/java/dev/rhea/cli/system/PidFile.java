package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** {@code -pidfile}: holds the process's number while it runs. */
final class PidFile implements AutoCloseable {
    private final Path path;

    private PidFile(Path path) {
        this.path = path;
    }

    /** Writes it. */
    static PidFile write(String name) throws OptionException {
        Path path = Path.of(name);
        try {
            Files.writeString(path, ProcessHandle.current().pid() + "\n");
            return new PidFile(path);
        } catch (NoSuchFileException e) {
            throw wrong(name, "No such file or directory");
        } catch (AccessDeniedException e) {
            throw wrong(name, "Permission denied");
        } catch (IOException e) {
            throw wrong(name, Files.isDirectory(path) ? "Is a directory" : String.valueOf(e.getMessage()));
        }
    }

    private static OptionException wrong(String name, String why) {
        return new OptionException("cannot create PID file: Could not create '" + name + "': " + why);
    }

    /** Removes it; where it is gone already that is as well. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Nobody can be told any more, and the number names no process soon.
            return;
        }
    }
}
