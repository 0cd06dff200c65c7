package dev.rhea.cli.system;

import dev.rhea.board.Machine;
import dev.rhea.machine.ShutdownCause;
import java.util.List;
import sun.misc.Signal;

/**
 * Signals that end the machine, with its disks in order. Who sent them the JVM does not tell, so unlike the reference's message
 * ours has no process id.
 */
final class Signals {
    private Signals() {}

    /** Has signals end this machine from now on. */
    static void end(Machine machine, Complaints complaints) {
        for (String name : List.of("TERM", "INT", "HUP")) {
            try {
                Signal.handle(new Signal(name), signal -> {
                    complaints.say("terminating on signal " + signal.getNumber());
                    machine.quit(ShutdownCause.HOST_SIGNAL);
                });
            } catch (IllegalArgumentException e) {
                // The JVM was told to leave this signal alone, or the host has none of the name.
                continue;
            }
        }
    }
}
