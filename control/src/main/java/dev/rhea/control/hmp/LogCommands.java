package dev.rhea.control.hmp;

import dev.rhea.engine.log.BadLogException;
import dev.rhea.engine.log.Log;
import dev.rhea.engine.log.LogFile;
import dev.rhea.engine.log.LogItem;
import dev.rhea.engine.log.LogItems;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What {@code -d} and {@code -D} say, while the machine runs. */
final class LogCommands {
    private LogCommands() {}

    static final List<Command> ALL = List.of(
            new Command("log", "item1[,...]", "activate logging of the specified items", LogCommands::log),
            new Command("logfile", "filename", "output logs to 'filename'", LogCommands::file));

    /** The list of all items. */
    static void items(Session session) {
        session.print(LogItems.list());
    }

    /** From now on these and no others. */
    private static void log(Session session, Arguments arguments) throws MonitorError {
        String words = arguments.required("string");
        arguments.end();
        Set<LogItem> wanted = EnumSet.noneOf(LogItem.class);
        try {
            LogItems.add(wanted, words);
        } catch (BadLogException e) {
            // For a word that is none the reference shows what there is.
            items(session);
            return;
        }
        Log log = session.machine().spec().log();
        log.setItems(wanted);
        for (LogItem fixed : Log.FIXED) {
            if (wanted.contains(fixed) && !log.has(fixed)) {
                session.line(
                        "'" + fixed.text() + "' is logged from the start or not at all: start with -d " + fixed.text());
            }
        }
    }

    private static void file(Session session, Arguments arguments) throws MonitorError {
        String name = arguments.required("filename");
        arguments.end();
        try {
            session.machine().spec().log().setOutput(LogFile.open(name));
        } catch (BadLogException e) {
            throw new MonitorError(String.valueOf(e.getMessage()));
        }
    }
}
