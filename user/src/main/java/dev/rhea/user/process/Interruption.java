package dev.rhea.user.process;

import dev.rhea.host.CLibrary;
import dev.rhea.host.RawMemory;

/**
 * The host signal that ends a host call of another thread. Its handler is a function of the C library that does nothing,
 * and it is set without SA_RESTART, so that the call returns EINTR.
 */
final class Interruption {
    private Interruption() {}

    /** A real-time signal that neither the JVM nor the C library uses. */
    private static final int SIGNAL = 55;

    private static final int SIGSEGV = 11;
    private static final int SA_RESTORER = 0x0400_0000;
    private static final int PID = (int) ProcessHandle.current().pid();

    /** Installed once per JVM, when the class is first used. */
    private static final boolean INSTALLED = set();

    private static boolean set() {
        // struct kernel_sigaction: handler, flags, restorer, mask; generic architectures leave the restorer out.
        long action = RawMemory.allocate(64);
        try {
            boolean restorer = "amd64".equals(System.getProperty("os.arch"));
            if (restorer) {
                // The C library's own return path, as the JVM's SIGSEGV handler was installed with it.
                HostCalls.sigaction(SIGSEGV, 0, action);
            }
            RawMemory.putLong(action, CLibrary.address("getppid"));
            RawMemory.putLong(action + 8, restorer ? SA_RESTORER : 0);
            RawMemory.putLong(action + (restorer ? 24 : 16), 0);
            return HostCalls.sigaction(SIGNAL, action, 0) == 0;
        } finally {
            RawMemory.free(action);
        }
    }

    static void install() {
        if (!INSTALLED) {
            throw new IllegalStateException("the host refused a handler for signal " + SIGNAL);
        }
    }

    static void send(int tid) {
        HostCalls.tgkill(PID, tid, SIGNAL);
    }
}
