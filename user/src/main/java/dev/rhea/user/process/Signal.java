package dev.rhea.user.process;

/** Signal numbers of Linux's generic ABI, what each does by default, and sets of signals as 64-bit masks (bit n-1 is signal n). */
public final class Signal {
    private Signal() {}

    public static final int SIGHUP = 1;
    public static final int SIGINT = 2;
    public static final int SIGQUIT = 3;
    public static final int SIGILL = 4;
    public static final int SIGTRAP = 5;
    public static final int SIGABRT = 6;
    public static final int SIGBUS = 7;
    public static final int SIGFPE = 8;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGALRM = 14;
    public static final int SIGTERM = 15;
    public static final int SIGSTKFLT = 16;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final int SIGTSTP = 20;
    public static final int SIGTTIN = 21;
    public static final int SIGTTOU = 22;
    public static final int SIGURG = 23;
    public static final int SIGXCPU = 24;
    public static final int SIGXFSZ = 25;
    public static final int SIGVTALRM = 26;
    public static final int SIGPROF = 27;
    public static final int SIGWINCH = 28;
    public static final int SIGIO = 29;
    public static final int SIGPWR = 30;
    public static final int SIGSYS = 31;

    /** The first real-time signal: from here on every sending is queued. */
    public static final int SIGRTMIN = 32;

    /** The last signal. */
    public static final int MAX = 64;

    private static final String[] NAMES = {
        "",
        "SIGHUP",
        "SIGINT",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGKILL",
        "SIGUSR1",
        "SIGSEGV",
        "SIGUSR2",
        "SIGPIPE",
        "SIGALRM",
        "SIGTERM",
        "SIGSTKFLT",
        "SIGCHLD",
        "SIGCONT",
        "SIGSTOP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGURG",
        "SIGXCPU",
        "SIGXFSZ",
        "SIGVTALRM",
        "SIGPROF",
        "SIGWINCH",
        "SIGIO",
        "SIGPWR",
        "SIGSYS"
    };

    /** The set of one signal. */
    public static long bit(int signal) {
        return 1L << signal - 1;
    }

    /** What no mask can hold. */
    public static final long UNBLOCKABLE = bit(SIGKILL) | bit(SIGSTOP);

    /** Raised by the instruction that runs: these are delivered before all others. */
    static final long SYNCHRONOUS = bit(SIGSEGV) | bit(SIGBUS) | bit(SIGILL) | bit(SIGTRAP) | bit(SIGFPE) | bit(SIGSYS);

    static final long STOPPING = bit(SIGSTOP) | bit(SIGTSTP) | bit(SIGTTIN) | bit(SIGTTOU);

    private static final long IGNORED = bit(SIGCHLD) | bit(SIGCONT) | bit(SIGURG) | bit(SIGWINCH);

    private static final long DUMPING = bit(SIGQUIT)
            | bit(SIGILL)
            | bit(SIGTRAP)
            | bit(SIGABRT)
            | bit(SIGBUS)
            | bit(SIGFPE)
            | bit(SIGSEGV)
            | bit(SIGXCPU)
            | bit(SIGXFSZ)
            | bit(SIGSYS);

    /** Whether the default action is to do nothing. */
    public static boolean ignoredByDefault(int signal) {
        return (IGNORED & bit(signal)) != 0;
    }

    /** Whether the default action is to stop the process. */
    public static boolean stopsByDefault(int signal) {
        return (STOPPING & bit(signal)) != 0;
    }

    /** Whether the default action is to die with a core dump. */
    public static boolean dumpsByDefault(int signal) {
        return (DUMPING & bit(signal)) != 0;
    }

    /** The number names a signal. */
    public static boolean valid(int signal) {
        return signal >= 1 && signal <= MAX;
    }

    /** "SIGSEGV"; real-time signals by their number. */
    public static String name(int signal) {
        return signal > 0 && signal < NAMES.length ? NAMES[signal] : Integer.toString(signal);
    }
}
