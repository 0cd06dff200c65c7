package dev.rhea.cli.system;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Machine;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.LogRange;
import dev.rhea.cli.LogText;
import dev.rhea.cli.Messages;
import dev.rhea.cli.Statistics;
import dev.rhea.cli.UsageError;
import dev.rhea.cli.options.OptionException;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import dev.rhea.machine.ShutdownCause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One machine from its settings to its end. */
final class SystemRun {
    /** As much of a process's name as Linux keeps. */
    private static final int NAME_LENGTH = 15;

    private final MachineSettings settings;
    private final Complaints complaints;
    private final Map<String, String> environment;
    private final @Nullable Long seed;
    private final CompletableFuture<Machine> built = new CompletableFuture<>();
    private final Chardevs chardevs;
    private final Consoles consoles;

    /** @param seed of {@code -seed}; null where there is none */
    SystemRun(MachineSettings settings, Map<String, String> environment, @Nullable Long seed) {
        this.settings = settings;
        this.environment = environment;
        this.seed = seed;
        complaints = settings.complaints;
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
                settings.consoles.escape,
                complaints::say);
        consoles = new Consoles(settings, chardevs);
    }

    /** Makes the machine and runs it. @return what the process ends with */
    int run() throws OptionException {
        if (settings.run.daemon) {
            if (settings.consoles.nographic) {
                throw new OptionException("-nographic cannot be used with -daemonize");
            }
            if (!Daemon.isRunning(environment)) {
                return Daemon.start();
            }
        }
        try (Log log =
                new Log(settings.log.items, LogText.open(settings.log.file), LogRange.filter(settings.log.ranges))) {
            settings.builder.log(log);
            return runLogged();
        } catch (UsageError e) {
            throw new OptionException(String.valueOf(e.getMessage()));
        }
    }

    private int runLogged() throws OptionException {
        Machine machine = null;
        try {
            machine = build();
        } finally {
            if (machine == null) {
                chardevs.close(); // puts the terminal's modes back
            }
        }
        try (Machine running = machine) {
            if (dumpsDeviceTree(running)) {
                return 0;
            }
            // However the process ends: the terminal is to be as it was.
            Runtime.getRuntime().addShutdownHook(new Thread(chardevs::close, "rhea-terminal"));
            String file = settings.run.pidFile;
            try (PidFile pid = file == null ? null : PidFile.write(file)) {
                return run(running);
            }
        }
    }

    private int run(Machine machine) throws OptionException {
        consoles.listen(built);
        built.complete(machine);
        nameProcess();
        Signals.end(machine, complaints);
        if (settings.run.daemon) {
            Daemon.ready();
        }
        if (!settings.run.paused) {
            machine.start();
        }
        try {
            Machine.End end = machine.end().get();
            Engine engine = machine.engine();
            if (engine != null && (settings.run.statistics || environment.containsKey("RHEA_STATS"))) {
                Statistics.print(Messages.error(), engine);
            }
            return end.exitCode();
        } catch (InterruptedException | ExecutionException e) {
            throw new OptionException("the machine failed: " + e.getMessage());
        } finally {
            consoles.close();
        }
    }

    /** {@code -name process=}: what {@code ps} shows. */
    private void nameProcess() {
        String name = settings.run.processName;
        if (name != null) {
            try {
                Files.writeString(Path.of("/proc/self/comm"), name.substring(0, Math.min(NAME_LENGTH, name.length())));
            } catch (IOException e) {
                complaints.say("warning: the process keeps its name: " + e.getMessage());
            }
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
        complaints.say("info: dtb dumped to " + file + ". Exiting.");
        return true;
    }

    private Machine build() throws OptionException {
        settings.settle();
        var builder = settings.builder;
        String bios = settings.firmware.bios();
        if (bios != null) {
            builder.bios(bios);
        }
        String tiers = environment.get("RHEA_TIERS");
        if (settings.run.interpretOnly) {
            builder.tiers(Engine.Tiers.INTERPRETER);
        } else if (tiers != null) {
            builder.tiers(Engine.Tiers.valueOf(tiers.toUpperCase(Locale.ROOT)));
        }
        builder.chardevs(chardevs);
        if (seed != null) {
            builder.seed(seed);
        }
        settings.objects.make(builder, seed);
        new BackendOpener(settings, chardevs).openAll();
        settings.devices.all().forEach(builder::device);
        consoles.open(builder);
        try {
            Machine machine = builder.build();
            machine.warnings().forEach(complaints::say);
            machine.chassis().setActions(settings.run.noReboot, settings.run.noShutdown);
            return machine;
        } catch (BadMachineException e) {
            throw new Hints(settings).of(e);
        }
    }
}
