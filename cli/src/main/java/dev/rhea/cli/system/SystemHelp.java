package dev.rhea.cli.system;

import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceTypes;
import dev.rhea.board.MachineOption;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.cli.NearMiss;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.SystemOptions;
import dev.rhea.engine.abi.Architecture;
import dev.rhea.machine.device.Property;
import java.io.PrintStream;
import java.util.List;
import java.util.ServiceLoader;

/** Answers {@code -h}, {@code -version} and the {@code help} that many options take. */
final class SystemHelp {
    private final String program;
    private final String architecture;
    private final PrintStream out;

    SystemHelp(String program, String architecture, PrintStream out) {
        this.program = program;
        this.architecture = architecture;
        this.out = out;
    }

    /** Answers the first option that asks for help, if one does. */
    boolean answers(List<OptionUse> uses) throws OptionException {
        for (OptionUse use : uses) {
            if (answers(use)) {
                return true;
            }
        }
        return false;
    }

    private boolean answers(OptionUse use) throws OptionException {
        boolean wanted = switch (use.data()) {
            case OptionData.Flat flat -> flat.parameters().helpWanted();
            case OptionData.Tree tree -> tree.helpWanted();
            case OptionData.Text text ->
                text.text().equals("help") || text.text().equals("?");
            case OptionData.None _, OptionData.Number _, OptionData.Identity _ -> false;
        };
        switch (use.name()) {
            case "h" ->
                out.print("usage: " + program + " [options] [disk_image]\n"
                        + SystemOptions.table().help());
            case "version" -> out.println("QEMU emulator version 9.0.0 (Rhea 0.1.0)");
            default -> {
                if (!wanted) {
                    return false;
                }
                topic(use);
            }
        }
        return true;
    }

    private void topic(OptionUse use) throws OptionException {
        switch (use.name()) {
            case "machine" -> machines(use);
            case "cpu" -> {
                for (Architecture each : ServiceLoader.load(Architecture.class)) {
                    if (each.names().contains(architecture)) {
                        each.cpuModels(architecture).forEach(out::println);
                    }
                }
            }
            case "accel" -> out.println("Accelerators supported in QEMU binary:\ntcg");
            case "device" -> {
                String driver = use.parameters().get("driver");
                if (driver == null || driver.equals("help") || driver.equals("?")) {
                    devices();
                } else {
                    properties(use, driver);
                }
            }
            case "chardev" -> out.print(ChardevOptions.HELP);
            case "netdev" -> out.println("Available netdev backend types:\nsocket\nstream\ndgram\nhubport\ntap\nuser");
            default -> throw use.wrong("there is no help about this; -h lists the options");
        }
    }

    private void machines(OptionUse use) {
        if (use.data() instanceof OptionData.Tree tree && tree.root().get("type") != null) {
            String name = tree.root().get("type").getAsString();
            for (Board board : Boards.of(architecture)) {
                if (board.name().equals(name)) {
                    out.println(name + "-machine options:");
                    for (MachineOption option : MachineOption.of(board)) {
                        out.printf("  %-22s - %s%n", option.name() + "=<" + option.kind() + ">", option.help());
                    }
                    return;
                }
            }
        }
        out.println("Supported machines are:");
        for (Board board : Boards.of(architecture)) {
            out.printf("%-20s %s%s%n", board.name(), board.description(), board.isDefault() ? " (default)" : "");
        }
    }

    private void devices() {
        for (String category : DeviceTypes.CATEGORIES) {
            boolean first = true;
            for (DeviceTypes.Entry type : DeviceTypes.all()) {
                if (type.category().equals(category)) {
                    if (first) {
                        out.println(category + " devices:");
                        first = false;
                    }
                    out.println("name \"" + type.name() + "\", bus " + type.bus()
                            + (type.description().isEmpty() ? "" : ", desc \"" + type.description() + "\""));
                }
            }
            if (!first) {
                out.println();
            }
        }
    }

    private void properties(OptionUse use, String name) throws OptionException {
        DeviceTypes.Entry type = DeviceTypes.find(name);
        if (type == null) {
            String near = NearMiss.of(name, DeviceTypes.names());
            throw use.wrong("Device '" + name + "' not found" + (near == null ? "" : "\nDid you mean '" + near + "'?"));
        }
        out.println(name + " options:");
        for (Property property : type.properties()) {
            String left = "  " + property.name() + "=<" + property.kind().text() + ">";
            String initial = property.initial();
            String more = property.help() + (initial == null || initial.isEmpty() ? "" : " (default: " + initial + ")");
            out.println(more.isBlank() ? left : String.format("%-25s - %s", left, more.strip()));
        }
    }
}
