package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;

/** Signals that cross the border between guest processes and the host's. */
public final class HostSignals {
    private HostSignals() {}

    private static final int RLIMIT_CORE = 4;

    /** kill(2) of something that is no guest: the JVM's own parent may be signalled, as a child tells its shell. */
    static long toHostProcess(Kernel kernel, int pid, int signal) {
        if (signal == 0 || pid == kernel.hostParentPid()) {
            return HostCalls.kill(pid, signal);
        }
        return HostCalls.kill(pid, 0) == -Errno.ESRCH ? -Errno.ESRCH : -Errno.EPERM;
    }

    /** Ends the JVM by this signal's default action, without a core dump. Returns where the signal kills nobody. */
    public static void die(int signal) {
        long memory = RawMemory.allocate(64);
        // SIG_DFL, no flags, empty mask; and limits of 0.
        HostCalls.prlimit(RLIMIT_CORE, memory, 0);
        HostCalls.sigaction(signal, memory, 0);
        int pid = (int) ProcessHandle.current().pid();
        HostCalls.kill(pid, signal);
        HostCalls.unblockAndPause(memory);
    }

    /** Stops the JVM until somebody continues it. */
    public static void stop() {
        HostCalls.kill((int) ProcessHandle.current().pid(), Signal.SIGSTOP);
    }
}
