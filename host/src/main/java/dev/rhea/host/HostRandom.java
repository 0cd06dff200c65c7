package dev.rhea.host;

/** The host kernel's random numbers. */
public final class HostRandom {
    private HostRandom() {}

    /** Fills host memory. Does not block once the host has booted. */
    public static void fill(long address, long bytes) {
        while (bytes > 0) {
            long done = Syscall.call(SyscallNumber.GETRANDOM, address, bytes, 0);
            if (done == -Errno.EINTR) {
                continue;
            }
            if (done <= 0) {
                throw new IllegalStateException("the host gives no random numbers: " + Errno.text((int) -done));
            }
            address += done;
            bytes -= done;
        }
    }
}
