package dev.rhea.board;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.machine.Chassis;
import dev.rhea.machine.MachineListener;
import dev.rhea.machine.RunState;
import dev.rhea.machine.ShutdownCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine. Any number of them live in one process and know nothing of each other. Methods may be called from any
 * thread.
 */
public final class Machine implements AutoCloseable {
    /**
     * How a machine ended.
     *
     * @param exitCode what the guest asked the process to end with, 0 for an ordinary shutdown
     */
    public record End(ShutdownCause cause, int exitCode) {}

    private final Workbench bench;
    private final @Nullable Console console;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    Machine(Workbench bench, @Nullable Console console) {
        this.bench = bench;
        this.console = console;
        chassis().addListener(new MachineListener() {
            @Override
            public void shutDown(ShutdownCause cause, int exitCode) {
                end.complete(new End(cause, exitCode));
            }
        });
    }

    /**
     * Begins a description of a machine.
     *
     * @param architecture {@code riscv64}
     * @param board {@code virt}
     */
    public static MachineBuilder of(String architecture, String board) {
        return new MachineBuilder(architecture, board);
    }

    /** What it was built as. */
    public MachineSpec spec() {
        return bench.spec();
    }

    /** What its user should know of how it was built, though it is no error; sentences. */
    public List<String> warnings() {
        return bench.warnings();
    }

    /** Its parts, for monitors and tests. */
    public Chassis chassis() {
        return bench.chassis();
    }

    /** What its processors run on, for who wants to know where time went; null where it has none. */
    public @Nullable Engine engine() {
        return bench.engine();
    }

    /** Paths of the devices that have drives, by the drives' names. */
    public Map<String, String> driveUsers() {
        return bench.driveUsers();
    }

    /** The buses that devices are on. */
    public List<Bus> buses() {
        return bench.buses();
    }

    /** What stands in memory at each start, by address. */
    public List<dev.rhea.board.boot.BootMemory.Blob> bootBlobs() {
        return bench.boot().blobs();
    }

    /** The device tree that the guest is given; null on a board that has none. */
    public byte @Nullable [] deviceTree() {
        return bench.deviceTree();
    }

    /** Runs, or goes on. */
    public void start() {
        chassis().resume();
    }

    /** Stops between two instructions; returns when it stands. */
    public void pause() {
        chassis().pause();
    }

    /** Back to the state after power-on; it runs on if it ran. Returns at once. */
    public void reset() {
        chassis().requestReset(ShutdownCause.HOST_QMP_SYSTEM_RESET);
    }

    /** Presses the power button: a guest that knows how shuts itself down. */
    public void powerDown() {
        chassis().requestPowerDown();
    }

    public RunState state() {
        return chassis().state();
    }

    /** Has somebody told what happens to it: state changes, resets, the end. From the machine's own threads. */
    public void addListener(MachineListener listener) {
        chassis().addListener(listener);
    }

    public void removeListener(MachineListener listener) {
        chassis().removeListener(listener);
    }

    public Memory memory() {
        return new Memory(chassis().memory());
    }

    /**
     * The first serial port.
     *
     * @throws IllegalStateException where the builder was told of something else at its other end
     */
    public Console console() {
        if (console == null) {
            throw new IllegalStateException(
                    "the first serial port of this machine leads elsewhere; build it without serial()");
        }
        return console;
    }

    /** Whether it has a {@link #console}. */
    public boolean hasConsole() {
        return console != null;
    }

    /**
     * Waits until it ends, by its guest or by {@link #quit}.
     *
     * @throws TimeoutException if it still runs then
     */
    public End awaitEnd(Duration limit) throws InterruptedException, TimeoutException {
        try {
            return end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Completes when it ends. */
    public CompletableFuture<End> end() {
        return end.copy();
    }

    /** Ends it, whatever the guest does. */
    public void quit(ShutdownCause cause) {
        chassis().requestShutdown(cause, 0);
    }

    /** Ends it and frees its memory, threads and back ends. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        List<AutoCloseable> parts = new ArrayList<>();
        parts.add(chassis()::closeProcessors);
        parts.addAll(bench.closed());
        parts.add(chassis());
        Backends backends = bench.spec().backends();
        parts.addAll(backends.networks().values());
        parts.add(backends.chardevs());
        backends.serials().stream().filter(java.util.Objects::nonNull).forEach(parts::add);
        parts.addAll(backends.drives().values());
        Exception first = null;
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                first = first == null ? e : first;
            }
        }
        end.complete(new End(ShutdownCause.HOST_UI, 0));
        if (first != null) {
            throw new IllegalStateException(
                    "the machine is closed, but not all of it ended well: " + first.getMessage(), first);
        }
    }
}
