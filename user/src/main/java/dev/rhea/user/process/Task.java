package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.file.Scratch;
import dev.rhea.user.memory.AddressSpace;
import org.jspecify.annotations.Nullable;

/**
 * A guest thread: a processor, run by one JVM thread, and what Linux keeps per thread. Its methods are for its own thread
 * unless they say otherwise.
 *
 * <p>A call that waits does it with {@link #await}, {@link #poll} or {@link #blocking}, so that signals, stops and the end
 * of the process reach it.
 */
public final class Task implements Runnable {
    /** Deadline of a wait without one. Deadlines are in {@link System#nanoTime} nanoseconds, which is CLOCK_MONOTONIC. */
    public static final long FOREVER = Long.MAX_VALUE;

    /** What the waiting methods return when a signal or the end of the process cut the wait short. */
    public static final int INTERRUPTED = -1;

    private final Kernel kernel;
    private final Process process;
    private volatile int tid;
    private Cpu cpu;
    Shared<FileTable> files;
    Shared<FileContext> context;
    final TaskSignals signals = new TaskSignals(this);
    final SyscallRestart restart = new SyscallRestart(this);
    private final GuestLoop guest;

    /** Where this task waits; null until its JVM thread runs. */
    private volatile @Nullable WaitGate gate;

    /** What {@link WaitGate#attention} is to be, as long as there is no gate. Guarded by the kernel's lock. */
    private boolean attentionBeforeStart;

    /** Stands in {@link Stops#stay}. Guarded by the kernel's lock. */
    boolean stopped;

    /** Has to end though its process goes on: another task does execve. Guarded by the kernel's lock. */
    boolean killed;

    /** The run loop is to end. */
    boolean endRequested;

    /** {@code set_tid_address}: written 0 and woken at the end, if not 0. */
    long clearChildTid;

    /** The head of the list of robust futexes, or 0. */
    long robustList;

    /** PR_SET_NAME: 15 bytes at most. */
    private volatile byte[] name = new byte[0];

    /** PR_SET_PDEATHSIG. */
    int parentDeathSignal;

    /** Nice value, -20 to 19. */
    volatile int nice;

    Task(Process process, int tid, Cpu cpu, Shared<FileTable> files, Shared<FileContext> context) {
        this.kernel = process.kernel();
        this.process = process;
        this.tid = tid;
        this.cpu = cpu;
        this.files = files;
        this.context = context;
        this.guest = new GuestLoop(this);
    }

    /** The thread's id. Any thread. */
    public int tid() {
        return tid;
    }

    /** execve by another thread than the first: that thread becomes the first. */
    void setTid(int value) {
        tid = value;
    }

    public Process process() {
        return process;
    }

    public Kernel kernel() {
        return kernel;
    }

    public LinuxAbi abi() {
        return kernel.abi();
    }

    public Cpu cpu() {
        return cpu;
    }

    /** For execve. */
    void setCpu(Cpu value) {
        cpu = value;
    }

    public AddressSpace memory() {
        return process.memory();
    }

    public FileTable files() {
        return files.value();
    }

    public FileContext fileContext() {
        return context.value();
    }

    /** PR_GET_NAME, {@code /proc/self/comm}. Any thread. */
    public byte[] name() {
        return name.clone();
    }

    void setName(byte[] value) {
        name = value.clone();
    }

    private final Scratch scratch = new Scratch();

    /** Host memory for the arguments of this task's host calls; freed by the task when it ends. */
    public final Scratch scratch() {
        return scratch;
    }

    /** Whether a signal is there to be delivered, or the task is to stop or end: a waiting call has to return. Any thread. */
    public boolean interrupted() {
        return gate().attention;
    }

    private WaitGate gate() {
        WaitGate g = gate;
        if (g == null) {
            throw new IllegalStateException("task " + tid + " has no thread yet");
        }
        return g;
    }

    HostThread hostThread() {
        return gate().host();
    }

    /**
     * Waits until {@link #wake} is called, the deadline passes or the task is interrupted. Spurious returns are possible:
     * call it in a loop that looks at what it waits for.
     *
     * @return 1 woken, 0 the deadline has passed, {@link #INTERRUPTED}
     */
    public int await(long deadline) {
        memory().park(cpu);
        try {
            return gate().await(deadline);
        } finally {
            memory().unpark(cpu);
        }
    }

    /** What it does when it does not wait. */
    GuestLoop guest() {
        return guest;
    }

    /** Whether the task waits in a call or has not begun. Any thread. */
    boolean waiting() {
        return !guest.running();
    }

    /** As {@link #await}, but only the end of the task interrupts it. Returns false then. */
    boolean awaitKillable() {
        WaitGate g = gate();
        synchronized (kernel.lock) {
            if (process.exiting || killed) {
                return false;
            }
        }
        memory().park(cpu);
        try {
            g.park(FOREVER);
        } finally {
            memory().unpark(cpu);
        }
        return true;
    }

    /** Ends an {@link #await} of this task. Any thread. */
    public void wake() {
        WaitGate g = gate;
        if (g != null) {
            g.wake();
        }
    }

