package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many machines in one process, and small and large ones. */
class ManyMachinesTest {
    /** Names of threads that only a machine has. */
    private static Set<String> threadsOfMachines() {
        Set<String> names = new TreeSet<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            if (name.startsWith("rhea-") || name.startsWith("virtio-")) {
                names.add(name);
            }
        }
        return names;
    }

    @Test
    void tenMachinesBootAtTheSameTimeAndLeaveNoThreadsBehind() throws Exception {
        Set<String> before = threadsOfMachines();
        int threads = Thread.activeCount();
        List<Machine> machines = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Machine vm = new DebianShell()
                        .describe()
                        .memory((128L + 32 * i) << 20)
                        .cpus(1 + i % 2)
                        .build();
                machines.add(vm);
                vm.start();
            }
            for (Machine vm : machines) {
                GuestShell shell = GuestShell.await(vm);
                assertThat(shell.run("nproc").strip())
                        .isEqualTo(Integer.toString(vm.spec().topology().cpus()));
            }
        } finally {
            machines.forEach(Machine::close);
        }
        assertThat(threadsOfMachines()).isSubsetOf(before);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
    }

    @ParameterizedTest(name = "{0} MiB and {1} processors")
    @CsvSource({"128,1", "3072,2", "4096,4", "8192,4"})
    void aGuestHasTheMemoryAndTheProcessorsThatItsMachineHas(int megabytes, int processors) throws Exception {
        try (Machine vm = new DebianShell()
                .describe()
                .memory((long) megabytes << 20)
                .cpus(processors)
                .build()) {
            vm.start();
            GuestShell shell = GuestShell.await(vm);
            assertThat(shell.run("nproc").strip()).isEqualTo(Integer.toString(processors));
            long total = Long.parseLong(
                    shell.run("awk '/^MemTotal/ { print $2 }' /proc/meminfo").strip());
            // The kernel keeps some of it for itself: its image, the initial file system, a structure for each page.
            assertThat(total / 1024).isBetween(megabytes * 9L / 10 - 64, (long) megabytes);
            shell.switchOff();
        }
    }
}
