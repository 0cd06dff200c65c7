package dev.rhea.cli;

import dev.rhea.engine.log.BadLogException;
import dev.rhea.engine.log.LogFile;
import dev.rhea.engine.log.LogItem;
import dev.rhea.engine.log.LogItems;
import java.io.OutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code -d} and {@code -D} with the command line's complaints. */
public final class LogText {
    private LogText() {}

    /** {@link LogItems#add}. */
    public static void add(Set<LogItem> items, String words) throws UsageError {
        try {
            LogItems.add(items, words);
        } catch (BadLogException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }

    /** Refuses the name of a file that is none. */
    public static void checkFile(String template) throws UsageError {
        try {
            LogFile.name(template);
        } catch (BadLogException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }

    /** {@link LogFile#open}. */
    public static OutputStream open(@Nullable String template) throws UsageError {
        try {
            return LogFile.open(template);
        } catch (BadLogException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }
}
