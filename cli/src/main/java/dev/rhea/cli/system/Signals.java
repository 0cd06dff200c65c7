package dev.rhea.cli.system;

import dev.rhea.board.Machine;
import dev.rhea.host.SignalSender;
import dev.rhea.machine.ShutdownCause;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/** Signals that end the machine, with its disks in order. */
final class Signals {
    private Signals() {}

    /** Has signals end this machine from now on. */
    static void end(Machine machine, Complaints complaints) {
        for (String name : List.of("TERM", "INT", "HUP")) {
            try {
                AtomicReference<@Nullable SignalSender> sender = new AtomicReference<>();
                Signal end = new Signal(name);
                Signal.handle(end, signal -> {
                    complaints.say(message(signal.getNumber(), sender.get()));
                    machine.quit(ShutdownCause.HOST_SIGNAL);
                });
                sender.set(SignalSender.watch(end.getNumber()));
            } catch (IllegalArgumentException e) {
                // The JVM was told to leave this signal alone, or the host has none of the name.
                continue;
            }
        }
    }

    private static String message(int signal, @Nullable SignalSender sender) {
        int process = sender == null ? 0 : sender.process();
        String name = process == 0 ? null : SignalSender.name(process);
        return "terminating on signal " + signal
                + (process == 0
                        ? ""
                        : " from pid " + process + " (" + (name == null ? "<unknown process>" : name) + ")");
    }
}
