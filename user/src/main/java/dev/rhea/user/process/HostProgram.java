package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Spawn;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.LentFiles;
import dev.rhea.user.file.ThreadDirectory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the host that a guest process has become by execve: the host runs it in a process of its own, and the guest
 * process stands for it. Its one task waits for the host's process; signals for the guest process go there; how that one
 * stops, continues and ends is how the guest process does. See {@code docs/decisions/0008-host-programs.md}.
 */
final class HostProgram {
    private static final int WUNTRACED = 2;
    private static final int WCONTINUED = 8;
    private static final int E_MACHINE = 18;
    private static final int HEAD = 20;

    /** {@code struct rusage} begins with two {@code timeval}. */
    private static final int STATUS_BYTES = 256;

    private final int hostPid;

    /** Not waited for yet: the number is still its own. Guarded by the kernel's lock. */
    private boolean alive = true;

    private HostProgram(int hostPid) {
        this.hostPid = hostPid;
    }

    /** Whether a file is an ELF program made for another machine than the guest's: the host's to run, if anybody's. */
    static boolean isForeign(ExecFile file, LinuxAbi abi) {
        byte[] head = file.head(HEAD);
        if (head.length < HEAD || head[0] != 0x7f || head[1] != 'E' || head[2] != 'L' || head[3] != 'F') {
            return false;
        }
        boolean big = head[5] == 2;
        int machine = (head[E_MACHINE + (big ? 0 : 1)] & 255) << 8 | head[E_MACHINE + (big ? 1 : 0)] & 255;
        return machine != abi.elfMachine();
    }

    /**
     * Makes the host run the program in place of the calling process's own and waits for its end; the process ends as it
     * did.
     *
     * @throws Errno what the host's exec says, with the process as it was
     */
    static void become(Task task, ExecFile file, List<byte[]> arguments, List<byte[]> environment) {
        Process process = task.process();
        int pid = spawn(task, file.path(), arguments, environment);
        HostProgram program = new HostProgram(pid);
        TaskEnd.releaseUserMemory(task);
        process.timers.closePosix();
        task.dropFiles();
        process.setExecutable(new String(file.path(), StandardCharsets.ISO_8859_1));
        task.setName(file.shortName());
        synchronized (task.kernel().lock) {
            process.executed = true;
            process.hostProgram = program;
            for (SignalInfo info = task.signals.take(-1L); info != null; info = task.signals.take(-1L)) {
                program.signal(info.number());
            }
        }
        TaskEnd.releaseVforkParent(process);
        int status = program.awaitEnd(task);
        synchronized (task.kernel().lock) {
            process.beginExit(status);
        }
    }

    private static int spawn(Task task, byte[] path, List<byte[]> arguments, List<byte[]> environment) {
        long ignored = 0;
        long blocked;
        synchronized (task.kernel().lock) {
            blocked = task.signals.settledMask();
            SignalActions actions = task.process().actions;
            for (int signal = 1; signal <= Signal.MAX; signal++) {
                if (actions.get(signal).handler() == SignalAction.IGNORE) {
                    ignored |= Signal.bit(signal);
                }
            }
        }
        ThreadDirectory.applyUmask(task);
        HostCalls.defaultAction(Signal.SIGCHLD);
        Description directory = task.fileContext().acquireDirectory();
        try (Spawn spawn = new Spawn();
                LentFiles lent = new LentFiles()) {
            spawn.directory(directory.hostFd());
            lent.lend(task.files(), spawn);
            spawn.signals(blocked, ~ignored);
            long unheard = ignored & ~HostCalls.ignoredSignals(ignored);
            long pid = unheard == 0
                    ? spawn.start(path, arguments, environment)
                    : spawn.start(SHELL, deaf(unheard, path, arguments), environment);
            return (int) Errno.check(pid);
        } finally {
            directory.release();
        }
    }

    private static final byte[] SHELL = "/bin/sh".getBytes(StandardCharsets.ISO_8859_1);

    /** The host has no way to spawn a program with a signal ignored that the JVM does not ignore: a shell has. */
    private static List<byte[]> deaf(long ignored, byte[] path, List<byte[]> arguments) {
        StringBuilder script = new StringBuilder("trap ''");
        for (int signal = 1; signal <= Signal.MAX; signal++) {
            if ((ignored & ~Signal.UNBLOCKABLE & Signal.bit(signal)) != 0) {
                script.append(' ').append(signal);
            }
        }
        script.append("; exec \"$0\" \"$@\"");
        List<byte[]> words = new ArrayList<>();
        words.add(SHELL);
        words.add("-c".getBytes(StandardCharsets.ISO_8859_1));
        words.add(script.toString().getBytes(StandardCharsets.ISO_8859_1));
        words.add(path);
        words.addAll(arguments.subList(1, arguments.size()));
        return words;
    }

    /** Sends a signal on. Under the kernel's lock. */
    void signal(int number) {
        if (alive) {
            HostCalls.kill(hostPid, number);
        }
    }

    /** Waits on the task's own thread until the host's process has ended; its wait status. */
    private int awaitEnd(Task task) {
        Process process = task.process();
        long memory = RawMemory.allocate(STATUS_BYTES);
        try {
            boolean killed = false;
            while (true) {
                long got = killed
                        ? HostCalls.wait4(hostPid, memory, 0, memory + 8)
                        : task.blocking(() -> HostCalls.wait4(hostPid, memory, WUNTRACED | WCONTINUED, memory + 8));
                if (got == hostPid && !isNews(task, RawMemory.getInt(memory))) {
                    process.cpuUse.ranOnHost(nanos(memory + 8), nanos(memory + 24));
                    return RawMemory.getInt(memory);
                }
                if (got == -Errno.ECHILD) {
                    return 0;
                }
                synchronized (task.kernel().lock) {
                    if (process.exiting || task.killed) {
                        killed = true;
                        signal(Signal.SIGKILL);
                    }
                    task.setAttention(killed);
                }
            }
        } finally {
            RawMemory.free(memory);
        }
    }

    private static long nanos(long timeval) {
        return RawMemory.getLong(timeval) * 1_000_000_000L + RawMemory.getLong(timeval + 8) * 1000;
    }

    /** Tells the parent of a stop or a continuation; false for the end. */
    private boolean isNews(Task task, int status) {
        Process process = task.process();
        Kernel kernel = task.kernel();
        synchronized (kernel.lock) {
            if (status == 0xFFFF) {
                Stops.resume(process);
                return true;
            }
            if ((status & 0xFF) == 0x7F) {
                process.stopSignal = status >> 8 & 0xFF;
                process.continueUnreported = false;
                process.stopUnreported = true;
                Children.tellParent(process, SignalInfo.CLD_STOPPED, process.stopSignal);
                kernel.stopped(process);
                return true;
            }
            alive = false;
            process.stopSignal = 0;
            return false;
        }
    }
}
