package dev.rhea.user.process;

import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import java.util.List;

/** Starts a kernel's first program. */
public final class FirstProgram {
    private FirstProgram() {}

    /**
     * Starts it.
     *
     * @param name its path
     * @param files what it inherits, its own from now on
     * @param context likewise
     * @throws dev.rhea.user.call.Errno where it cannot be opened or loaded; files and context are then the caller's
     */
    public static Process start(
            Kernel kernel,
            byte[] name,
            List<byte[]> arguments,
            List<byte[]> environment,
            FileTable files,
            FileContext context) {
        FirstProcess host = new FirstProcess(files, context);
        ExecFile file = ExecFile.openAbsolute(kernel, host.absolute(name), name);
        return Exec.first(kernel, file, arguments, environment, host);
    }
}
