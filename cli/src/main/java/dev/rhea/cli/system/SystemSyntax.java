package dev.rhea.cli.system;

import dev.rhea.board.DeviceSpec;
import dev.rhea.board.Topology;
import dev.rhea.cli.NearMiss;
import dev.rhea.cli.UsageError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a command line. Options are in the reference's groups; the order in which devices are given is kept. */
final class SystemSyntax {
    @FunctionalInterface
    private interface Reader {
        void read(SystemOptions to, String text) throws UsageError;
    }

    /**
     * An option.
     *
     * @param argument what follows it, for help; null for nothing
     */
    private record Option(@Nullable String argument, String help, Reader reader) {}

    private final Map<String, Option> options = new LinkedHashMap<>();

    SystemSyntax() {
        machine();
        boot();
        backEnds();
        running();
    }

    private void with(String names, String argument, String help, Reader reader) {
        for (String name : names.split("\\|")) {
            options.put(name, new Option(argument, help, reader));
        }
    }

    private void flag(String name, String help, java.util.function.Consumer<SystemOptions> set) {
        options.put(name, new Option(null, help, (to, text) -> set.accept(to)));
    }

    private void machine() {
        with("M|machine", "[type=]name[,prop=value...]", "the machine; -M help lists them", (to, text) -> {
            KeyValues values = KeyValues.parse(text, "type");
            String type = values.take("type");
            if (type != null) {
                to.machine = type;
            }
            to.machineOptions.putAll(values.rest());
        });
        with("cpu", "model[,feature=on|off...]", "the CPU model; -cpu help lists them", (to, text) -> to.cpu = text);
        with(
                "smp",
                "[cpus=]n[,maxcpus=n][,sockets=n][,cores=n][,threads=n]",
                "how many processors",
                (to, text) -> to.topology = Topologies.parse(text));
        with("m", "[size=]megabytes[,slots=n,maxmem=size]", "how much memory", (to, text) -> {
            KeyValues values = KeyValues.parse(text, "size");
            to.memory = Sizes.megabytes("size", values.take("size", "128"));
            values.take("slots");
            values.take("maxmem");
            values.finish();
        });
        with("accel", "[accel=]name", "tcg is what there is", (to, text) -> {
            String name = KeyValues.parse(text, "accel").take("accel", "tcg");
            if (!name.equals("tcg") && !name.equals("help")) {
                throw new UsageError("invalid accelerator " + name);
            }
        });
        with(
                "device",
                "driver[,prop=value...]",
                "adds a device; -device help lists them, -device NAME,help its properties",
                (to, text) -> {
                    KeyValues values = KeyValues.parse(text, "driver");
                    String driver = values.take("driver");
                    if (driver == null) {
                        throw new UsageError("Parameter 'driver' is missing");
                    }
                    if (driver.equals("help") || driver.equals("?")) {
                        to.help = "device";
                    } else if (values.take("help") != null) {
                        to.help = driver;
                    } else {
                        String id = values.take("id");
                        String bus = values.take("bus");
                        to.devices.add(new DeviceSpec(driver, id, bus, values.rest()));
                    }
                });
        with("object", "type,id=name[,prop=value...]", "adds an object", (to, text) -> {
            String type = KeyValues.parse(text, "qom-type").take("qom-type", "");
            if (!List.of("rng-random", "rng-builtin", "iothread", "memory-backend-ram")
                    .contains(type)) {
                throw new UsageError("Parameter 'qom-type' does not accept value '" + type + "'");
            }
        });
        with("global", "driver.prop=value", "a default for all devices of a type", (to, text) -> {});
        with(
                "name",
                "[guest=]name",
                "the machine's name",
                (to, text) -> to.name = KeyValues.parse(text, "guest").take("guest"));
        with("uuid", "uuid", "the machine's UUID", (to, text) -> {
            if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
                throw new UsageError("failed to parse UUID string: wrong format");
            }
        });
        with("rtc", "[base=utc|localtime|date][,clock=host|rt|vm]", "the clock's start", (to, text) -> {});
    }

    private void boot() {
        with("bios", "file", "firmware; none, or default", (to, text) -> to.bios = text);
        with("kernel", "file", "a kernel to start", (to, text) -> to.kernel = text);
        with("initrd", "file", "its initial file system", (to, text) -> to.initrd = text);
        with("append", "text", "its command line", (to, text) -> to.append = text);
        with("dtb", "file", "a device tree instead of the machine's", (to, text) -> to.dtb = text);
        with("boot", "[order=...]", "boot order, for firmware that asks", (to, text) -> {});
        with("L", "path", "where firmware files are", (to, text) -> {});
    }

    private void backEnds() {
        with(
                "drive",
                "file=f,if=none|virtio,id=name,format=raw[,...]",
                "a disk",
                (to, text) -> to.drives.add(new SystemOptions.Typed("-drive " + text, text)));
        with(
                "netdev",
                "user|tap|socket,id=name[,...]",
                "a network back end",
                (to, text) -> to.netdevs.add(new SystemOptions.Typed("-netdev " + text, text)));
        with(
                "nic",
                "user|none[,model=name][,...]",
                "a network back end with a card",
                (to, text) -> to.nics.add(new SystemOptions.Typed("-nic " + text, text)));
        with(
                "chardev",
                "stdio|file|pipe|socket|pty|null|ringbuf,id=name[,...]",
                "a character back end",
                (to, text) -> to.chardevs.add(new SystemOptions.Typed("-chardev " + text, text)));
        with("serial", "dev", "what the next serial port is connected to", (to, text) -> to.serials.add(text));
        with("monitor", "dev", "where the monitor is", (to, text) -> to.monitors.add(text));
        with("display", "none", "no display is what there is", (to, text) -> {
            if (!text.equals("none")) {
                throw new UsageError("Parameter 'type' does not accept value '" + text + "'");
            }
        });
        flag("nographic", "serial port and monitor on the terminal, no display", to -> to.nographic = true);
        flag("nodefaults", "only what is asked for", to -> to.noDefaults = true);
        flag("no-user-config", "reads no configuration, which is always so", to -> {});
    }

    private void running() {
        flag("S", "does not start", to -> to.paused = true);
        flag("no-reboot", "ends instead of restarting", to -> to.noReboot = true);
        flag("no-shutdown", "stops instead of ending", to -> to.noShutdown = true);
        flag("snapshot", "disks forget what was written", to -> to.snapshot = true);
        with("pidfile", "file", "where to write the process's number", (to, text) -> to.pidfile = text);
        with("d", "items", "what to log", (to, text) -> {});
        with("D", "file", "where to log to", (to, text) -> {});
        flag("version", "prints the version", to -> to.help = "version");
        flag("h", "prints this", to -> to.help = "help");
        flag("help", "prints this", to -> to.help = "help");
    }

    /** Reads the words after the architecture. Messages begin with the option as it was typed. */
    SystemOptions parse(List<String> words) throws UsageError {
        var result = new SystemOptions();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("-") || word.length() < 2) {
                // The reference takes a lone word for a disk image.
                result.drives.add(
                        new SystemOptions.Typed(word, "file=" + word.replace(",", ",,") + ",if=virtio,format=raw"));
                continue;
            }
            String name = word.startsWith("--") ? word.substring(2) : word.substring(1);
            Option option = options.get(name);
            if (option == null) {
                String near = NearMiss.of(name, options.keySet());
                throw new UsageError(word + ": invalid option" + (near == null ? "" : "\nDid you mean -" + near + "?"));
            }
            String typed = word;
            String text = "";
            if (option.argument != null) {
                if (i + 1 == words.size()) {
                    throw new UsageError(word + ": requires an argument");
                }
                text = words.get(++i);
                typed = word + " " + text;
                if ((text.equals("help") || text.equals("?"))
                        && List.of("M", "machine", "cpu", "chardev", "netdev").contains(name)) {
                    result.help = name.equals("M") ? "machine" : name;
                    continue;
                }
            }
            try {
                option.reader.read(result, text);
            } catch (UsageError e) {
                throw new UsageError(typed + ": " + e.getMessage());
            }
        }
        return result;
    }

    /** What {@code -h} prints. */
    String help(String program) {
        var text = new StringBuilder("usage: " + program + " [options] [disk_image]\n\n");
        options.forEach((name, option) -> text.append(String.format(
                "  %-44s %s%n", "-" + name + (option.argument == null ? "" : " " + option.argument), option.help)));
        return text.toString();
    }

    /** {@code -smp}. */
    private static final class Topologies {
        static Topology parse(String text) throws UsageError {
            KeyValues values = KeyValues.parse(text, "cpus");
            int cpus = number(values, "cpus");
            int sockets = number(values, "sockets");
            int cores = number(values, "cores");
            int threads = number(values, "threads");
            int max = number(values, "maxcpus");
            values.take("dies");
            values.take("clusters");
            values.finish();
            if (threads == 0) {
                threads = 1;
            }
            if (sockets == 0 && cores == 0) {
                sockets = 1;
                cores = Math.max(1, (max > 0 ? max : Math.max(cpus, 1)) / threads);
            } else if (sockets == 0) {
                sockets = Math.max(1, (max > 0 ? max : Math.max(cpus, 1)) / (cores * threads));
            } else if (cores == 0) {
                cores = Math.max(1, (max > 0 ? max : Math.max(cpus, 1)) / (sockets * threads));
            }
            int product = sockets * cores * threads;
            if (max == 0) {
                max = product;
            }
            if (cpus == 0) {
                cpus = max;
            }
            if (product != max) {
                throw new UsageError("Invalid CPU topology: product of the hierarchy must match maxcpus: sockets ("
                        + sockets + ") * cores (" + cores + ") * threads (" + threads + ") != maxcpus (" + max + ")");
            }
            if (max < cpus) {
                throw new UsageError(
                        "Invalid CPU topology: maxcpus must be equal to or greater than smp: sockets (" + sockets
                                + ") * cores (" + cores + ") * threads (" + threads + ") == maxcpus (" + max
                                + ") < smp_cpus (" + cpus
                                + ")");
            }
            return new Topology(cpus, max, sockets, cores, threads);
        }

        private static int number(KeyValues values, String key) throws UsageError {
            String text = values.take(key);
            if (text == null) {
                return 0;
            }
            try {
                int value = Integer.parseInt(text);
                if (value > 0) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw new UsageError("Parameter '" + key + "' expects a number");
            }
            throw new UsageError("Invalid CPU topology: CPU topology parameters must be greater than zero");
        }
    }
}
