package dev.rhea.cli.system;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceSpec;
import dev.rhea.board.DeviceTypes;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevException;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.Messages;
import dev.rhea.cli.NearMiss;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
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

/** One machine from its settings to its end. */
final class SystemRun {
    private final MachineSettings settings;
    private final Map<String, String> environment;
    private final CompletableFuture<Machine> built = new CompletableFuture<>();
    private final Chardevs chardevs;
    /** Labels of what monitors listen to. */
    private final List<String> monitors = new ArrayList<>();

    SystemRun(String program, MachineSettings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
        chardevs = new Chardevs(
                new Multiplexer.Orders() {
                    @Override
                    public void exit() {
                        built.thenAccept(machine -> machine.quit(ShutdownCause.HOST_UI));
                    }

                    @Override
                    public void saveDisks() {
                        // Writes are not kept back: there is nothing to save.
                    }
                },
                Multiplexer.DEFAULT_ESCAPE,
                message -> Messages.error().println(program + ": " + message));
    }

    int run() throws OptionException {
        Machine machine = null;
        try {
            machine = build();
        } finally {
            if (machine == null) {
                chardevs.close(); // puts the terminal's modes back
            }
        }
        // A signal ends the process: the terminal is to be as it was.
        Runtime.getRuntime().addShutdownHook(new Thread(chardevs::close, "rhea-terminal"));
        try (Machine running = machine) {
            List<Monitor> open = new ArrayList<>();
            for (String label : monitors) {
                open.add(new Monitor(running, claim(label)));
            }
            built.complete(running);
            writePid();
            if (!settings.paused) {
                running.start();
            }
            Machine.End end = running.end().get();
            open.forEach(Monitor::close);
            return end.exitCode();
        } catch (InterruptedException | ExecutionException e) {
            throw new OptionException("the machine failed: " + e.getMessage());
        }
    }

    private void writePid() throws OptionException {
        String file = settings.pidfile;
        if (file != null) {
            try {
                Files.writeString(Path.of(file), ProcessHandle.current().pid() + "\n");
            } catch (IOException e) {
                throw new OptionException("cannot create PID file: " + e.getMessage());
            }
        }
    }

    private Machine build() throws OptionException {
        MachineBuilder builder =
                Machine.of(settings.architecture, settings.machine).memory(settings.memory);
        settings.machineOptions.forEach(builder::option);
        if (settings.cpu != null) {
            builder.cpu(settings.cpu);
        }
        if (settings.topology != null) {
            builder.topology(settings.topology);
        }
        if (settings.bios != null) {
            builder.bios(settings.bios);
        }
        if (settings.kernel != null) {
            builder.kernel(Path.of(settings.kernel));
        }
        if (settings.initrd != null) {
            builder.initrd(Path.of(settings.initrd));
        }
        if (settings.dtb != null) {
            builder.dtb(Path.of(settings.dtb));
        }
        builder.append(settings.append);
        String tiers = environment.get("RHEA_TIERS");
        if (tiers != null) {
            builder.tiers(Engine.Tiers.valueOf(tiers.toUpperCase(Locale.ROOT)));
        }
        builder.chardevs(chardevs);
        var opener = new BackendOpener(builder, chardevs, settings.snapshot);
        for (OptionUse use : settings.backends) {
            opener.open(use);
        }
        settings.devices.forEach(builder::device);
        consoles(builder);
        try {
            Machine machine = builder.build();
            machine.chassis().setActions(settings.noReboot, settings.noShutdown);
            return machine;
        } catch (BadMachineException e) {
            String message = String.valueOf(e.getMessage());
            throw new OptionException(message + hint(message));
        }
    }

    private String hint(String message) {
        String near = null;
        String first = "";
        if (message.startsWith("unsupported machine type")) {
            first = "\nUse -machine help to list supported machines";
            near = NearMiss.of(
                    settings.machine,
                    Boards.of(settings.architecture).stream().map(Board::name).toList());
        }
        for (DeviceSpec device : settings.devices) {
            if (message.equals("'" + device.driver() + "' is not a valid device model name")) {
                near = NearMiss.of(device.driver(), DeviceTypes.names());
            }
        }
        return first + (near == null ? "" : "\nDid you mean '" + near + "'?");
    }

    // ---- serial ports and monitors

    private void consoles(MachineBuilder builder) throws OptionException {
        int number = 0;
        for (OptionUse use : settings.serials) {
            try {
                String label = open(use.text(), "serial" + number++);
                builder.serial(label == null ? null : claim(label));
            } catch (OptionException e) {
                throw e.at(use.place());
            }
        }
        if (settings.serials.isEmpty()) {
            boolean terminal = settings.nographic && !settings.noDefaults;
            String label = open(terminal ? "mon:stdio" : "null", "serial0");
            builder.serial(label == null ? null : claim(label));
        }
        number = 0;
        for (OptionUse use : settings.monitors) {
            try {
                String label = open(use.text(), "compat_monitor" + number++);
                if (label != null) {
                    monitors.add(label);
                }
            } catch (OptionException e) {
                throw e.at(use.place());
            }
        }
    }

    /** Makes what {@code -serial} names; its label, or null for nothing. */
    private @Nullable String open(String text, String label) throws OptionException {
        if (text.equals("none")) {
            return null;
        }
        boolean withMonitor = text.startsWith("mon:");
        String place = withMonitor ? text.substring(4) : text;
        if (place.startsWith("chardev:")) {
            return place.substring("chardev:".length());
        }
        Map<String, String> values = ConsolePlaces.parse(place);
        values.put("id", label);
        if (withMonitor) {
            values.put("mux", "on");
            if (place.equals("stdio")) {
                values.put("signal", "off");
            }
            monitors.add(label);
        }
        try {
            chardevs.create(new ChardevOptions(values));
        } catch (ChardevException e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
        return label;
    }

    private Chardev claim(String label) throws OptionException {
        try {
            return chardevs.claim(label);
        } catch (ChardevException e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
    }
}
