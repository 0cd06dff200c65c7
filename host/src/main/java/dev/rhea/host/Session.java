package dev.rhea.host;

/** The process and the terminal it was started from. */
public final class Session {
    private static final int O_CLOEXEC = 0x80000;

    private Session() {}

    /** Begins a session of its own: the terminal's signals no longer reach the process. Does nothing where it leads one already. */
    public static void begin() {
        Syscall.call(SyscallNumber.SETSID);
    }

    /**
     * Has standard input, output and error lead to {@code /dev/null} from now on.
     *
     * @throws HostException where there is no such device
     */
    public static void silence() throws HostException {
        try (HostFile nothing = HostFile.open("/dev/null", HostFile.O_RDWR | O_CLOEXEC, 0)) {
            for (int standard = 0; standard <= 2; standard++) {
                HostException.check(Syscall.call(SyscallNumber.DUP3, nothing.descriptor(), standard, 0));
            }
        }
    }
}
