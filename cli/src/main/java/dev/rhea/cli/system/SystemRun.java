package dev.rhea.cli.system;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Board;
import dev.rhea.board.Boards;
import dev.rhea.board.DeviceSpec;
import dev.rhea.board.DeviceTypes;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.board.MachineOption;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevException;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.Messages;
import dev.rhea.cli.NearMiss;
import dev.rhea.cli.options.LineTarget;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionSyntax;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.SystemOptions;
import dev.rhea.control.hmp.Monitor;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.machine.ShutdownCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One machine from its settings to its end. */
final class SystemRun {
    private final String program;
    private final MachineSettings settings;
    private final Map<String, String> environment;
    private final CompletableFuture<Machine> built = new CompletableFuture<>();
    private final Chardevs chardevs;
    /** Labels of what monitors listen to. */
    private final List<String> listened = new ArrayList<>();

    private final List<Monitor> monitors = new ArrayList<>();

    SystemRun(String program, MachineSettings settings, Map<String, String> environment) {
        this.program = program;
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
            built.complete(running);
            if (dumpsDeviceTree(running)) {
                return 0;
            }
            writePid();
            if (!settings.paused) {
                running.start();
            }
            Machine.End end = running.end().get();
            monitors.forEach(Monitor::close);
            return end.exitCode();
        } catch (InterruptedException | ExecutionException e) {
            throw new OptionException("the machine failed: " + e.getMessage());
        }
    }

    /** {@code dumpdtb}: writes the device tree, and then nothing runs. @return whether that is wanted */
    private boolean dumpsDeviceTree(Machine machine) throws OptionException {
        String file = settings.machineOptions.get("dumpdtb");
        byte[] tree = machine.deviceTree();
        if (file == null || tree == null) {
            return false;
        }
        try {
            Files.write(Path.of(file), tree);
        } catch (IOException e) {
            throw new OptionException("qemu_fdt_dumpdtb: Failed dumping dtb to " + file);
        }
        Messages.error().println(program + ": info: dtb dumped to " + file + ". Exiting.");
        return true;
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
        for (String option : settings.machineOptions.keySet()) {
            for (Board board : Boards.of(settings.architecture)) {
                if (message.equals(MachineOption.notFound(board.name(), option))) {
                    near = NearMiss.of(
                            option,
                            MachineOption.of(board).stream()
                                    .map(MachineOption::name)
                                    .toList());
                }
            }
        }
        return first + (near == null ? "" : "\nDid you mean '" + near + "'?");
    }

    // ---- serial ports and monitors

    /**
     * Where serial ports and monitors lead. Monitors listen first: of several front ends on one terminal the one that comes last
     * has the keys, and that is the serial port.
     */
    private void consoles(MachineBuilder builder) throws OptionException {
        List<@Nullable String> serials = new ArrayList<>();
        for (OptionUse use : settings.serials) {
            serials.add(open(use.text(), "serial" + serials.size(), use.place()));
        }
        if (serials.isEmpty()) {
            boolean terminal = settings.nographic && !settings.noDefaults;
            serials.add(open(terminal ? "mon:stdio" : "null", "serial0", "-serial"));
        }
        int number = 0;
        for (OptionUse use : settings.monitors) {
            String label = open(use.text(), "compat_monitor" + number++, use.place());
            if (label != null) {
                listened.add(label);
            }
        }
        for (String label : listened) {
            monitors.add(new Monitor(built, claim(label)));
        }
        for (String label : serials) {
            builder.serial(label == null ? null : claim(label));
        }
    }

    /** Makes what {@code -serial} names; its label, or null for nothing. */
    private @Nullable String open(String text, String label, String place) throws OptionException {
        try {
            OptionSyntax.Flat syntax = (OptionSyntax.Flat)
                    Objects.requireNonNull(SystemOptions.table().find("chardev"))
                            .syntax();
            switch (LineTarget.parse(text, syntax.group())) {
                case LineTarget.None _ -> {
                    return null;
                }
                case LineTarget.Existing existing -> {
                    return existing.id();
                }
                case LineTarget.Made made -> {
                    Map<String, String> values = new LinkedHashMap<>(made.values());
                    values.put("id", label);
                    chardevs.create(new ChardevOptions(values));
                    if (made.withMonitor()) {
                        listened.add(label);
                    }
                    return label;
                }
            }
        } catch (OptionException e) {
            throw e.at(place);
        } catch (ChardevException e) {
            throw new OptionException(String.valueOf(e.getMessage())).at(place);
        }
    }

    private Chardev claim(String label) throws OptionException {
        try {
            return chardevs.claim(label);
        } catch (ChardevException e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
    }
}
