package dev.rhea.control.hmp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command of the monitor.
 *
 * @param names the usual one first, then short ones
 * @param parameters as {@code help} shows them
 * @param help one line
 */
record Command(List<String> names, String parameters, String help, Action action) {
    /** What it does. */
    @FunctionalInterface
    interface Action {
        /**
         * Runs.
         *
         * @param arguments what follows the name, trimmed; empty for nothing
         * @throws MonitorError whose message is printed
         */
        void run(Session session, String arguments) throws MonitorError;
    }

    static Command of(String names, String parameters, String help, Action action) {
        return new Command(List.of(names.split("\\|")), parameters, help, action);
    }

    /** The command of that name among some, or null. */
    static @Nullable Command find(List<Command> commands, String name) {
        for (Command command : commands) {
            if (command.names.contains(name)) {
                return command;
            }
        }
        return null;
    }

    /** Its line in {@code help}. */
    String describe() {
        return String.join("|", names) + " " + parameters + " -- " + help;
    }
}
