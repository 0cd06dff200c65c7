package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.host.RawMemory;
import dev.rhea.it.Guests;
import dev.rhea.machine.memory.RamBlock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole boot of Debian's kernel, with programs, up to power-off: at each trap, interrupt and access to a device the interpreter
 * in Java has to be where machine code was, with all registers and the same number of executed instructions; at the end with the
 * same memory.
 */
class BootLockstepTest {
    private static final Duration LONG = Duration.ofMinutes(8);

    private static final String INIT = """
            #!/bin/sh
            /bin/busybox --install -s /bin; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
            for i in 1 2 3 4 5 6 7 8; do (echo $i; seq 1 200 | wc -l) | sort >/dev/null; done
            seq 1 3000 | sha256sum; seq 1 500 | gzip -c | gunzip -c | md5sum
            awk 'BEGIN { for (i = 1; i < 2000; i++) { s += sqrt(i) * sin(i) / 3; t = t sprintf("%c", 65 + i % 26) } print s, length(t) }'
            poweroff -f
            """;

    private static Machine machine(Path script, Engine.Tiers tiers) throws Exception {
        return Machine.of("riscv64", "virt")
                .memory(128L << 20)
                .kernel(Guests.kernel())
                .initrd(Guests.initrd(script))
                .append("console=ttyS0 quiet")
                .tiers(tiers)
                .build();
    }

    private static Hart hart(Machine machine) {
        return (Hart) machine.chassis().processors().getFirst();
    }

    private static RamBlock ram(Machine machine) {
        return machine.chassis().ramBlocks().getFirst();
    }

    @Test
    void theInterpreterGoesThroughABootAsMachineCodeDoes(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("init"), INIT);
        Journal journal = new Journal();
        try (Machine first = machine(script, Engine.Tiers.DEFAULT);
                Machine second = machine(script, Engine.Tiers.JAVA)) {
            // The device tree has a random seed.
            RawMemory.copy(
                    ram(first).address(), ram(second).address(), ram(first).size());
            hart(first).cpu().outside = new Leader(journal);
            Follower follower = new Follower(
                    journal,
                    hart(second).engine(),
                    hart(second).cpu().isa.globals().all());
            hart(second).cpu().outside = follower;
            first.start();
            second.start();
            try {
                first.end().thenRun(journal::end);
                first.awaitEnd(LONG);
                // seq 1 3000, by the host's sha256sum
                assertThat(first.console().text())
                        .contains(
                                "2e57c67a8bbe706a08d6638ec67da02b67b3743ae7d35948cbcf8d1f45cae0a5",
                                "reboot: Power down");
                CompletableFuture.anyOf(follower.end(), second.end()).get(LONG.toMinutes(), TimeUnit.MINUTES);
                assertThat(follower.moments()).isGreaterThan(5_000);
                assertThat(differentWords(ram(first), ram(second))).isEmpty();
            } finally {
                journal.abandon();
                journal.end();
            }
        }
    }

    private static List<String> differentWords(RamBlock first, RamBlock second) {
        byte[] a = new byte[4096];
        byte[] b = new byte[4096];
        List<String> words = new ArrayList<>();
        for (long at = 0; at < first.size(); at += a.length) {
            RawMemory.copyOut(first.address() + at, a, 0, a.length);
            RawMemory.copyOut(second.address() + at, b, 0, b.length);
            int where = Arrays.mismatch(a, b);
            if (where >= 0) {
                long word = at + (where & -8);
                words.add(String.format(
                        "at %x: %x and %x",
                        word, RawMemory.getLong(first.address() + word), RawMemory.getLong(second.address() + word)));
            }
        }
        return words;
    }
}
