package dev.rhea.user.file.proc;

import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** The guest processes that {@code /proc} shows. */
@FunctionalInterface
public interface ProcessDirectory {
    /** A process by pid or by one of its thread ids, or null if no guest process has it. */
    @Nullable
    ProcessView process(Task caller, int pid);
}
