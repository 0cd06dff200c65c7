package dev.rhea.cli.system;

import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceType;
import dev.rhea.board.DeviceTypes;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.cli.Messages;
import dev.rhea.cli.NearMiss;
import dev.rhea.cli.UsageError;
import dev.rhea.engine.abi.Architecture;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** {@code rhea system ARCH ...}, and the names {@code qemu-system-ARCH}. */
public final class SystemCommand {
    private final String program;
    private final String architecture;

    /** @param program as messages name it */
    public SystemCommand(String program, String architecture) {
        this.program = program;
        this.architecture = architecture;
    }

    /** Runs a machine to its end; the process's exit status. */
    public int run(List<String> words, Map<String, String> environment) {
        var syntax = new SystemSyntax();
        try {
            List<Board> boards = Boards.of(architecture);
            if (boards.isEmpty()) {
                throw new UsageError("there is no machine of architecture '" + architecture + "'");
            }
            SystemOptions options = syntax.parse(words);
            if (options.help != null) {
                return help(syntax, options);
            }
            String machine = options.machine;
            if (machine == null) {
                machine = boards.stream()
                        .filter(Board::isDefault)
                        .map(Board::name)
                        .findFirst()
                        .orElse(boards.getFirst().name());
            }
            return new SystemRun(program, architecture, machine, options, environment).run();
        } catch (UsageError e) {
            Messages.error().println(program + ": " + e.getMessage());
            return 1;
        }
    }

    private int help(SystemSyntax syntax, SystemOptions options) throws UsageError {
        PrintStream out = Messages.output();
        String topic = java.util.Objects.requireNonNull(options.help);
        switch (topic) {
            case "help" -> out.print(syntax.help(program));
            case "version" -> out.println("QEMU emulator version 9.0.0 (Rhea 0.1.0)");
            case "machine" -> {
                out.println("Supported machines are:");
                for (Board board : Boards.of(architecture)) {
                    out.printf(
                            "%-20s %s%s%n", board.name(), board.description(), board.isDefault() ? " (default)" : "");
                }
            }
            case "cpu" -> {
                for (Architecture each : ServiceLoader.load(Architecture.class)) {
                    if (each.names().contains(architecture)) {
                        each.cpuModels(architecture).forEach(out::println);
                    }
                }
            }
            case "device" -> devices(out);
            case "chardev" -> out.print(ChardevOptions.HELP);
            case "netdev" -> out.println("Available netdev backend types:\nsocket\nhubport\ntap\nuser");
            default -> properties(out, topic);
        }
        return 0;
    }

    private static void devices(PrintStream out) {
        for (String category : List.of("Storage", "Network", "Input", "Misc")) {
            out.println(category + " devices:");
            for (DeviceType<?> type : DeviceTypes.all()) {
                if (type.category().equals(category)) {
                    out.println("name \"" + type.name() + "\", bus " + type.bus()
                            + (type.description().isEmpty() ? "" : ", desc \"" + type.description() + "\""));
                }
            }
            out.println();
        }
    }

    private void properties(PrintStream out, String name) throws UsageError {
        for (DeviceType<?> type : DeviceTypes.all()) {
            if (type.name().equals(name)) {
                out.println(name + " options:");
                type.properties().forEach(property -> {
                    String left =
                            "  " + property.name() + "=<" + property.kind().text() + ">";
                    String more = property.help()
                            + (property.initial() == null || property.initial().isEmpty()
                                    ? ""
                                    : " (default: " + property.initial() + ")");
                    out.println(more.isBlank() ? left : String.format("%-25s - %s", left, more.strip()));
                });
                return;
            }
        }
        String near = NearMiss.of(
                name, DeviceTypes.all().stream().map(DeviceType::name).toList());
        throw new UsageError("-device " + name + ",help: '" + name + "' is not a valid device model name"
                + (near == null ? "" : "\nDid you mean '" + near + "'?"));
    }
}
