package dev.rhea.cli.system;

import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceTypes;
import dev.rhea.board.MachineOption;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionSyntax;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Suggestion;
import dev.rhea.cli.options.SystemOptions;
import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.log.LogItems;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Answers {@code -h}, {@code -version} and the {@code help} that many options take. */
final class SystemHelp {
    private static final String NETDEVS = "Available netdev backend types:\nsocket\nstream\ndgram\nhubport\ntap\nuser";

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
            try {
                if (answers(use)) {
                    return true;
                }
            } catch (OptionException e) {
                throw use.wrong(e);
            }
        }
        return false;
    }

    private static boolean isHelp(@Nullable String text) {
        return "help".equals(text) || "?".equals(text);
    }

    private static boolean wanted(OptionUse use) {
        return switch (use.data()) {
            case OptionData.Flat flat -> flat.parameters().helpWanted();
            case OptionData.Tree tree -> tree.helpWanted();
            case OptionData.Text text -> isHelp(text.text());
            case OptionData.None _, OptionData.Number _, OptionData.Identity _ -> false;
        };
    }

    private boolean answers(OptionUse use) throws OptionException {
        switch (use.name()) {
            case "h" ->
                out.print("usage: " + program + " [options] [disk_image]\n"
                        + SystemOptions.table().help());
            case "version" -> out.println("QEMU emulator version 9.0.0 (Rhea 0.1.0)");
            case "display" -> {
                if (!wanted(use) && !isHelp(OptionTrees.flatten(use).get("type"))) {
                    return false;
                }
                out.println("Available display backend types:\nnone");
            }
            case "drive" -> {
                boolean formats = isHelp(use.parameters().get("format"));
                if (formats) {
                    out.println("Supported formats: file host_device null-aio null-co raw");
                }
                return formats;
            }
            case "nic" -> {
                boolean models = isHelp(use.parameters().get("model"));
                if (models) {
                    models(use);
                }
                return models || wanted(use) && topic(use);
            }
            default -> {
                return wanted(use) && topic(use);
            }
        }
        return true;
    }

    private boolean topic(OptionUse use) throws OptionException {
        switch (use.name()) {
            case "machine" -> machines(use);
            case "cpu" -> {
                for (Architecture each : ServiceLoader.load(Architecture.class)) {
                    if (each.names().contains(architecture)) {
                        each.cpuModels(architecture).forEach(out::println);
                    }
                }
            }
            case "smp" ->
                out.print("smp-opts options:\n  clusters=<num>\n  cores=<num>\n  cpus=<num>\n  dies=<num>\n"
                        + "  maxcpus=<num>\n  sockets=<num>\n  threads=<num>\n");
            case "accel" -> accelerators(use);
            case "device" -> devices(use);
            case "object" -> objects(use);
            case "chardev" -> out.print(ChardevOptions.HELP);
            case "netdev" -> out.println(NETDEVS);
            case "nic" -> models(use);
            case "audio", "audiodev" -> out.println("Available audio drivers:\nnone");
            case "vga" -> out.println("none                 no graphic card (default)");
            case "d" -> out.print(LogItems.list());
            case "L", "kernel", "initrd", "append", "bios", "dtb", "D", "pidfile", "loadvm", "dfilter" -> {
                return false; // a file may be called so
            }
            case "boot" ->
                out.print("boot-opts options:\n  menu=<bool (on/off)>\n  once=<str>\n  order=<str>\n"
                        + "  reboot-timeout=<num>\n  splash-time=<num>\n  splash=<str>\n  strict=<bool (on/off)>\n");
            case "blockdev", "m" -> {
                return false; // the reference knows no help about them, and says so in its way
            }
            default -> general(use);
        }
        return true;
    }

    /** An option's parameters as the table has them. */
    private void general(OptionUse use) throws OptionException {
        if (use.spec().syntax() instanceof OptionSyntax.Flat flat
                && !flat.group().types().isEmpty()) {
            out.print(flat.group().help());
            return;
        }
        if (use.spec().argument().isEmpty()) {
            throw new OptionException("there is no help about this; -h lists the options");
        }
        out.println("-" + use.name() + " " + use.spec().argument() + "\n"
                + use.spec().help());
    }

    private void accelerators(OptionUse use) throws OptionException {
        String name = use.parameters().get("accel");
        if (name == null || isHelp(name)) {
            out.println("Accelerators supported in QEMU binary:\ntcg");
        } else if (name.equals("tcg")) {
            out.print(
                    "tcg-accel options:\n  one-insn-per-tb=<bool> - Only put one guest insn in each translation block\n"
                            + "  split-wx=<bool>        - Map jit pages into separate RW and RX regions\n"
                            + "  tb-size=<int>          - TCG translation block cache size\n  thread=<string>\n");
        } else {
            throw new OptionException("invalid accelerator " + name);
        }
    }

    private void machines(OptionUse use) {
        String name = OptionTrees.flatten(use).get("type");
        if (name != null) {
            for (Board board : Boards.of(architecture)) {
                if (board.name().equals(name) || board.aliases().contains(name)) {
                    out.println(board.name() + "-machine options:");
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

    private void objects(OptionUse use) throws OptionException {
        String name = OptionTrees.flatten(use).get("qom-type");
        if (name == null || isHelp(name)) {
            out.println("List of user creatable objects:");
            ObjectType.names().forEach(type -> out.println("  " + type));
            return;
        }
        ObjectType type = ObjectType.find(name);
        if (type == null) {
            throw ObjectType.unknown(name);
        }
        out.print(type.help());
    }

    private void models(OptionUse use) {
        if (isHelp(use.parameters().get("model"))) {
            out.println("Available NIC models for this configuration:");
        } else {
            out.println(NETDEVS + "\n\nAvailable NIC models (use -nic model=help for a filtered list):");
        }
        DeviceTypes.all().stream()
                .filter(type -> type.category().equals("Network"))
                .forEach(type -> out.println(type.name()));
    }

    private void devices(OptionUse use) throws OptionException {
        Map<String, String> given = OptionTrees.flatten(use);
        String driver = given.get("driver");
        if (driver != null && !isHelp(driver)) {
            properties(driver);
            return;
        }
        boolean started = false;
        for (String category : DeviceTypes.CATEGORIES) {
            List<DeviceTypes.Entry> types = DeviceTypes.all().stream()
                    .filter(type -> type.category().equals(category))
                    .toList();
            if (types.isEmpty()) {
                continue;
            }
            if (started) {
                out.println();
            }
            started = true;
            out.println(category + " devices:");
            for (DeviceTypes.Entry type : types) {
                out.println("name \"" + type.name() + "\""
                        + (type.bus().isEmpty() ? "" : ", bus " + type.bus())
                        + (type.description().isEmpty() ? "" : ", desc \"" + type.description() + "\""));
            }
        }
    }

    private void properties(String name) throws OptionException {
        DeviceTypes.Entry type = DeviceTypes.find(name);
        if (type == null) {
            throw new OptionException(Suggestion.after("Device '" + name + "' not found", name, DeviceTypes.names()));
        }
        out.println(name + " options:");
        for (Property property : type.properties()) {
            String left = "  " + property.name() + "=<" + property.kind().text() + ">";
            String initial = property.initial();
            if (property.kind() == PropertyKind.BOOL && initial != null) {
                initial = initial.equals("true") ? "on" : "off";
            }
            String more = property.help() + (initial == null || initial.isEmpty() ? "" : " (default: " + initial + ")");
            out.println(more.isBlank() ? left : String.format("%-24s - %s", left, more));
        }
    }
}
