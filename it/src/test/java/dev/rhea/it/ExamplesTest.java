package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.examples.FirstMachine;
import dev.rhea.examples.TwoMachines;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples do what they say. */
class ExamplesTest {
    private interface Example {
        void run() throws Exception;
    }

    private static String output(Example example) throws Exception {
        PrintStream before = System.out;
        var bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            example.run();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstMachineRunsACommand() throws Exception {
        String kernel = Guests.kernel().toString();
        String initrd = Guests.initrd().toString();
        assertThat(output(() -> FirstMachine.main(new String[] {kernel, initrd, "uname -m"})))
                .contains("riscv64");
    }

    @Test
    void twoMachinesReachEachOther(@TempDir Path folder) throws Exception {
        Path init = folder.resolve("init");
        Files.writeString(
                init,
                "#!/bin/sh\n/bin/busybox --install -s /bin; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev\n"
                        + "while read -r name; do insmod /modules/$name.ko; done </modules/order\n"
                        + "exec setsid -c sh </dev/console >/dev/console 2>&1\n");
        String kernel = Guests.kernel().toString();
        String initrd = Guests.initrd(init, "virtio_net").toString();
        assertThat(output(() -> TwoMachines.main(new String[] {kernel, initrd})))
                .contains("hello, other");
    }

    @Test
    void aProgramIsAssembledAndRuns(@TempDir Path folder) {
        Path program = folder.resolve("hello");
        Path source = Rhea.HOME.resolve("examples/riscv64/hello.s");
        String rhea = Rhea.HOME.resolve("rhea").toString();
        Outcome made = Command.of(rhea, "assemble", "riscv64", source.toString(), "-o", program.toString())
                .with("RHEA_NO_BUILD", "1")
                .run();
        assertThat(made.error()).isEmpty();
        assertThat(made.status()).isZero();
        Outcome run = Command.of(rhea, "user", "riscv64", program.toString())
                .with("RHEA_NO_BUILD", "1")
                .run();
        assertThat(run.output()).isEqualTo("Hello from riscv64.\n");
    }

    @Test
    void whatCannotBeAssembledIsSaidWithItsLine(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("wrong.s");
        Files.writeString(source, "nop\n    addi a0, a0, 4096\n");
        Outcome run = Command.of(Rhea.HOME.resolve("rhea").toString(), "assemble", "riscv64", source.toString())
                .with("RHEA_NO_BUILD", "1")
                .run();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.error()).startsWith("rhea: assemble: " + source + ": line 2: 4096 does not fit");
    }

    @Test
    void withoutPackagesTheDemoSaysSoAndBootsAGuestOfOurOwn(@TempDir Path folder) throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : new String[] {
            "bash",
            "cat",
            "dirname",
            "find",
            "grep",
            "mkdir",
            "mkfifo",
            "mktemp",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "tail",
            "tee"
        }) {
            for (String place : new String[] {"/usr/bin", "/bin"}) {
                Path there = Path.of(place, tool);
                if (Files.exists(there) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), there);
                }
            }
        }
        Outcome run = Command.of(Rhea.HOME.resolve("rhea").toString(), "demo")
                .with("RHEA_NO_BUILD", "1")
                .with("RHEA_CACHE", folder.resolve("cache").toString())
                .with("PATH", tools.toString())
                .with("RHEA_JAVA_HOME", System.getProperty("java.home"))
                .reading("primes 1000\npoweroff\n")
                .run();
        assertThat(run.output())
                .contains("Packages cannot be fetched here: needs apt-get.")
                .contains("168 primes up to 1000")
                .contains("good bye");
        assertThat(run.status()).isZero();
    }
}
