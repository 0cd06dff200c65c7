package dev.rhea.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What guests had of this JVM, and of the host, is given back: threads, memory, descriptors. */
class LeakTest {
    /** The page that signal handlers return to lives as long as its kernel. */
    private static final int TRAMPOLINE = 1;

    private static final int PAGE = 4096;

    /** Far longer than anything takes: who is still there then will stay. */
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    static Path folder;

    private static Path crowd;

    /** Makes the JVM start what it starts once: cleaners, the pool that reads from compilers, classes from jars. */
    @BeforeAll
    static void once() throws Exception {
        crowd = GuestPrograms.compiled("crowd", folder);
        try (UserMode linux = linux()) {
            crowd(linux, 1);
        }
    }

    private static UserMode linux() {
        return new UserMode(GuestPrograms.riscv64(), GuestPrograms.settings(Engine.Tiers.DEFAULT));
    }

    private static void crowd(UserMode linux, int rounds) throws IOException, LoadFailure, InterruptedException {
        Path output = Files.createTempFile(folder, "crowd", ".txt");
        Ending ending =
                GuestPrograms.script(linux, "cd $3; exec >$2 2>&1; $1 " + rounds + "; exit $?", crowd, output, folder);
        assertThat(Files.readString(output)).doesNotContain(": 0").contains("killed by 10: 1");
        assertThat(ending.exitStatus()).isZero();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static List<String> descriptors() {
        List<String> open = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : all.toList()) {
                try {
                    open.add(fd.getFileName() + " " + Files.readSymbolicLink(fd));
                } catch (IOException e) {
                    continue; // the one we list with
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return open;
    }

    /** Waits until nothing is left. */
    private static void awaitNone(String what, Supplier<List<String>> left) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        List<String> still = left.get();
        while (!still.isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            Thread.yield();
            still = left.get();
        }
        assertThat(still).as("%s that guests left", what).isEmpty();
    }

    private static void awaitMemory(UserMode linux) throws IOException {
        long kept = TRAMPOLINE;
        for (Path program : List.of(crowd, GuestPrograms.busybox())) {
            kept += (Files.size(program) + PAGE - 1) / PAGE;
        }
        long most = kept;
        awaitNone("pages", () -> linux.usedPages() <= most ? List.of() : List.of(linux.usedPages() + " of " + most));
    }

    @Test
    void threadsOfGuestsEndWithThem() throws Exception {
        Set<Thread> before = new HashSet<>(threads());
        Supplier<List<String>> left = () -> threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(thread -> thread + " at " + List.of(thread.getStackTrace()))
                .toList();
        try (UserMode linux = linux()) {
            crowd(linux, 3);
            // The kernel's own are still wanted, guests' are not.
            awaitNone(
                    "threads",
                    () -> left.get().stream()
                            .filter(thread -> !thread.contains("rhea-timers") && !thread.contains("rhea-translator"))
                            .toList());
        }
        awaitNone("threads", left);
    }

    @Test
    void memoryOfGuestsIsGivenBackAsTheyEnd() throws Exception {
        try (UserMode linux = linux()) {
            crowd(linux, 2);
            awaitMemory(linux);
            crowd(linux, 2);
            awaitMemory(linux);
        }
    }

    @Test
    void descriptorsOfGuestsAreClosedOnTheHost() throws Exception {
        Set<String> before = new HashSet<>(descriptors());
        try (UserMode linux = linux()) {
            crowd(linux, 2);
        }
        awaitNone(
                "descriptors",
                () -> descriptors().stream().filter(fd -> !before.contains(fd)).toList());
    }

    @Test
    void aKernelThatIsClosedTakesItsGuestsWithIt() throws Exception {
        Set<Thread> before = new HashSet<>(threads());
        Path begun = folder.resolve("begun");
        try (UserMode linux = linux();
                ExecutorService runner = Executors.newSingleThreadExecutor()) {
            Future<Ending> ending = runner.submit(() -> GuestPrograms.script(
                    linux, "(while :; do :; done)& sleep 1000 & read x <$1 | cat & : >$2; wait", fifo(), begun));
            awaitNone("waits", () -> Files.exists(begun) ? List.of() : List.of("for the script to begin"));
            linux.close();
            assertThat(ending.get(DEADLINE_SECONDS, TimeUnit.SECONDS).signal()).isEqualTo(9);
        }
        awaitNone(
                "threads",
                () -> threads().stream()
                        .filter(thread -> !before.contains(thread))
                        .map(Thread::toString)
                        .toList());
    }

    private static Path fifo() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    @Test
    void twoTreesOfGuestsAtOnceDoNotKnowEachOther() throws Exception {
        Callable<Void> tree = () -> {
            try (UserMode linux = linux()) {
                crowd(linux, 2);
                awaitMemory(linux);
            }
            return null;
        };
        try (ExecutorService runner = Executors.newFixedThreadPool(2)) {
            for (Future<Void> end : runner.invokeAll(List.of(tree, tree))) {
                end.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            }
        }
    }
}
