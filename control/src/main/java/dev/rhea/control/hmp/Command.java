package dev.rhea.control.hmp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of the monitor.
 *
 * @param label its names as {@code help} shows them: the usual one first, then short ones, with bars between them
 * @param parameters as {@code help} shows them
 * @param help one line
 */
record Command(String label, String parameters, String help, Action action) {
    /** What it does. */
    @FunctionalInterface
    interface Action {
        /**
         * Runs.
         *
         * @param arguments what follows the name; all of it is to be taken before anything is done
         * @throws MonitorError whose message is printed
         */
        void run(Session session, Arguments arguments) throws MonitorError;
    }

    /** What a command without parameters does. */
    @FunctionalInterface
    interface Simple {
        void run(Session session) throws MonitorError;
    }

    /** A command without parameters. */
    static Command of(String label, String help, Simple action) {
        return new Command(label, "", help, (session, arguments) -> {
            arguments.end();
            action.run(session);
        });
    }

    /** All that it is called. */
    List<String> names() {
        return List.of(label.split("\\|"));
    }

    /** The command of that name among some, or null. */
    static @Nullable Command find(List<Command> commands, String name) {
        for (Command command : commands) {
            if (command.names().contains(name)) {
                return command;
            }
        }
        return null;
    }

    /** Runs it. @param text what follows its name */
    void run(Session session, String text) throws MonitorError {
        action.run(session, new Arguments(label, text));
    }

    /** Its line in {@code help}. */
    String describe() {
        return label + " " + parameters + " -- " + help;
    }
}
