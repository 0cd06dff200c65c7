package dev.rhea.user;

import dev.rhea.arch.riscv.RiscvArchitecture;
import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Real programs inside this JVM, got with {@code bin/guests}; tests are skipped where they cannot be had. */
final class GuestPrograms {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int UNAVAILABLE = 3;
    private static final int SECONDS = 300;

    private GuestPrograms() {}

    /** A static busybox. */
    static Path busybox() {
        return guests("static", "riscv64").resolve("bin/busybox");
    }

    /** A static bash. */
    static Path bash() {
        return guests("static", "riscv64").resolve("bin/bash-static");
    }

    /** A program of {@code it}'s guest-c, compiled into {@code folder}. */
    static Path compiled(String name, Path folder, String... options) {
        Path program = folder.resolve(name);
        List<String> words = new ArrayList<>(
                List.of(guests("cc", "riscv64").toString(), "-O1", "-fno-builtin", "-static", "-pthread"));
        words.addAll(List.of(options));
        words.addAll(List.of(
                HOME.resolve("it/src/test/guest-c").resolve(name + ".c").toString(), "-o", program.toString(), "-lm"));
        run(words);
        return program;
    }

    static Settings settings(Engine.Tiers tiers) {
        return new Settings(tiers, null, null, 0, 1L, 0, Log.none());
    }

    static Architecture.Guest riscv64() {
        try {
            return new RiscvArchitecture().guest("riscv64", null);
        } catch (Architecture.BadCpu e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Has a guest's shell run a script, with an environment that is the same everywhere. What it prints is lost: standard
     * output belongs to the test runner.
     */
    static Ending script(UserMode linux, String script, Path... words) throws LoadFailure, InterruptedException {
        List<byte[]> arguments = new ArrayList<>();
        for (String word : List.of("busybox", "ash", "-c", script, "script")) {
            arguments.add(bytes(word));
        }
        for (Path word : words) {
            arguments.add(bytes(word.toString()));
        }
        return linux.runDetached(
                bytes(busybox().toString()), arguments, List.of(bytes("PATH=/bin"), bytes("LC_ALL=C")));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Path guests(String... words) {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("bin/guests").toString()));
        command.addAll(List.of(words));
        return Path.of(run(command).strip());
    }

    private static String run(List<String> command) {
        try {
            Path output = Files.createTempFile("rhea-user", ".txt");
            Path error = Files.createTempFile("rhea-user", ".txt");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(output.toFile())
                        .redirectError(error.toFile())
                        .start();
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("does not end: " + command);
                }
                Assumptions.assumeFalse(process.exitValue() == UNAVAILABLE, Files.readString(error));
                if (process.exitValue() != 0) {
                    throw new AssertionError(command + " failed: " + Files.readString(error));
                }
                return Files.readString(output);
            } finally {
                Files.delete(output);
                Files.delete(error);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
