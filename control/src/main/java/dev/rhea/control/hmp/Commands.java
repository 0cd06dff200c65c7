package dev.rhea.control.hmp;

import dev.rhea.machine.RunState;
import dev.rhea.machine.ShutdownCause;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The monitor's commands. */
final class Commands {
    private Commands() {}

    /** All, by name. */
    static final List<Command> ALL = Stream.concat(
                    Stream.concat(MemoryCommands.ALL.stream(), LogCommands.ALL.stream()),
                    Stream.of(
                            new Command("help|?", "[cmd]", "show the help", Commands::help),
                            new Command(
                                    "info",
                                    "[subcommand]",
                                    "show various information about the system state",
                                    Commands::info),
                            Command.of("quit|q", "quit the emulator", Commands::quit),
                            Command.of(
                                    "stop|s", "stop emulation", s -> s.machine().pause()),
                            Command.of("cont|c", "resume emulation", Commands::cont),
                            Command.of(
                                    "system_reset",
                                    "reset the system",
                                    s -> s.machine().reset()),
                            Command.of(
                                    "system_powerdown",
                                    "send system power down event",
                                    s -> s.machine().powerDown()),
                            new Command("cpu", "index", "set the default CPU", Commands::cpu)))
            .sorted(Comparator.comparing(Command::label))
            .toList();

    /** Runs a line that a user typed. */
    static void run(Session session, String line) {
        String text = line.strip();
        if (text.isEmpty()) {
            return;
        }
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != '/') {
            end++;
        }
        String name = text.substring(0, end);
        Command command = Command.find(ALL, name);
        if (command == null) {
            session.line("unknown command: '" + name + "'");
            return;
        }
        run(session, command, name, text.substring(end));
    }

    private static void run(Session session, Command command, String called, String text) {
        try {
            command.run(session, text);
        } catch (MonitorError e) {
            session.line(String.valueOf(e.getMessage()));
            if (e.isMisread()) {
                session.line("Try \"help " + called + "\" for more information");
            }
        }
    }

    private static void help(Session session, Arguments arguments) throws MonitorError {
        String name = arguments.word();
        if (name == null) {
            ALL.forEach(command -> session.line(command.describe()));
            return;
        }
        if (name.equals("log")) {
            // As in the reference: what there is to be logged is what one wants to know.
            LogCommands.items(session);
            return;
        }
        boolean info = name.equals("info");
        String topic = info ? arguments.word() : null;
        if (info && topic == null) {
            InfoCommands.ALL.forEach(command -> session.line("info " + command.describe()));
            return;
        }
        String wanted = topic == null ? name : topic;
        Command command = Command.find(info ? InfoCommands.ALL : ALL, wanted);
        if (command == null) {
            throw new MonitorError("unknown command: '" + (info ? "info " : "") + wanted + "'");
        }
        session.line((info ? "info " : "") + command.describe());
    }

    private static void info(Session session, Arguments arguments) throws MonitorError {
        String name = arguments.word();
        if (name == null) {
            InfoCommands.ALL.forEach(command -> session.line("info " + command.describe()));
            return;
        }
        Command command = Command.find(InfoCommands.ALL, name);
        if (command == null) {
            throw new MonitorError("unknown command: 'info " + name + "'");
        }
        run(session, command, "info " + name, arguments.rest());
    }

    private static void quit(Session session) {
        session.machine().quit(ShutdownCause.HOST_QMP_QUIT);
        session.end();
    }

    private static void cpu(Session session, Arguments arguments) throws MonitorError {
        long index = arguments.number(session);
        arguments.end();
        session.choose(index);
    }

    private static void cont(Session session) throws MonitorError {
        if (session.machine().state() == RunState.SHUTDOWN || session.machine().state() == RunState.INTERNAL_ERROR) {
            throw new MonitorError("Error: Resetting the Virtual Machine is required");
        }
        session.machine().start();
    }
}
