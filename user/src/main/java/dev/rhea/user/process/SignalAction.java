package dev.rhea.user.process;

/**
 * What a process does about a signal: sigaction(2).
 *
 * @param handler address, {@link #DEFAULT} or {@link #IGNORE}
 * @param flags {@code SA_*}
 * @param mask what is blocked besides while the handler runs
 * @param restorer {@code sa_restorer}, 0 where the architecture has none
 */
record SignalAction(long handler, long flags, long mask, long restorer) {
    static final long DEFAULT = 0;
    static final long IGNORE = 1;

    static final long SA_NOCLDSTOP = 1;
    static final long SA_NOCLDWAIT = 2;
    static final long SA_SIGINFO = 4;
    static final long SA_ONSTACK = 0x0800_0000;
    static final long SA_RESTART = 0x1000_0000;
    static final long SA_NODEFER = 0x4000_0000;
    static final long SA_RESETHAND = 0x8000_0000L;

    /** What every program starts with. */
    static final SignalAction INITIAL = new SignalAction(DEFAULT, 0, 0, 0);

    boolean has(long flag) {
        return (flags & flag) != 0;
    }

    boolean isHandler() {
        return handler != DEFAULT && handler != IGNORE;
    }

    /** Whether a signal with this action does nothing. */
    boolean ignores(int signal) {
        return handler == IGNORE || handler == DEFAULT && Signal.ignoredByDefault(signal);
    }
}
