package dev.rhea.cli.system;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceSpec;
import dev.rhea.board.Topology;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.Quantities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command line says of the machine, option by option. Back ends are opened later, in their order. */
final class MachineSettings {
    private static final long MEBIBYTE = 1 << 20;
    private static final List<String> OBJECTS = List.of("rng-random", "rng-builtin", "iothread", "memory-backend-ram");

    final String architecture;
    String machine;
    final Map<String, String> machineOptions = new LinkedHashMap<>();

    @Nullable
    String cpu;

    @Nullable
    Topology topology;

    /** Bytes, 0 for the board's default. */
    long memory;

    @Nullable
    String bios;

    @Nullable
    String kernel;

    @Nullable
    String initrd;

    @Nullable
    String dtb;

    String append = "";
    final List<DeviceSpec> devices = new ArrayList<>();

    /** Drives, network cards and character devices. */
    final List<OptionUse> backends = new ArrayList<>();

    final List<OptionUse> serials = new ArrayList<>();
    final List<OptionUse> monitors = new ArrayList<>();
    boolean nographic;
    boolean noReboot;
    boolean noShutdown;
    boolean snapshot;
    boolean paused;
    boolean noDefaults;

    @Nullable
    String pidfile;

    MachineSettings(String architecture) {
        this.architecture = architecture;
        List<Board> boards = Boards.of(architecture);
        machine = boards.stream()
                .filter(Board::isDefault)
                .map(Board::name)
                .findFirst()
                .orElse(boards.getFirst().name());
    }

    /** Takes one option. */
    void take(OptionUse use) throws OptionException {
        try {
            set(use);
        } catch (OptionException e) {
            throw e.at(use.place());
        }
    }

    private void set(OptionUse use) throws OptionException {
        switch (use.name()) {
            case "machine" -> {
                Map<String, String> values = flatten(use);
                String type = values.remove("type");
                if (type != null) {
                    machine = type;
                }
                checkAccelerator(values.remove("accel"));
                machineOptions.putAll(values);
            }
            case "cpu" -> cpu = use.text();
            case "smp" -> topology = topology(flatten(use));
            case "m" -> {
                String size = use.parameters().get("size");
                if (size != null) {
                    boolean bare = Character.isDigit(size.charAt(size.length() - 1));
                    memory = Quantities.size("size", size) * (bare ? MEBIBYTE : 1);
                }
            }
            case "accel" -> checkAccelerator(use.parameters().get("accel"));
            case "bios" -> bios = use.text();
            case "kernel" -> kernel = use.text();
            case "initrd" -> initrd = use.text();
            case "append" -> append = use.text();
            case "dtb" -> dtb = use.text();
            case "device" -> devices.add(device(use));
            case "object" -> object(use);
            case "drive", "hda", "hdb", "hdc", "hdd", "pflash", "netdev", "nic", "chardev", "fsdev", "virtfs" ->
                backends.add(use);
            case "serial" -> serials.add(use);
            case "monitor" -> monitors.add(use);
            case "display" -> {
                String type = flatten(use).get("type");
                if (!"none".equals(type)) {
                    throw new OptionException("Parameter 'type' does not accept value '" + type + "'");
                }
            }
            case "nographic" -> nographic = true;
            case "no-reboot" -> noReboot = true;
            case "no-shutdown" -> noShutdown = true;
            case "action" -> {
                Parameters actions = use.parameters();
                noReboot |= "shutdown".equals(actions.oneOf("reboot", List.of("reset", "shutdown")));
                noShutdown |= "pause".equals(actions.oneOf("shutdown", List.of("poweroff", "pause")));
            }
            case "snapshot" -> snapshot = true;
            case "S" -> paused = true;
            case "nodefaults" -> noDefaults = true;
            case "pidfile" -> pidfile = use.text();
            // What they ask for is so, or makes no difference to a machine that has no display, ROMs or clock of
            // another kind.
            case "name",
                    "uuid",
                    "L",
                    "rtc",
                    "boot",
                    "no-user-config",
                    "msg",
                    "overcommit",
                    "seed",
                    "d",
                    "D",
                    "dfilter" -> {}
            default -> throw new OptionException("this option is not there yet");
        }
    }

