package dev.rhea.cli;

import dev.rhea.engine.abi.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From options to a running program. */
final class UserRun {
    private UserRun() {}

    /** Runs the program to its end. @return the process's exit status */
    static int run(String name, String architecture, Architecture.Guest guest, UserOptions options, Map<String, String> host)
            throws UsageError {
        throw new UsageError("user mode is not here yet");
    }

    /** The guest's environment: the host's with the changes of {@code -E} and {@code -U}. */
    static List<String> environment(Map<String, String> host, List<UserOptions.Change> changes) {
        Map<String, String> variables = new LinkedHashMap<>(host);
        for (UserOptions.Change change : changes) {
            if (change.value() == null) {
                variables.remove(change.name());
            } else {
                variables.put(change.name(), change.value());
            }
        }
        List<String> assignments = new ArrayList<>();
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            assignments.add(variable.getKey() + "=" + variable.getValue());
        }
        return assignments;
    }
}
