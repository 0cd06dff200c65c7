package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.host.HostException;
import dev.rhea.host.Session;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code -daemonize}. A JVM cannot fork, so the machine runs in a second one, started with the same command line. The first one
 * waits until the second says that the machine stands; what is wrong until then the second says itself.
 */
final class Daemon {
    /** Tells a process that it is the second one. */
    private static final String VARIABLE = "RHEA_DAEMON";

    private static final int READY = '\n';

    private Daemon() {}

    /** Whether this process is the one in the background. */
    static boolean isRunning(Map<String, String> environment) {
        return environment.containsKey(VARIABLE);
    }

    /** Starts the other process and waits for it. @return what this one ends with */
    static int start() throws OptionException {
        try {
            return start(command());
        } catch (IOException e) {
            throw new OptionException("cannot start in the background: " + e.getMessage());
        }
    }

    /** The same with a command that becomes the other process. */
    static int start(List<String> command) throws OptionException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put(VARIABLE, "1");
            Process process = builder.start();
            if (process.getInputStream().read() == READY) {
                return 0;
            }
            int status = process.waitFor();
            return status == 0 ? 1 : status;
        } catch (IOException e) {
            throw new OptionException("cannot start in the background: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new OptionException("interrupted while the machine was made");
        }
    }

    /** This process's own command line. */
    private static List<String> command() throws IOException {
        String all = Files.readString(Path.of("/proc/self/cmdline"), Charset.defaultCharset());
        List<String> words = new ArrayList<>(List.of(all.split("\0", -1)));
        words.removeLast();
        // What it was called as may be found along the PATH, or not at all: the file is certain.
        words.set(0, Path.of("/proc/self/exe").toRealPath().toString());
        return words;
    }

    /** The machine stands: tells the first process, and leaves its terminal. */
    static void ready() throws OptionException {
        // Not closed: the descriptor stays, and leads to nowhere then.
        OutputStream told = new FileOutputStream(FileDescriptor.out);
        try {
            Session.begin();
            told.write(READY);
            told.flush();
            Session.silence();
        } catch (HostException e) {
            throw new OptionException("cannot leave the terminal: " + e.getMessage());
        } catch (IOException e) {
            throw new OptionException("nobody waits for the machine in the background: " + e.getMessage());
        }
    }
}
