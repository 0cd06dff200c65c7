package dev.rhea.user.process;

import dev.rhea.user.memory.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A guest process: a group of tasks with one pid, one memory, one set of signal actions. Everything that is not final is
 * guarded by the kernel's lock, {@link Kernel#lock}.
 */
public final class Process {
    private final Kernel kernel;
    private final int pid;

    @Nullable
    Process parent;

    final List<Process> children = new ArrayList<>(2);
    int group;
    int session;

    /** What the parent is sent at the end: SIGCHLD, another signal, or 0. */
    final int exitSignal;

    Shared<AddressSpace> memory;
    SignalActions actions;
    final SignalQueue pending = new SignalQueue();

    /** Tasks that have not ended. */
    final List<Task> tasks = new ArrayList<>(2);

    /** Tasks that are on the way to the end, or there: {@link #status} is decided. */
    boolean exiting;

    /** What wait returns. */
    int status;

    /** No task is left; waits to be reaped. */
    boolean zombie;

    /** The signal that stopped it, or 0 while it runs. */
    int stopSignal;

    /** The stop or the continuation has not been waited for yet. */
    boolean stopUnreported;

    boolean continueUnreported;

    /** The task that does execve and has to be alone. */
    @Nullable
    Task execing;

    /** The parent's task that waits in vfork until this process has its own memory. */
    @Nullable
    Task vforkParent;

    /** Has called execve since its fork: setpgid refuses it. */
    boolean executed;

    /** The host's program that it has become, and then it runs no guest code any more. */
    @Nullable
    HostProgram hostProgram;

    /** PR_SET_CHILD_SUBREAPER. */
    boolean subreaper;

    final Limits limits;
    final CpuUse cpuUse;
    final ProcessTimers timers;

    /** Called once, when its last task ends and before anybody hears of it: undoing semaphores. */
    final List<Runnable> beforeEnd = new ArrayList<>(0);

    /** Called once, when it ends: pidfds. */
    final List<Runnable> atExit = new ArrayList<>(0);

    /** Opens when the last task has ended and all that follows is done. */
    final CountDownLatch end = new CountDownLatch(1);

    private volatile @Nullable String executable;

    /** Where the program's arguments lay when it began: argc's address. 0 before there is a program. */
    volatile long initialStack;

    /** When it began, of {@link System#nanoTime}. */
    final long startNanos = System.nanoTime();

    Process(Kernel kernel, int pid, int exitSignal, Shared<AddressSpace> memory, SignalActions actions, Limits limits) {
        this.kernel = kernel;
        this.pid = pid;
        this.exitSignal = exitSignal;
        this.memory = memory;
        this.actions = actions;
        this.limits = limits;
        this.cpuUse = new CpuUse();
        this.timers = new ProcessTimers(this);
    }

    public Kernel kernel() {
        return kernel;
    }

    public int pid() {
        return pid;
    }

    /** The pid of the parent; that of the host's parent for the first process. */
    public int parentPid() {
        synchronized (kernel.lock) {
            return parent == null ? kernel.hostParentPid() : parent.pid;
        }
    }

    /** Process group. */
    public int group() {
        synchronized (kernel.lock) {
            return group;
        }
    }

    public int session() {
        synchronized (kernel.lock) {
            return session;
        }
    }

    public Limits limits() {
        return limits;
    }

    public AddressSpace memory() {
        return memory.value();
    }

    /** Absolute path of the running program, as {@code /proc/self/exe} shows it. */
    public String executable() {
        String path = executable;
        return path == null ? "" : path;
    }

    void setExecutable(String path) {
        executable = path;
    }

    /** The tasks' ids, for {@code /proc/self/task}. */
    public int[] taskIds() {
        synchronized (kernel.lock) {
            int[] ids = new int[tasks.size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = tasks.get(i).tid();
            }
            return ids;
        }
    }

    /** Sends a signal to the process: to a task that takes it. Any thread. */
    public void send(SignalInfo info) {
        synchronized (kernel.lock) {
            SignalSending.toProcess(this, info);
        }
    }

    /** Whether the process has ended, reaped or not. */
    public boolean ended() {
        synchronized (kernel.lock) {
            return tasks.isEmpty();
        }
    }

    /**
     * Calls {@code listener} once when the process ends; at once if it has. Called under the kernel's lock: it must not
     * wait.
     */
    public void whenEnded(Runnable listener) {
        synchronized (kernel.lock) {
            if (tasks.isEmpty()) {
                listener.run();
            } else {
                atExit.add(listener);
            }
        }
    }

    /**
     * Calls {@code listener} once when the process's last task ends, before anybody hears of it. Called under the kernel's
     * lock: it must not wait.
     */
    public void beforeEnd(Runnable listener) {
        synchronized (kernel.lock) {
            beforeEnd.add(listener);
        }
    }

    /** Decides the status all tasks end with; the first decision holds. Under the lock. */
    void beginExit(int waitStatus) {
        if (exiting) {
            return;
        }
        exiting = true;
        status = waitStatus;
        wakeStopped();
        stopSignal = 0;
        for (Task task : tasks) {
            task.askForAttention();
        }
    }

    /** Lets tasks that stand still look again. Under the lock. */
    void wakeStopped() {
        for (Task task : tasks) {
            if (task.stopped) {
                kernel.lock.notifyAll();
                return;
            }
        }
    }

    /** The first task that is neither ending nor about to. Under the lock. */
    @Nullable
    Task leader() {
        for (Task task : tasks) {
            if (task.tid() == pid) {
                return task;
            }
        }
        return tasks.isEmpty() ? null : tasks.get(0);
    }
}
