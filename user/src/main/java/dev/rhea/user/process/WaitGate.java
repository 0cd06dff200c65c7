package dev.rhea.user.process;

import dev.rhea.user.call.Errno;
import java.util.concurrent.locks.LockSupport;

/**
 * How a task's JVM thread waits and is woken: parked, in the host's poll beside an eventfd, or in a host call that only a
 * host signal ends. The task's thread waits; any thread wakes.
 *
 * <p>No wake-up is lost: the waiter publishes where it is about to wait and then looks for a reason not to; the waker
 * publishes the reason and then looks where the waiter is.
 */
final class WaitGate {
    private static final int RUNNING = 0;
    private static final int IN_POLL = 1;
    private static final int IN_CALL = 2;

    private final HostThread host;
    private volatile int where = RUNNING;
    private volatile boolean woken;

    /** Something has to be done on the way back to the guest: waits end at once. */
    volatile boolean attention;

    /** For the thread that calls. */
    WaitGate(HostThread host) {
        this.host = host;
    }

    HostThread host() {
        return host;
    }

    /** Ends a wait, or the next one if there is none. */
    void wake() {
        woken = true;
        signal();
    }

    /** Makes {@link #attention} known to a waiting thread. */
    void signal() {
        switch (where) {
            case IN_POLL -> host.wakePoll();
            case IN_CALL -> host.interruptUntil(() -> where != IN_CALL);
            default -> LockSupport.unpark(host.thread());
        }
    }

    /** See {@link Task#await}. */
    int await(long deadline) {
        while (true) {
            if (woken) {
                woken = false;
                return 1;
            }
            if (attention) {
                return Task.INTERRUPTED;
            }
            if (!park(deadline)) {
                return 0;
            }
        }
    }

    /** Waits for {@link #wake} or any other reason to look again; false when the deadline has passed. */
    boolean park(long deadline) {
        if (deadline == Task.FOREVER) {
            LockSupport.park(this);
            return true;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        LockSupport.parkNanos(this, left);
        return true;
    }

    /** See {@link Task#poll}. */
    int poll(int[] fds, short[] events, short[] revents, int count, long deadline) {
        where = IN_POLL;
        try {
            int ready;
            do {
                ready = attention ? Task.INTERRUPTED : host.poll(fds, events, revents, count, deadline);
            } while (ready == HostThread.WOKEN);
            return ready;
        } finally {
            where = RUNNING;
        }
    }

    /** See {@link Task#poll}. */
    int poll(int fd, int events, long deadline) {
        where = IN_POLL;
        try {
            int ready;
            do {
                ready = attention ? Task.INTERRUPTED : host.poll(fd, events, deadline);
            } while (ready == HostThread.WOKEN);
            return ready;
        } finally {
            where = RUNNING;
        }
    }

    /** See {@link Task#blocking}. */
    long blocking(Task.HostCall call) {
        where = IN_CALL;
        try {
            if (attention) {
                return -Errno.ERESTARTSYS;
            }
            long result = call.run();
            return result == -Errno.EINTR ? -Errno.ERESTARTSYS : result;
        } finally {
            where = RUNNING;
        }
    }
}
