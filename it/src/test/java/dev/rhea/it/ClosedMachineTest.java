package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a machine that is closed leaves behind: nothing. */
class ClosedMachineTest {
    private static final Duration LONG = Duration.ofMinutes(8);

    /** Bytes of guest memory that are written to; well above what the heap of a test grows by. */
    private static final long WRITTEN = 1L << 30;

    private static final Path STATUS = Path.of("/proc/self/status");

    /** Bytes of this process that the host has in memory, without its files. */
    private static long resident() throws IOException {
        return Files.readAllLines(STATUS).stream()
                        .filter(text -> text.startsWith("RssAnon:") || text.startsWith("RssShmem:"))
                        .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                        .sum()
                << 10;
    }

    /** Runs U-Boot to its prompt, then closes the machine. It is a method of its own: no local variable keeps the machine. */
    private static WeakReference<Machine> bootAndClose() throws Exception {
        try (Machine vm = Machine.of("riscv64", "virt")
                .cpus(2)
                .kernel(Guests.firmware().resolve("u-boot-smode.bin"))
                .build()) {
            vm.start();
            vm.console().expect("Hit any key", LONG);
            vm.console().type("\n");
            vm.console().expect("=> ", LONG);
            return new WeakReference<>(vm);
        }
    }

    @Test
    void nothingHoldsAMachineThatRanAndWasClosed() throws Exception {
        WeakReference<Machine> machine = bootAndClose();
        // A collector may take several rounds; what is held stays through all of them.
        for (int round = 0; round < 20 && machine.get() != null; round++) {
            System.gc();
        }
        assertThat(machine.get()).isNull();
    }

    @Test
    void theMemoryOfAClosedMachineIsTheHostsAgain() throws Exception {
        Assumptions.assumeTrue(Files.exists(STATUS), "needs Linux, to see what is in memory");
        long before;
        long during;
        try (Machine vm =
                Machine.of("riscv64", "virt").memory(WRITTEN).bios("none").build()) {
            before = resident();
            byte[] page = new byte[1 << 20];
            java.util.Arrays.fill(page, (byte) 1);
            for (long offset = 0; offset < WRITTEN; offset += page.length) {
                vm.memory().write(0x8000_0000L + offset, page);
            }
            during = resident();
        }
        assertThat(during - before).isGreaterThan(WRITTEN / 2);
        assertThat(resident() - before).isLessThan(WRITTEN / 4);
    }
}
