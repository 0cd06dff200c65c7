package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.device.virtio.ninep.SecurityModel;
import dev.rhea.device.virtio.ninep.SharedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the tests of user mode, as processes of a booted guest; they come and their output goes through a shared folder. */
class GuestProgramsTest {
    private static final String INIT = """
            #!/bin/sh
            /bin/busybox --install -s /bin
            mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
            mkdir -p /dev/pts /dev/shm; mount -t devpts devpts /dev/pts; mount -t tmpfs tmp /dev/shm; mount -t tmpfs tmp /tmp
            ln -s /proc/self/fd /dev/fd
            while read -r name; do insmod /modules/$name.ko; done </modules/order
            ip link set lo up
            mount -t 9p -o trans=virtio,version=9p2000.L share /mnt || poweroff -f
            export BB=/mnt/bin/busybox LC_ALL=C
            for case in /mnt/cases/*; do
              mkdir /tmp/here; cd /tmp/here
              sh $case/run <$case/input >/tmp/output 2>/tmp/error
              echo $? >$case/status
              cp /tmp/output $case/output; cp /tmp/error $case/error
              cd /; rm -rf /tmp/here
              echo "ran $(cat $case/name)"
            done
            sync; umount /mnt; poweroff -f
            """;

    @TempDir
    Path folder;

    private final Map<Path, String> expected = new LinkedHashMap<>();

    private static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private void add(String name, String input, String script, String output) throws IOException {
        Path place = Files.createDirectory(folder.resolve("share/cases/" + String.format("%03d", expected.size())));
        Files.writeString(place.resolve("name"), name);
        Files.writeString(place.resolve("input"), input);
        Files.writeString(place.resolve("run"), script);
        expected.put(place, output);
    }

    private static String inOne(String output, int status) {
        return output + "exit status " + status + "\n";
    }

    private static String line(List<String> words) {
        return words.stream().map(GuestProgramsTest::quote).reduce("exec", (a, b) -> a + " " + b) + "\n";
    }

    private void prepare() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("share/bin"));
        Files.createDirectories(folder.resolve("share/cases"));
        for (String program : List.of("busybox", "bash-static", "zsh-static")) {
            Files.copy(Guests.statically().resolve("bin").resolve(program), bin.resolve(program));
        }
        Programs.compileInto(bin);
        for (Programs.Case c : Programs.statics().toList()) {
            Outcome outcome = c.expected(folder);
            add(c.name(), c.input(), line(c.words(Path.of("/mnt/bin"))), inOne(outcome.output(), outcome.status()));
        }
        for (Programs.Script s : Programs.scripts().toList()) {
            List<String> words = new java.util.ArrayList<>(s.shell());
            words.set(0, "/mnt/bin/" + words.getFirst());
            words.addAll(List.of("-c", Programs.resource(s.script())));
            add(s.name(), "", line(words), Programs.resource(s.expected()));
        }
        for (String program : Programs.sources().toList()) {
            String output = Files.readString(Programs.SOURCES.resolve(program + ".expected"));
            add(program, "", "exec /mnt/bin/" + program + "\n", output);
        }
    }

    @Test
    void programsDoInAGuestWhatTheyDoInUserMode() throws Exception {
        prepare();
        Path init = folder.resolve("init");
        Files.writeString(init, INIT);
        try (Machine vm = Machine.of("riscv64", "virt")
                .memory(1L << 30)
                .cpus(2)
                .kernel(Guests.kernel())
                .initrd(Guests.initrd(init, "9pnet_virtio", "9p"))
                .append("console=ttyS0 quiet")
                .folder("share", SharedFolder.open(folder.resolve("share").toString(), SecurityModel.NONE, false))
                .device("virtio-9p-pci", "fsdev", "share", "mount_tag", "share")
                .build()) {
            vm.start();
            new GuestShell(vm).switchOff("");
        }
        SoftAssertions all = new SoftAssertions();
        for (Map.Entry<Path, String> entry : expected.entrySet()) {
            Path place = entry.getKey();
            String output = Files.readString(place.resolve("output"), StandardCharsets.ISO_8859_1);
            String status = Files.readString(place.resolve("status")).strip();
            all.assertThat(inOne(output, Integer.parseInt(status)))
                    .as(
                            "%s; standard error: %s",
                            Files.readString(place.resolve("name")),
                            Files.readString(place.resolve("error"), StandardCharsets.ISO_8859_1))
                    .isEqualTo(entry.getValue());
        }
        all.assertAll();
        assertThat(expected).hasSizeGreaterThan(20);
    }
}
