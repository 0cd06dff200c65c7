package dev.rhea.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Machines that boot Debian's kernel, on the reference and on Rhea, and what runs in them. */
final class Machines {
    private static final String APPEND = "console=ttyS0 panic=-1 quiet";

    /** Beside what {@link #run} is given. */
    static final Map<String, String> ENVIRONMENT = Map.of("RHEA_NO_BUILD", "1");

    final Path home;
    final Path folder;
    final Guests guests;
    final String kernel;
    /** The reference, then Rhea. */
    final List<Emulator> emulators;

    Machines() throws IOException, InterruptedException {
        home = Path.of(System.getProperty("rhea.home", ".")).toAbsolutePath().normalize();
        folder = Files.createTempDirectory("rhea-bench");
        guests = new Guests(home);
        kernel = guests.get("kernel", "riscv64").resolve("vmlinuz").toString();
        String reference = guests.get("reference-system", "riscv64").toString();
        String version = Run.of(List.of(reference, "-version"), Map.of(), folder)
                .output()
                .replaceAll("(?s).*version ([0-9.]+).*", "$1");
        emulators = List.of(
                new Emulator("reference " + version, List.of(reference), false),
                new Emulator("Rhea", List.of(home.resolve("rhea").toString(), "system", "riscv64"), true));
    }

    /** Writes a line of the result. */
    static void say(String pattern, Object... values) {
        System.out.printf(Locale.ROOT, pattern + "%n", values);
        System.out.flush();
    }

    /** A static program for the guest. */
    Path compile(String name) throws IOException, InterruptedException {
        Path program = folder.resolve(name);
        Path source = home.resolve("bench/src/main/c/" + name + ".c");
        String compiler = guests.get("cc", "riscv64").toString();
        Measurement run = Run.of(
                List.of(compiler, "-O2", "-static", source.toString(), "-o", program.toString(), "-lm"),
                Map.of(),
                folder);
        if (run.status() != 0) {
            throw new IOException("cannot compile " + source + ":\n" + run.output());
        }
        return program;
    }

    /**
     * An initial file system that runs a script, then switches the machine off.
     *
     * @param modules kernel modules that are loaded first
     * @param programs files that come to /bin
     */
    Path initrd(String name, String script, List<String> modules, Path... programs)
            throws IOException, InterruptedException {
        Path init = folder.resolve(name);
        String text = "#!/bin/sh\nB=/bin/busybox\n"
                + "for i in proc:/proc sysfs:/sys devtmpfs:/dev; do $B mount -t ${i%:*} ${i%:*} ${i#*:}; done\n";
        if (!modules.isEmpty()) {
            text += "while read -r name; do $B insmod /modules/$name.ko; done </modules/order\n";
        }
        Files.writeString(init, text + script + "$B poweroff -f\n");
        Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> words = new ArrayList<>(List.of("initrd", "riscv64", init.toString()));
        words.addAll(modules);
        for (Path program : programs) {
            words.add(program.toString());
        }
        return guests.get(words.toArray(String[]::new));
    }

    /** The command that starts such a machine. */
    List<String> command(Emulator emulator, int cpus, Path initrd, String... more) {
        List<String> words = new ArrayList<>(List.of("-M", "virt", "-smp", Integer.toString(cpus), "-m", "512M"));
        words.addAll(List.of("-nographic", "-kernel", kernel, "-initrd", initrd.toString(), "-append", APPEND));
        words.addAll(List.of(more));
        return emulator.running(words);
    }

    /** Starts such a machine and waits for its end. */
    Measurement run(Emulator emulator, int cpus, Path initrd, String... more) throws IOException, InterruptedException {
        return Run.of(command(emulator, cpus, initrd, more), ENVIRONMENT, folder);
    }
}
