package dev.rhea.control.hmp;

import dev.rhea.machine.RunState;
import dev.rhea.machine.ShutdownCause;
import java.util.List;

/** The monitor's commands. */
final class Commands {
    private Commands() {}

    static final List<Command> ALL = List.of(
            Command.of("help|?", "[cmd]", "show the help", Commands::help),
            Command.of("info", "[subcommand]", "show various information about the system state", Commands::info),
            Command.of("quit|q", "", "quit the emulator", (s, a) -> s.machine().quit(ShutdownCause.HOST_QMP_QUIT)),
            Command.of("stop|s", "", "stop emulation", (s, a) -> s.machine().pause()),
            Command.of("cont|c", "", "resume emulation", Commands::cont),
            Command.of(
                    "system_reset",
                    "",
                    "reset the system",
                    (s, a) -> s.machine().reset()),
            Command.of(
                    "system_powerdown",
                    "",
                    "send system power down event",
                    (s, a) -> s.machine().powerDown()),
            Command.of("cpu", "index", "set the default CPU", (s, a) -> s.choose((int) Numbers.parse(s, a))),
            Command.of(
                    "x", "/fmt addr", "virtual memory dump starting at 'addr'", (s, a) -> MemoryDump.run(s, a, false)),
            Command.of(
                    "xp", "/fmt addr", "physical memory dump starting at 'addr'", (s, a) -> MemoryDump.run(s, a, true)),
            Command.of(
                    "print|p",
                    "/fmt expr",
                    "print expression value (use $reg for CPU register access)",
                    Numbers::print));

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
        try {
            command.action().run(session, text.substring(end).strip());
        } catch (MonitorError e) {
            session.line(String.valueOf(e.getMessage()));
            if (e.isMisread()) {
                session.line("Try \"help " + name + "\" for more information");
            }
        }
    }

    private static void help(Session session, String arguments) throws MonitorError {
        if (arguments.isEmpty()) {
            ALL.forEach(command -> session.line(command.describe()));
        } else if (arguments.equals("info")) {
            InfoCommands.ALL.forEach(command -> session.line("info " + command.describe()));
        } else {
            Command command = Command.find(ALL, arguments);
            if (command == null) {
                throw new MonitorError("unknown command: '" + arguments + "'");
            }
            session.line(command.describe());
        }
    }

    private static void info(Session session, String arguments) throws MonitorError {
        if (arguments.isEmpty()) {
            help(session, "info");
            return;
        }
        String[] words = arguments.split("\\s+", 2);
        Command command = Command.find(InfoCommands.ALL, words[0]);
        if (command == null) {
            throw new MonitorError("unknown command: 'info " + words[0] + "'");
        }
        command.action().run(session, words.length > 1 ? words[1] : "");
    }

    private static void cont(Session session, String arguments) throws MonitorError {
        if (session.machine().state() == RunState.SHUTDOWN || session.machine().state() == RunState.INTERNAL_ERROR) {
            throw new MonitorError("Resetting the Virtual Machine is required");
        }
        session.machine().start();
    }
}