    private static void checkAccelerator(@Nullable String name) throws OptionException {
        if (name != null && !name.equals("tcg")) {
            throw new OptionException("invalid accelerator " + name);
        }
    }

    private static Map<String, String> flatten(OptionUse use) {
        Map<String, String> values = new LinkedHashMap<>();
        if (use.data() instanceof OptionData.Tree tree) {
            flatten("", tree.root(), values);
        }
        return values;
    }

    private static void flatten(String prefix, JsonObject object, Map<String, String> to) {
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            JsonElement value = entry.getValue();
            if (value.isJsonObject()) {
                flatten(prefix + entry.getKey() + ".", value.getAsJsonObject(), to);
            } else if (value.isJsonPrimitive()) {
                to.put(prefix + entry.getKey(), value.getAsString());
            } else {
                to.put(prefix + entry.getKey(), value.toString());
            }
        }
    }

    private static DeviceSpec device(OptionUse use) throws OptionException {
        Map<String, String> values;
        if (use.data() instanceof OptionData.Flat flat) {
            values = flat.parameters().toMap();
        } else {
            values = flatten(use);
        }
        String driver = values.remove("driver");
        if (driver == null) {
            throw new OptionException("Parameter 'driver' is missing");
        }
        String id = values.remove("id");
        String bus = values.remove("bus");
        return new DeviceSpec(driver, id, bus, values);
    }

    private static void object(OptionUse use) throws OptionException {
        Map<String, String> values =
                use.data() instanceof OptionData.Flat flat ? flat.parameters().toMap() : flatten(use);
        String type = values.get("qom-type");
        if (type == null) {
            throw new OptionException("Parameter 'qom-type' is missing");
        }
        if (!OBJECTS.contains(type)) {
            throw new OptionException("Parameter 'qom-type' does not accept value '" + type + "'");
        }
        if (!values.containsKey("id")) {
            throw new OptionException("Parameter 'id' is missing");
        }
    }

    private static Topology topology(Map<String, String> values) throws OptionException {
        int cpus = number(values, "cpus");
        int sockets = number(values, "sockets");
        int cores = number(values, "cores");
        int threads = Math.max(1, number(values, "threads"));
        int max = number(values, "maxcpus");
        for (String other : List.of("dies", "clusters")) {
            if (number(values, other) > 1) {
                throw new OptionException(other + " not supported by this machine's CPU topology");
            }
        }
        for (String left : values.keySet()) {
            throw new OptionException("Parameter '" + left + "' is unexpected");
        }
        int wanted = max > 0 ? max : Math.max(cpus, 1);
        if (sockets == 0 && cores == 0) {
            sockets = 1;
            cores = Math.max(1, wanted / threads);
        } else if (sockets == 0) {
            sockets = Math.max(1, wanted / (cores * threads));
        } else if (cores == 0) {
            cores = Math.max(1, wanted / (sockets * threads));
        }
        int product = sockets * cores * threads;
        max = max == 0 ? product : max;
        cpus = cpus == 0 ? max : cpus;
        String hierarchy = "sockets (" + sockets + ") * cores (" + cores + ") * threads (" + threads + ")";
        if (product != max) {
            throw new OptionException("Invalid CPU topology: product of the hierarchy must match maxcpus: " + hierarchy
                    + " != maxcpus (" + max + ")");
        }
        if (max < cpus) {
            throw new OptionException("Invalid CPU topology: maxcpus must be equal to or greater than smp: " + hierarchy
                    + " == maxcpus (" + max + ") < smp_cpus (" + cpus + ")");
        }
        return new Topology(cpus, max, sockets, cores, threads);
    }

    private static int number(Map<String, String> values, String key) throws OptionException {
        String text = values.remove(key);
        if (text == null) {
            return 0;
        }
        long value = Quantities.signed(key, text);
        if (value < 1 || value > 4096) {
            throw new OptionException(
                    value < 1
                            ? "Invalid CPU topology: CPU topology parameters must be greater than zero"
                            : "Invalid SMP CPUs " + value + ". More than 4096 are not there");
        }
        return (int) value;
    }
}
