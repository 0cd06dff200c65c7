package dev.rhea.difftest;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The reference's user mode, a program on this machine. */
final class Reference {
    final String command;
    /** Whether it knows the CPU model {@code max}. */
    final boolean full;

    private Reference(String command, boolean full) {
        this.command = command;
        this.full = full;
    }

    /** @throws IOException if there is no such program */
    static Reference of(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command, "-cpu", "help")
                .redirectErrorStream(true)
                .start();
        String help = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        boolean full = false;
        for (String word : help.split("\\s+")) {
            full |= word.equals("max");
        }
        return new Reference(command, full);
    }

    /** Runs the program; what it wrote, with {@code end} saying how it ended if not well. */
    Ours.Result run(Program program, String cpu) throws IOException, InterruptedException {
        Path file = Files.createTempFile("difftest", ".elf");
        try {
            Files.write(file, program.elf());
            File executable = file.toFile();
            if (!executable.setExecutable(true)) {
                throw new IOException("cannot make " + file + " executable");
            }
            Process process = new ProcessBuilder(command, "-cpu", cpu, file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            byte[] output = process.getInputStream().readAllBytes();
            int status = process.waitFor();
            return new Ours.Result(output, 0, status == 0 ? "" : "status " + status);
        } finally {
            Files.delete(file);
        }
    }
}
