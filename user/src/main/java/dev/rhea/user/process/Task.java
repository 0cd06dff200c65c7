package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.memory.AddressSpace;

/**
 * A guest thread: a processor, run by one JVM thread, and what Linux keeps per thread. Its methods are for its own thread
 * unless they say otherwise.
 *
 * <p>A call that waits does it with {@link #await}, {@link #poll} or {@link #blocking}, so that signals, stops and the end
 * of the process reach it.
 */
public abstract class Task {
    /** Deadline of a wait without one. Deadlines are in {@link System#nanoTime} nanoseconds, which is CLOCK_MONOTONIC. */
    public static final long FOREVER = Long.MAX_VALUE;

    /** What the waiting methods return when a signal or the end of the process cut the wait short. */
    public static final int INTERRUPTED = -1;

    public abstract int tid();

    public abstract Process process();

    public abstract Kernel kernel();

    public abstract LinuxAbi abi();

    public abstract Cpu cpu();

    public abstract AddressSpace memory();

    public abstract FileTable files();

    public abstract FileContext fileContext();

    /** Whether a signal is there to be delivered, or the task is to stop or end: a waiting call has to return. Any thread. */
    public abstract boolean interrupted();

    /**
     * Waits until {@link #wake} is called, the deadline passes or the task is interrupted. Spurious returns are possible:
     * call it in a loop that looks at what it waits for.
     *
     * @return 1 woken, 0 the deadline has passed, {@link #INTERRUPTED}
     */
    public abstract int await(long deadline);

    /** Ends an {@link #await} of this task. Any thread. */
    public abstract void wake();

    /**
     * Waits until one host descriptor is ready.
     *
     * @param events POLLIN and so on
     * @return the {@code revents}, 0 when the deadline has passed, {@link #INTERRUPTED}
     */
    public abstract int poll(int hostFd, int events, long deadline);

    /**
     * Waits until one of many host descriptors is ready; negative ones are skipped.
     *
     * @param revents what was found
     * @return how many are ready, 0 when the deadline has passed, {@link #INTERRUPTED}
     */
    public abstract int poll(int[] hostFds, short[] events, short[] revents, int count, long deadline);

    /** Before a host call that would wait: waits until the descriptor is ready, or throws ERESTARTSYS. */
    public final void awaitReady(int hostFd, int events) {
        if (poll(hostFd, events, FOREVER) == INTERRUPTED) {
            throw new Errno(Errno.ERESTARTSYS);
        }
    }

    /**
     * Makes a host call that waits and that no descriptor announces (open of a FIFO, flock): a host signal interrupts it
     * when the task is to wake up.
     *
     * @return its result; {@code -ERESTARTSYS} where it was interrupted
     */
    public abstract long blocking(HostCall call);

    /** A call to the host's kernel that returns {@code -EINTR} where a host signal interrupts it. */
    @FunctionalInterface
    public interface HostCall {
        long run();
    }

    /**
     * Sets the signal mask for the rest of this call, as ppoll and sigsuspend do: the old one comes back after a handler
     * has run, or when the call ends without.
     */
    public abstract void setTemporaryMask(long mask);

    /**
     * What runs when the call returns {@code -ERESTART_RESTARTBLOCK} and no handler was called: restart_syscall ends here.
     */
    public abstract void setRestart(dev.rhea.user.call.Call call);

    /** Sends a signal to this very task, as a fault or SIGPIPE does. Any thread. */
    public abstract void send(SignalInfo info);
}
