package dev.rhea.cli.system;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineSpec;
import dev.rhea.chardev.Chardevs;
import dev.rhea.chardev.Multiplexer;
import dev.rhea.cli.options.CommandLine;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import dev.rhea.cli.options.SystemOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** A command line as a user types it behind {@code -M virt}, without a process. */
final class Typed {
    static final String PROGRAM = "qemu-system-riscv64";

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Complaints complaints = new Complaints(
            PROGRAM,
            new PrintStream(said, true, StandardCharsets.ISO_8859_1),
            Clock.fixed(Instant.parse("2026-01-02T03:04:05.000678Z"), ZoneOffset.UTC));
    private final List<OptionUse> uses;

    Typed(String... words) throws OptionException {
        uses = CommandLine.parse(
                SystemOptions.table(),
                Stream.concat(Stream.of("-M", "virt"), Stream.of(words)).toList(),
                path -> Files.readString(Path.of(path), StandardCharsets.ISO_8859_1),
                complaints::say);
    }

    MachineSettings settings() throws OptionException {
        MachineSettings settings = new MachineSettings("riscv64", complaints);
        for (OptionUse use : uses) {
            settings.take(use);
        }
        return settings;
    }

    /** What the machine is, with its back ends opened. */
    MachineSpec spec() throws Exception {
        MachineSettings settings = settings();
        var chardevs = new Chardevs(
                new Multiplexer.Orders() {
                    @Override
                    public void exit() {}

                    @Override
                    public void saveDisks() {}
                },
                1,
                complaints::say);
        settings.settle();
        settings.builder.chardevs(chardevs);
        settings.objects.make(settings.builder, null);
        new BackendOpener(settings, chardevs).openAll();
        settings.devices.all().forEach(settings.builder::device);
        try (Machine machine = settings.builder.build()) {
            return machine.spec();
        } catch (BadMachineException e) {
            throw new Hints(settings).of(e);
        }
    }

    /** What help prints; empty where none was asked for. */
    String help() throws OptionException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new SystemHelp(PROGRAM, "riscv64", new PrintStream(out, true, StandardCharsets.ISO_8859_1)).answers(uses);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    /** What was said so far. */
    String said() {
        return said.toString(StandardCharsets.ISO_8859_1);
    }

    /** What is said of a line that is wrong: its first line, without the program. */
    static String complaint(String... words) throws Exception {
        return whole(words).lines().findFirst().orElse("");
    }

    /** The same with hints. */
    static String whole(String... words) throws Exception {
        try {
            new Typed(words).spec();
            return "";
        } catch (OptionException e) {
            String report = e.report(PROGRAM);
            return report.substring(PROGRAM.length() + 2);
        }
    }
}
