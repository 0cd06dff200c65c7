package dev.rhea.it;

import dev.rhea.block.BadDriveException;
import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Programs fetched by package name with {@code bin/guests}. A test that needs one where none can be had is skipped. */
public final class Guests {
    /** bin/guests' status for "not to be had here". */
    private static final int UNAVAILABLE = 3;

    private static final Map<List<String>, Outcome> ANSWERS = new LinkedHashMap<>();

    private Guests() {}

    static Path statically() {
        return ask("static", "riscv64");
    }

    static Path sysroot() {
        return ask("sysroot", "riscv64");
    }

    /** A Linux kernel of Debian's. */
    public static Path kernel() {
        return ask("kernel", "riscv64").resolve("vmlinuz");
    }

    /** An initial file system of busybox with a shell. */
    static Path initrd() {
        return ask("initrd", "riscv64");
    }

    /** The same that runs a script of ours. */
    public static Path initrd(Path script, String... modules) {
        List<String> words = new ArrayList<>(List.of("initrd", "riscv64", script.toString()));
        words.addAll(List.of(modules));
        return ask(words.toArray(String[]::new));
    }

    /** OpenSBI and U-Boot. */
    static Path firmware() {
        return ask("firmware", "riscv64");
    }

    /** U-Boot for SiFive's HiFive Unleashed: u-boot-spl.bin and u-boot.itb. */
    static Path sifiveFirmware() {
        return ask("firmware-sifive", "riscv64");
    }

    /** EDK2 with the file of its variables, not to be written to. */
    static Path efi() {
        return ask("efi", "riscv64");
    }

    /** A disk with what boot loaders look for, not to be written to: {@link BootDisk}. */
    static Path bootDisk() {
        return ask("boot-disk", "riscv64");
    }

    /** A Debian with systemd on an ext4 file system, not to be written to. */
    static Path disk() {
        return ask("disk", "riscv64");
    }

    /** What starts {@link #disk}. */
    static Path diskInitrd() {
        return ask("disk-initrd", "riscv64");
    }

    /** Debian's installer: linux and initrd.gz. */
    static Path installer() {
        return ask("installer", "riscv64");
    }

    static Path esbuild() {
        return ask("esbuild", "riscv64");
    }

    static Path npm(String name) {
        return ask("npm", name);
    }

    /** The reference's emulator, newest of Debian stable's. */
    static Path reference() {
        return ask("reference", "trixie", "riscv64");
    }

    /** The same for another architecture. */
    static Path reference(String architecture) {
        return ask("reference", "trixie", architecture);
    }

    static Path compiler() {
        return ask("cc", "riscv64");
    }

    /** A file as a disk. */
    static Drive rawDisk(Path file) throws BadDriveException {
        return Drive.open(
                DriveOptions.of(Map.of("file", file.toString(), "format", "raw", "if", "none", "id", "d0")), false);
    }

    private static synchronized Path ask(String... words) {
        List<String> key = List.of(words);
        Outcome answer = ANSWERS.get(key);
        if (answer == null) {
            List<String> command =
                    new ArrayList<>(List.of(Rhea.HOME.resolve("bin/guests").toString()));
            command.addAll(key);
            answer = Command.of(command).run();
            ANSWERS.put(key, answer);
        }
        Assumptions.assumeFalse(answer.status() == UNAVAILABLE, answer.error().strip());
        if (answer.status() != 0) {
            throw new AssertionError("bin/guests " + key + " failed: " + answer.error());
        }
        return Path.of(answer.output().strip());
    }
}
