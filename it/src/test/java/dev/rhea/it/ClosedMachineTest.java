package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a machine that is closed leaves behind: nothing. */
class ClosedMachineTest {
    private static final Duration LONG = Duration.ofMinutes(8);

    /** Bytes of guest memory that are written to. */
    private static final long WRITTEN = 1L << 30;

    private static final Path MAPS = Path.of("/proc/self/smaps");

    private static final Pattern RANGE = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) .*");

    /** Bytes that the host has in memory of what is mapped at an address. */
    private static long resident(long address) throws IOException {
        boolean covers = false;
        for (String line : Files.readAllLines(MAPS)) {
            Matcher range = RANGE.matcher(line);
            if (range.matches()) {
                covers = Long.parseUnsignedLong(range.group(1), 16) <= address
                        && address < Long.parseUnsignedLong(range.group(2), 16);
            } else if (covers && line.startsWith("Rss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return 0;
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
        Assumptions.assumeTrue(Files.exists(MAPS), "needs Linux, to see what is in memory");
        long address;
        try (Machine vm =
                Machine.of("riscv64", "virt").memory(WRITTEN).bios("none").build()) {
            address = vm.chassis().ramBlocks().getFirst().address();
            byte[] page = new byte[1 << 20];
            java.util.Arrays.fill(page, (byte) 1);
            for (long offset = 0; offset < WRITTEN; offset += page.length) {
                vm.memory().write(0x8000_0000L + offset, page);
            }
            assertThat(resident(address)).isGreaterThan(WRITTEN / 2);
        }
        assertThat(resident(address)).isLessThan(WRITTEN / 4);
    }
}
