package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Processor time of a process: the host's time of the threads that ran its tasks. Split in user and system time only for
 * tasks that have ended; of running ones everything counts as user time.
 */
final class CpuUse {
    private static final int RUSAGE_THREAD = 1;

    private record Running(Task task, int hostTid, long before) {}

    private final List<Running> running = new ArrayList<>(2);
    private long endedUser;
    private long endedSystem;
    private long childrenUser;
    private long childrenSystem;

    /** On the task's thread, as it begins. */
    synchronized void started(Task task) {
        HostThread host = task.hostThread();
        running.add(new Running(task, host.tid(), threadTime(host.tid())));
    }

    /** On the task's thread, as it ends. */
    synchronized void ended(Task task) {
        for (int i = 0; i < running.size(); i++) {
            Running r = running.get(i);
            if (r.task == task) {
                running.remove(i);
                long total = Math.max(0, threadTime(r.hostTid) - r.before);
                // The kernel's share is only known for the thread as a whole, which may have run other tasks.
                long[] split = split(task.hostThread());
                long all = Math.max(1, split[0] + split[1]);
                long system = Math.min(total, (long) ((double) total * split[1] / all));
                endedUser += total - system;
                endedSystem += system;
                return;
            }
        }
    }

    private static long[] split(HostThread host) {
        long memory = host.scratch();
        HostCalls.getrusage(RUSAGE_THREAD, memory);
        return new long[] {
            RawMemory.getLong(memory) * 1_000_000_000L + RawMemory.getLong(memory + 8) * 1000,
            RawMemory.getLong(memory + 16) * 1_000_000_000L + RawMemory.getLong(memory + 24) * 1000
        };
    }

    /** Nanoseconds a host thread of this JVM has run: the clock id is made as the C library makes it. */
    static long threadTime(int hostTid) {
        long scratch = RawMemory.allocate(16);
        try {
            long clock = (long) ~hostTid << 3 | 6;
            return Math.max(0, HostCalls.clock((int) clock, scratch));
        } finally {
            RawMemory.free(scratch);
        }
    }

    /** The program of the host that the process had become has ended; nanoseconds. */
    synchronized void ranOnHost(long user, long system) {
        endedUser += user;
        endedSystem += system;
    }

    /** A child was waited for. */
    synchronized void reaped(CpuUse child) {
        childrenUser += child.user() + child.childrenUser();
        childrenSystem += child.system() + child.childrenSystem();
    }

    /** Nanoseconds. */
    synchronized long user() {
        long sum = endedUser;
        for (Running r : running) {
            sum += Math.max(0, threadTime(r.hostTid) - r.before);
        }
        return sum;
    }

    /** Nanoseconds. */
    synchronized long system() {
        return endedSystem;
    }

    /** Nanoseconds of one task that runs. */
    synchronized long of(Task task) {
        for (Running r : running) {
            if (r.task == task) {
                return Math.max(0, threadTime(r.hostTid) - r.before);
            }
        }
        return 0;
    }

    /** Nanoseconds of children that were waited for. */
    synchronized long childrenUser() {
        return childrenUser;
    }

    /** Nanoseconds of children that were waited for. */
    synchronized long childrenSystem() {
        return childrenSystem;
    }
}
