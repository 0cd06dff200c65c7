package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;

/** Resource limits of a process: getrlimit(2). Those that Rhea does not enforce are kept for the guest to read. */
public final class Limits {
    /** No limit. */
    public static final long INFINITY = -1;

    public static final int RLIMIT_CPU = 0;
    public static final int RLIMIT_FSIZE = 1;
    public static final int RLIMIT_DATA = 2;
    public static final int RLIMIT_STACK = 3;
    public static final int RLIMIT_CORE = 4;
    public static final int RLIMIT_NOFILE = 7;
    public static final int RLIMIT_AS = 9;
    public static final int RLIMIT_RTPRIO = 14;

    /** How many there are. */
    public static final int COUNT = 16;

    private final long[] soft = new long[COUNT];
    private final long[] hard = new long[COUNT];

    private Limits() {}

    /** The host's limits of the JVM. */
    static Limits inheriting() {
        Limits limits = new Limits();
        long memory = RawMemory.allocate(16);
        for (int i = 0; i < COUNT; i++) {
            if (HostCalls.prlimit(i, 0, memory) == 0) {
                limits.soft[i] = RawMemory.getLong(memory);
                limits.hard[i] = RawMemory.getLong(memory + 8);
            } else {
                limits.soft[i] = INFINITY;
                limits.hard[i] = INFINITY;
            }
        }
        RawMemory.free(memory);
        return limits;
    }

    /** For fork. */
    synchronized Limits copy() {
        Limits copy = new Limits();
        System.arraycopy(soft, 0, copy.soft, 0, COUNT);
        System.arraycopy(hard, 0, copy.hard, 0, COUNT);
        return copy;
    }

    /** The soft limit: unsigned, {@link #INFINITY} for none. */
    public synchronized long soft(int resource) {
        return soft[resource];
    }

    /** The hard limit. */
    public synchronized long hard(int resource) {
        return hard[resource];
    }

    /** Sets both. @throws Errno EINVAL, or EPERM where the hard limit is raised without the right to */
    synchronized void set(int resource, long softLimit, long hardLimit, boolean privileged) {
        if (Long.compareUnsigned(softLimit, hardLimit) > 0) {
            throw new Errno(Errno.EINVAL);
        }
        if (Long.compareUnsigned(hardLimit, hard[resource]) > 0 && !privileged) {
            throw new Errno(Errno.EPERM);
        }
        soft[resource] = softLimit;
        hard[resource] = hardLimit;
    }
}
