package dev.rhea.user;

import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;

/** What the first guest process's fate does to the JVM's. */
public final class HostStop {
    private static final int SIGKILL = 9;
    private static final int SIGSTOP = 19;
    private static final int RLIMIT_CORE = 4;

    private HostStop() {}

    /** Stops the JVM as job control does, until somebody continues it. */
    static void stop() {
        Syscall.call(SyscallNumber.KILL, ProcessHandle.current().pid(), SIGSTOP);
    }

    /**
     * Ends the JVM by a signal, so that who waits for it sees what became of the guest. The JVM's own handler is taken away
     * first, and it leaves no core: that would be the JVM's, not the guest's.
     */
    public static void die(int signal) {
        long memory = dev.rhea.host.RawMemory.allocate(64);
        for (int i = 0; i < 64; i += 8) {
            dev.rhea.host.RawMemory.putLong(memory + i, 0);
        }
        Syscall.call(SyscallNumber.PRLIMIT64, 0, RLIMIT_CORE, memory, 0);
        // An all-zero sigaction is SIG_DFL, with no flags and an empty mask, in every layout Linux has.
        Syscall.call(SyscallNumber.RT_SIGACTION, signal, memory, 0, 8);
        dev.rhea.host.RawMemory.putLong(memory, 1L << signal - 1);
        Syscall.call(SyscallNumber.RT_SIGPROCMASK, 1, memory, 0, 8);
        long self = ProcessHandle.current().pid();
        // To this very thread: one that dumps core would reach another thread only after the SIGKILL below.
        Syscall.call(SyscallNumber.TGKILL, self, Syscall.call(SyscallNumber.GETTID), signal);
        // Still here: a signal that does not kill, or one that the host blocks.
        Syscall.call(SyscallNumber.KILL, self, SIGKILL);
    }
}
