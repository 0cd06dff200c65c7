package dev.rhea.cli.system;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.DeviceSpec;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevException;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.Messages;
import dev.rhea.cli.NearMiss;
import dev.rhea.cli.UsageError;
import dev.rhea.control.hmp.Monitor;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.machine.ShutdownCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One machine from its options to its end. */
final class SystemRun {
    private final String program;
    private final String architecture;
    private final String board;
    private final SystemOptions options;
    private final Map<String, String> environment;
    private final CompletableFuture<Machine> built = new CompletableFuture<>();
    private final Chardevs chardevs;
    private final List<String> monitors = new ArrayList<>();

    SystemRun(
            String program, String architecture, String board, SystemOptions options, Map<String, String> environment) {
        this.program = program;
        this.architecture = architecture;
        this.board = board;
        this.options = options;
        this.environment = environment;
        chardevs = new Chardevs(
                new Multiplexer.Orders() {
                    @Override
                    public void exit() {
                        built.thenAccept(machine -> machine.quit(ShutdownCause.HOST_UI));
                    }

                    @Override
                    public void saveDisks() {}
                },
                Multiplexer.DEFAULT_ESCAPE,
                message -> Messages.error().println(message));
    }

    int run() throws UsageError {
        Machine machine = null;
        try {
            machine = build();
        } finally {
            if (machine == null) {
                chardevs.close(); // puts the terminal's modes back
            }
        }
        Thread hook = new Thread(chardevs::close, "rhea-terminal");
        Runtime.getRuntime().addShutdownHook(hook);
        try (Machine running = machine) {
            List<Monitor> open = new ArrayList<>();
            for (String label : monitors) {
                open.add(new Monitor(running, claim("-monitor", label)));
            }
            built.complete(running);
            String pidfile = options.pidfile;
            if (pidfile != null) {
                writePid(pidfile);
            }
            if (!options.paused) {
                running.start();
            }
            Machine.End end = running.end().get();
            open.forEach(Monitor::close);
            return end.exitCode();
        } catch (InterruptedException | ExecutionException e) {
            throw new UsageError("the machine failed: " + e.getMessage());
        }
    }

    private static void writePid(String file) throws UsageError {
        try {
            Files.writeString(Path.of(file), ProcessHandle.current().pid() + "\n");
        } catch (IOException e) {
            throw new UsageError("cannot create PID file: " + e.getMessage());
        }
    }

    private Machine build() throws UsageError {
        MachineBuilder builder = Machine.of(architecture, board).memory(options.memory);
        options.machineOptions.forEach(builder::option);
        if (options.cpu != null) {
            builder.cpu(options.cpu);
        }
        if (options.topology != null) {
            builder.topology(options.topology);
        }
        if (options.bios != null) {
            builder.bios(options.bios);
        }
        if (options.kernel != null) {
            builder.kernel(Path.of(options.kernel));
        }
        if (options.initrd != null) {
            builder.initrd(Path.of(options.initrd));
        }
        if (options.dtb != null) {
            builder.dtb(Path.of(options.dtb));
        }
        builder.append(options.append);
        String tiers = environment.get("RHEA_TIERS");
        if (tiers != null) {
            builder.tiers(Engine.Tiers.valueOf(tiers.toUpperCase(Locale.ROOT)));
        }
        options.devices.forEach(builder::device);
        var drives = new Drives(options.snapshot);
        for (SystemOptions.Typed drive : options.drives) {
            drives.add(drive, builder);
        }
        var networks = new Networks();
        for (SystemOptions.Typed netdev : options.netdevs) {
            networks.addNetdev(netdev, builder);
        }
        for (SystemOptions.Typed nic : options.nics) {
            networks.addNic(nic, builder);
        }
        characters(builder);
        try {
            Machine machine = builder.build();
            machine.chassis().setActions(options.noReboot, options.noShutdown);
            return machine;
        } catch (BadMachineException e) {
            throw new UsageError(e.getMessage() + hint(e.getMessage()));
        }
    }

    private String hint(String message) {
        if (message.startsWith("unsupported machine type")) {
            String near = NearMiss.of(
                    board,
                    dev.rhea.board.Boards.of(architecture).stream()
                            .map(dev.rhea.board.Board::name)
                            .toList());
            return "\nUse -machine help to list supported machines"
                    + (near == null ? "" : "\nDid you mean '" + near + "'?");
        }
        if (message.endsWith("is not a valid device model name")) {
            for (DeviceSpec device : options.devices) {
                String near = NearMiss.of(
                        device.driver(),
                        dev.rhea.board.DeviceTypes.all().stream()
                                .map(dev.rhea.board.DeviceType::name)
                                .toList());
                if (message.contains("'" + device.driver() + "'") && near != null) {
                    return "\nDid you mean '" + near + "'?";
                }
            }
        }
        return "";
    }

    // ---- serial ports and monitors

    private void characters(MachineBuilder builder) throws UsageError {
        for (SystemOptions.Typed typed : options.chardevs) {
            KeyValues values = KeyValues.parse(typed.text(), "backend");
            make(typed.option(), values.rest());
        }
        List<String> serials = options.serials;
        List<String> wanted = options.monitors;
        if (serials.isEmpty() && !options.noDefaults) {
            serials = List.of(options.nographic ? "mon:stdio" : "null");
        }
        if (wanted.isEmpty() && !options.noDefaults && !options.nographic) {
            wanted = List.of("none");
        }
        int number = 0;
        for (String serial : serials) {
            String label = character("-serial " + serial, serial, "serial" + number++);
            builder.serial(label == null ? null : claim("-serial " + serial, label));
        }
        if (serials.isEmpty()) {
            builder.serial(null);
        }
        number = 0;
        for (String monitor : wanted) {
            String label = character("-monitor " + monitor, monitor, "compat_monitor" + number++);
            if (label != null) {
                monitors.add(label);
            }
        }
        builder.chardevs(chardevs);
    }

    private Chardev claim(String typed, String label) throws UsageError {
        try {
            return chardevs.claim(label);
        } catch (ChardevException e) {
            throw new UsageError(typed + ": " + e.getMessage());
        }
    }

    /** A back end in the short form of {@code -serial}: makes it and gives its label; null for none. */
    private @Nullable String character(String typed, String text, String label) throws UsageError {
        if (text.equals("none")) {
            return null;
        }
        boolean withMonitor = text.startsWith("mon:");
        String device = withMonitor ? text.substring(4) : text;
        if (device.startsWith("chardev:")) {
            return device.substring(8);
        }
        Map<String, String> values = ShortForms.parse(device);
        values.put("id", label);
        if (withMonitor || options.nographic && device.equals("stdio")) {
            values.put("mux", "on");
            values.put("signal", "off");
            monitors.add(label);
        }
        make(typed, values);
        return label;
    }

    private void make(String typed, Map<String, String> values) throws UsageError {
        try {
            chardevs.create(new dev.rhea.chardev.ChardevOptions(values));
        } catch (ChardevException e) {
            throw new UsageError(typed + ": " + e.getMessage());
        }
    }
}