    /**
     * Waits until one host descriptor is ready.
     *
     * @param events POLLIN and so on
     * @return the {@code revents}, 0 when the deadline has passed, {@link #INTERRUPTED}
     */
    public int poll(int hostFd, int events, long deadline) {
        memory().park(cpu);
        try {
            return gate().poll(hostFd, events, deadline);
        } finally {
            memory().unpark(cpu);
        }
    }

    /**
     * Waits until one of many host descriptors is ready; negative ones are skipped.
     *
     * @param revents what was found
     * @return how many are ready, 0 when the deadline has passed, {@link #INTERRUPTED}
     */
    public int poll(int[] hostFds, short[] events, short[] revents, int count, long deadline) {
        memory().park(cpu);
        try {
            return gate().poll(hostFds, events, revents, count, deadline);
        } finally {
            memory().unpark(cpu);
        }
    }

    /** Before a host call that would wait: waits until the descriptor is ready, or throws ERESTARTSYS. */
    public void awaitReady(int hostFd, int events) {
        if (poll(hostFd, events, FOREVER) == INTERRUPTED) {
            throw new Errno(Errno.ERESTARTSYS);
        }
    }

    /**
     * Makes a host call that may wait: a host signal interrupts it when the task is to wake up.
     *
     * @return its result; {@code -ERESTARTSYS} where it was interrupted
     */
    public long blocking(HostCall call) {
        memory().park(cpu);
        try {
            return gate().blocking(call);
        } finally {
            memory().unpark(cpu);
        }
    }

    /** A call to the host's kernel that returns {@code -EINTR} where a host signal interrupts it. */
    @FunctionalInterface
    public interface HostCall {
        long run();
    }

    /**
     * Sets the signal mask for the rest of this call, as ppoll and sigsuspend do: the old one comes back after a handler
     * has run, or when the call ends without.
     */
    public void setTemporaryMask(long mask) {
        synchronized (kernel.lock) {
            signals.setTemporaryMask(mask);
        }
    }

    /** What runs when the call returns {@code -ERESTART_RESTARTBLOCK} and no handler was called. */
    public void setRestart(Call call) {
        restart.setBlock(call);
    }

    /** Serves restart_syscall. */
    long resumeRestart(long[] callArguments) {
        return restart.resume(callArguments);
    }

    /** Sends a signal to this very task, as SIGPIPE is. Any thread. */
    public void send(SignalInfo info) {
        synchronized (kernel.lock) {
            SignalSending.toTask(this, info);
        }
    }

    /**
     * Takes a pending signal of a set, blocked ones first of all: for signalfd.
     *
     * @return null where none is pending
     */
    public @Nullable SignalInfo takeSignal(long wanted) {
        synchronized (kernel.lock) {
            return signals.take(wanted);
        }
    }

    /** The signals pending for this task, blocked or not. Any thread. */
    public long pendingSignals() {
        synchronized (kernel.lock) {
            return signals.allPending();
        }
    }

    /** The signals this task blocks. Any thread. */
    public long signalMask() {
        synchronized (kernel.lock) {
            return signals.settledMask();
        }
    }

    /** What clone hands on. Under the kernel's lock. */
    void inherit(Task from, boolean keepAltStack) {
        signals.inherit(from.signals, keepAltStack);
        name = from.name;
        nice = from.nice;
    }

    /** Lets go of all descriptors, for a process that runs no guest code any more. */
    void dropFiles() {
        Shared<FileTable> old = files;
        files = new Shared<>(new FileTable(), FileTable::close);
        old.release();
    }

    /** The attention of the run loop, under the kernel's lock. */
    void setAttention(boolean needed) {
        WaitGate g = gate;
        if (g == null) {
            attentionBeforeStart = needed;
        } else {
            g.attention = needed;
        }
    }

    /** Makes the task look at signals, stops and its end soon. Under the kernel's lock, any thread. */
    void askForAttention() {
        setAttention(true);
        WaitGate g = gate;
        if (g != null && g.host().thread() != Thread.currentThread()) {
            cpu.requestPoll();
            g.signal();
        }
    }

    /** A pointer or unsigned word argument, as wide as the guest's address space. */
    public long address(long argument) {
        return abi().wordSize() == 4 ? argument & 0xFFFF_FFFFL : argument;
    }

    /** Runs the guest thread to its end, on the JVM thread that is to be its. */
    @Override
    public void run() {
        WaitGate g = new WaitGate(HostThread.current());
        synchronized (kernel.lock) {
            gate = g;
            g.attention = attentionBeforeStart;
        }
        try {
            process.cpuUse.started(this);
            guest.run(g);
        } catch (Throwable bug) {
            System.getLogger(Task.class.getName())
                    .log(System.Logger.Level.ERROR, "a bug in Rhea ended guest process " + process.pid(), bug);
            synchronized (kernel.lock) {
                process.beginExit(Signal.SIGKILL);
            }
        } finally {
            TaskEnd.end(this);
        }
    }
}
