package dev.rhea.host;

/** A thread as the host's kernel knows it. */
public final class HostThread {
    private HostThread() {}

    /** The number of the thread that calls: what {@code ps -L} and a debugger show. */
    public static long id() {
        return Syscall.call(SyscallNumber.GETTID);
    }
}
