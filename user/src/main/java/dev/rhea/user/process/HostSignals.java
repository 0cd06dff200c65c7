package dev.rhea.user.process;

import dev.rhea.user.call.Errno;

/** Signals that cross the border between guest processes and the host's. */
final class HostSignals {
    private HostSignals() {}

    /** kill(2) of something that is no guest: the JVM's own parent may be signalled, as a child tells its shell. */
    static long toHostProcess(Kernel kernel, int pid, int signal) {
        if (signal == 0 || pid == kernel.hostParentPid()) {
            return HostCalls.kill(pid, signal);
        }
        return HostCalls.kill(pid, 0) == -Errno.ESRCH ? -Errno.ESRCH : -Errno.EPERM;
    }
}
