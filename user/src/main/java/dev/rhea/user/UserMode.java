package dev.rhea.user;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.call.ErrnoText;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileFamilies;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.file.poll.Pidfds;
import dev.rhea.user.ipc.QueueCalls;
import dev.rhea.user.ipc.SegmentCalls;
import dev.rhea.user.ipc.SemaphoreCalls;
import dev.rhea.user.log.CallObserver;
import dev.rhea.user.memory.GuestRam;
import dev.rhea.user.memory.MemoryCalls;
import dev.rhea.user.process.FirstProgram;
import dev.rhea.user.process.Kernel;
import dev.rhea.user.process.KernelOptions;
import dev.rhea.user.process.Process;
import dev.rhea.user.process.ProcessText;
import java.util.Arrays;
import java.util.List;

/**
 * A Linux for one program and its descendants: all the rooms put together.
 *
 * <pre>{@code
 * try (UserMode linux = new UserMode(guest, settings)) {
 *     Ending ending = linux.run(program, arguments, environment);
 * }
 * }</pre>
 */
public final class UserMode implements AutoCloseable {
    private final Engine engine;
    private final GuestRam ram;
    private final Programs programs;
    private final Kernel kernel;

    /** Whether signals to the JVM are meant for the guests. */
    private volatile boolean hostSignals;

    /** @param guest the CPU model and its ABI */
    public UserMode(Architecture.Guest guest, Settings settings) {
        this.engine = new Engine(
                guest.isa(), settings.log().followsExecution() ? Engine.Tiers.INTERPRETER : settings.tiers());
        Log log = settings.log();
        engine.setLog(log);
        this.ram = new GuestRam(engine);
        this.programs = new Programs(ram, guest.linux(), settings.sysroot(), settings.seed(), settings.reserved());
        Pidfds pidfds = new Pidfds();
        CallFamily[] files = FileFamilies.all(guest.linux(), settings.sysroot(), ProcessText::find, pidfds);
        CallFamily[] families = Arrays.copyOf(files, files.length + 4);
        families[files.length] = MemoryCalls::find;
        families[files.length + 1] = new SegmentCalls(guest.linux(), ram);
        families[files.length + 2] = new SemaphoreCalls(guest.linux());
        families[files.length + 3] = new QueueCalls(guest.linux());
        this.kernel = new Kernel(
                engine,
                guest.linux(),
                new KernelOptions(
                        settings.sysroot(),
                        settings.release(),
                        settings.stackBytes(),
                        programs,
                        pidfds,
                        settings.log(),
                        families,
                        this::actionChanged,
                        HostStop::stop));
    }

    /**
     * Runs a program and waits until it and all its descendants have ended.
     *
     * @param program its path
     * @param arguments argv, the program's name first
     * @param environment {@code NAME=value}
     * @throws LoadFailure where it cannot be started
     */
    public Ending run(byte[] program, List<byte[]> arguments, List<byte[]> environment)
            throws LoadFailure, InterruptedException {
        Process process = start(program, arguments, environment, FileTable.inheriting());
        hostSignals = true;
        HostSignalSource.forward(kernel);
        return end(process);
    }

    /**
     * As {@link #run}, for a JVM that is more than its guests: standard input, output and error are {@code /dev/null}, and
     * the host's signals stay the JVM's.
     */
    public Ending runDetached(byte[] program, List<byte[]> arguments, List<byte[]> environment)
            throws LoadFailure, InterruptedException {
        return end(start(program, arguments, environment, FileTable.detached()));
    }

    private Process start(byte[] program, List<byte[]> arguments, List<byte[]> environment, FileTable files)
            throws LoadFailure {
        FileContext context = FileContext.inheriting();
        try {
            return FirstProgram.start(kernel, program, arguments, environment, files, context);
        } catch (Errno e) {
            files.close();
            context.close();
            String problem = programs.problem();
            throw new LoadFailure(problem == null ? ErrnoText.of(e.number) : problem);
        }
    }

    private Ending end(Process process) throws InterruptedException {
        int status = kernel.await(process);
        kernel.awaitAll();
        return new Ending(status);
    }

    /** Has somebody see, and perhaps answer, all system calls that guests make from now on. */
    public void observeCalls(CallObserver observer) {
        kernel.observeCalls(observer);
    }

    private void actionChanged(int signal) {
        if (hostSignals) {
            HostSignalSource.forward(kernel, signal);
        }
    }

    /** What ran the programs: for figures of what it did. */
    public Engine engine() {
        return engine;
    }

    /** Pages of memory in use: by processes, and by files kept for the next program that maps them. */
    public long usedPages() {
        return ram.usedPages();
    }

    /** Kills what still runs and gives all memory back. */
    @Override
    public void close() {
        kernel.close();
        engine.close();
        ram.close();
    }
}
