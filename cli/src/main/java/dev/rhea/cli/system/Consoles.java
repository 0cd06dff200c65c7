package dev.rhea.cli.system;

import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevException;
import dev.rhea.chardev.ChardevOptions;
import dev.rhea.chardev.Chardevs;
import dev.rhea.cli.options.LineTarget;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionSyntax;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.SystemOptions;
import dev.rhea.control.hmp.Monitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Opens what serial ports and monitors lead to. Serial ports have the keys first; a monitor on the same terminal waits until the
 * user switches to it.
 */
final class Consoles implements AutoCloseable {
    private final MachineSettings settings;
    private final Chardevs chardevs;

    /** What monitors listen to: labels, and the options that named them. */
    private final List<Listened> listened = new ArrayList<>();

    private final List<Monitor> monitors = new ArrayList<>();

    /** @param use null where the place is the serial port's */
    private record Listened(String label, @Nullable OptionUse use) {}

    Consoles(MachineSettings settings, Chardevs chardevs) {
        this.settings = settings;
        this.chardevs = chardevs;
    }

    /** Opens serial ports for the machine, and what its monitors will listen to. */
    void open(MachineBuilder builder) throws OptionException {
        ConsoleSettings wanted = settings.consoles;
        boolean terminal = wanted.nographic && !settings.run.noDefaults;
        boolean ownSerial = wanted.serials.isEmpty();
        boolean ownMonitor = wanted.monitors.isEmpty();
        for (OptionUse use : wanted.monitors) {
            if (use.name().equals("mon")) {
                existing(use);
            } else {
                listen(open(use.text(), "compat_monitor" + listened.size(), use), use);
            }
        }
        List<@Nullable String> serials = new ArrayList<>();
        Map<String, OptionUse> places = new LinkedHashMap<>();
        for (OptionUse use : wanted.serials) {
            String label = open(use.text(), "serial" + serials.size(), use);
            serials.add(label);
            if (label != null) {
                places.put(label, use);
            }
        }
        if (ownSerial) {
            serials.add(open(terminal ? ownMonitor ? "mon:stdio" : "stdio" : "null", "serial0", null));
        } else if (ownMonitor && terminal && listened.isEmpty()) {
            listen(open("stdio", "compat_monitor0", null), null);
        }
        for (String label : serials) {
            builder.serial(label == null ? null : serial(label, places.get(label)));
        }
    }

    private Chardev serial(String label, @Nullable OptionUse use) throws OptionException {
        if (use != null && !chardevs.contains(label)) {
            throw use.wrong("could not connect serial device to character backend '" + use.text()
                    + "'\nThere is no -chardev with id=" + label);
        }
        return claim(label, true, use);
    }

    private void listen(@Nullable String label, @Nullable OptionUse use) {
        if (label != null) {
            listened.add(new Listened(label, use));
        }
    }

    /** {@code -mon}. */
    private void existing(OptionUse use) throws OptionException {
        try {
            Parameters given = use.parameters();
            String label = given.required("chardev");
            String mode = given.oneOf("mode", List.of("control", "readline"));
            if ("control".equals(mode)) {
                throw new OptionException(
                        "the monitor for programs (QMP) is not there yet; mode=readline is for people");
            }
            if (given.has("pretty")) {
                throw new OptionException("'pretty' is not compatible with HMP monitors");
            }
            if (!chardevs.contains(label)) {
                throw new OptionException("chardev \"" + label + "\" not found");
            }
            listened.add(new Listened(label, use));
        } catch (OptionException e) {
            throw use.wrong(e);
        }
    }

    /** Has monitors listen, once serial ports have their lines. @param machine is there when commands are to be run */
    void listen(Future<Machine> machine) throws OptionException {
        for (Listened each : listened) {
            monitors.add(new Monitor(machine, claim(each.label, false, each.use)));
        }
    }

    /** Makes what {@code -serial} names; its label, or null for nothing. */
    private @Nullable String open(String text, String label, @Nullable OptionUse use) throws OptionException {
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
                    if (settings.run.daemon && "stdio".equals(made.values().get("backend"))) {
                        throw new OptionException("cannot use stdio with -daemonize");
                    }
                    Map<String, String> values = new LinkedHashMap<>(made.values());
                    values.put("id", label);
                    chardevs.create(new ChardevOptions(values));
                    if (made.withMonitor()) {
                        listen(label, use);
                    }
                    return label;
                }
            }
        } catch (OptionException e) {
            throw use == null ? e : use.wrong(e);
        } catch (ChardevException e) {
            throw wrong(use, String.valueOf(e.getMessage()));
        }
    }

    private Chardev claim(String label, boolean hasKeys, @Nullable OptionUse use) throws OptionException {
        try {
            return hasKeys ? chardevs.claim(label) : chardevs.claimBehind(label);
        } catch (ChardevException e) {
            throw wrong(use, String.valueOf(e.getMessage()));
        }
    }

    private static OptionException wrong(@Nullable OptionUse use, String message) {
        return use == null ? new OptionException(message) : use.wrong(message);
    }

    @Override
    public void close() {
        monitors.forEach(Monitor::close);
    }
}
