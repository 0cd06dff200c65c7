package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The JVM thread below a task, as the host's kernel sees it: its id, an eventfd that wakes it from poll, a host signal that
 * wakes it from anything else, scratch memory for calls. One per JVM thread, used by one task after the other.
 */
final class HostThread {
    /** What {@link #poll} returns when only {@link #wakePoll} made it return. */
    static final int WOKEN = -2;

    private static final int POLLFD_BYTES = 8;
    private static final int POLLIN = 1;

    /** Memory for structures of the host's kernel, in bytes. */
    static final int SCRATCH_BYTES = 4096;

    private final Thread thread = Thread.currentThread();
    private final int tid = HostCalls.gettid();
    private final long scratch = RawMemory.allocate(SCRATCH_BYTES);
    private final int wakeFd = HostCalls.eventfd();
    private long pollFds;
    private int pollCapacity;

    /** For the calling thread. */
    HostThread() {
        if (wakeFd < 0) {
            throw new IllegalStateException("the host has no descriptor left for an eventfd: " + Errno.name(-wakeFd));
        }
    }

    /** The calling thread's own. */
    static HostThread current() {
        return ((TaskThreads.TaskThread) Thread.currentThread()).host();
    }

    Thread thread() {
        return thread;
    }

    /** The host's thread id. */
    int tid() {
        return tid;
    }

    /** {@link #SCRATCH_BYTES} of memory for the current host call. */
    long scratch() {
        return scratch;
    }

    /** Ends the poll of this thread, or its next one. Any thread. */
    void wakePoll() {
        long one = RawMemory.allocate(8);
        try {
            RawMemory.putLong(one, 1);
            HostCalls.write(wakeFd, one, 8);
        } finally {
            RawMemory.free(one);
        }
    }

    /**
     * Interrupts the thread's host call until {@code gone} says that it is not there any more. A signal that arrives just
     * before the call begins is lost, so it is repeated, each time later, by a helper thread if need be.
     */
    void interruptUntil(BooleanSupplier gone) {
        Interruption.install();
        Interruption.send(tid);
        Thread.ofPlatform().daemon().name("rhea-interrupt").start(() -> {
            long pause = 100_000;
            while (!gone.getAsBoolean() && thread.isAlive()) {
                Interruption.send(tid);
                LockSupport.parkNanos(pause);
                pause = Math.min(pause * 2, 50_000_000);
            }
        });
    }

    /** Waits for one descriptor; {@code revents}, 0 at the deadline, or {@link #WOKEN}. */
    int poll(int fd, int events, long deadline) {
        reserve(2);
        put(0, fd, events);
        int ready = run(1, deadline);
        return ready > 0 ? RawMemory.getShort(pollFds + 6) & 0xFFFF : ready;
    }

    /** Waits for many descriptors; how many are ready, 0 at the deadline, or {@link #WOKEN}. */
    int poll(int[] fds, short[] events, short[] revents, int count, long deadline) {
        reserve(count + 1);
        for (int i = 0; i < count; i++) {
            put(i, fds[i], events[i]);
        }
        int ready = run(count, deadline);
        for (int i = 0; i < count; i++) {
            revents[i] = ready > 0 ? RawMemory.getShort(pollFds + (long) i * POLLFD_BYTES + 6) : 0;
        }
        return ready;
    }

    private void reserve(int count) {
        if (count > pollCapacity) {
            if (pollFds != 0) {
                RawMemory.free(pollFds);
            }
            pollCapacity = Math.max(16, count * 2);
            pollFds = RawMemory.allocate((long) pollCapacity * POLLFD_BYTES);
        }
    }

    private void put(int index, int fd, int events) {
        long at = pollFds + (long) index * POLLFD_BYTES;
        RawMemory.putInt(at, fd);
        RawMemory.putShort(at + 4, (short) events);
        RawMemory.putShort(at + 6, (short) 0);
    }

    private int run(int count, long deadline) {
        put(count, wakeFd, POLLIN);
        while (true) {
            long timeout = 0;
            if (deadline != Task.FOREVER) {
                long left = Math.max(0, deadline - System.nanoTime());
                timeout = scratch;
                RawMemory.putLong(timeout, left / 1_000_000_000L);
                RawMemory.putLong(timeout + 8, left % 1_000_000_000L);
            }
            long result = HostCalls.ppoll(pollFds, count + 1, timeout);
            if (result == -Errno.EINTR) {
                return WOKEN;
            }
            if (result < 0) {
                throw new Errno((int) -result);
            }
            boolean woken = RawMemory.getShort(pollFds + (long) count * POLLFD_BYTES + 6) != 0;
            if (woken) {
                HostCalls.read(wakeFd, scratch, 8);
                result--;
            }
            if (result > 0 || !woken) {
                return (int) result;
            }
            return WOKEN;
        }
    }

    /** The JVM thread ends. */
    void close() {
        HostCalls.close(wakeFd);
        RawMemory.free(scratch);
        if (pollFds != 0) {
            RawMemory.free(pollFds);
        }
    }
}
