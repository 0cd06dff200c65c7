package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.LogItem;
import dev.rhea.user.call.CallTable;
import dev.rhea.user.call.Errno;
import dev.rhea.user.log.CallObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Linux that one tree of guest processes sees: who is there, the lock over all of it, futexes and timers.
 *
 * <p>Process ids: the first process has the JVM's own, so that what it writes to pid files and what the host's tools show
 * agree. All others get ids above 2²² = {@code PID_MAX_LIMIT}, which no host process ever has: a guest's kill can never hit
 * a stranger by mistake. Ids that are neither are host processes.
 *
 * <p>Orphans: when a process ends, its children go to the nearest subreaper, else to nobody, and nobody waits for their end.
 * The kernel lives until its last process has ended ({@link #awaitAll}) or it is closed, which kills what is left.
 */
public final class Kernel implements AutoCloseable {
    private static final int FIRST_PID = (1 << 22) + 1;
    private static final int LAST_PID = 1 << 29;
    /** Guards the process tree and everything about signals. Never held while waiting for anything. */
    final Object lock = new Object();

    private final Engine engine;
    private final LinuxAbi abi;
    private final KernelOptions options;
    private final CallTable calls;
    private final Futexes futexes = new Futexes();
    private final TimerQueue timers = new TimerQueue();
    private final TaskThreads threads = new TaskThreads();
    private final Terminals terminals;
    private final @Nullable Strace strace;
    private final Traces traces;
    private final int hostParent = HostCalls.getppid();
    private final int hostPid = (int) ProcessHandle.current().pid();
    private final int uid = HostCalls.getuid();
    private final Credentials credentials = new Credentials();
    private final long bootNanos = System.nanoTime();

    /** By pid and by tid; a zombie keeps its pid. Guarded by the lock. */
    private final Map<Integer, Process> processes = new HashMap<>();

    private final Map<Integer, Task> tasks = new HashMap<>();
    private int nextPid = FIRST_PID;
    private int restartNumber = -1;
    private boolean closing;

    /** Tells those who have signals as a descriptor. Guarded by the lock. */
    private final List<Runnable> signalListeners = new ArrayList<>(0);

    public Kernel(Engine engine, LinuxAbi abi, KernelOptions options) {
        this.engine = engine;
        this.abi = abi;
        this.options = options;
        this.calls = options.calls(abi);
        this.strace = options.log().has(LogItem.STRACE) ? new Strace(options.log()) : null;
        this.traces = new Traces(options.log(), engine, abi);
        this.terminals = new Terminals(this);
    }

    public Engine engine() {
        return engine;
    }

    public LinuxAbi abi() {
        return abi;
    }

    public KernelOptions options() {
        return options;
    }

    CallTable calls() {
        return calls;
    }

    Futexes futexes() {
        return futexes;
    }

    TimerQueue timers() {
        return timers;
    }

    TaskThreads threads() {
        return threads;
    }

    @Nullable
    Strace strace() {
        return strace;
    }

    Traces traces() {
        return traces;
    }

    /** Has somebody see, and perhaps answer, all system calls from now on. */
    public void observeCalls(CallObserver observer) {
        traces.observe(observer);
    }

    int hostParentPid() {
        return hostParent;
    }

    int hostPid() {
        return hostPid;
    }

    int uid() {
        return uid;
    }

    public Credentials credentials() {
        return credentials;
    }

    /** The number of restart_syscall. */
    int restartSyscallNumber() {
        if (restartNumber < 0) {
            int number = 0;
            while (number < 1024 && !"restart_syscall".equals(abi.syscallName(number))) {
                number++;
            }
            restartNumber = number;
        }
        return restartNumber;
    }

    /** An id for a process or a thread. Under the lock. */
    int newId() {
        while (true) {
            int id = nextPid;
            nextPid = id == LAST_PID ? FIRST_PID : id + 1;
            if (!processes.containsKey(id) && !tasks.containsKey(id)) {
                return id;
            }
        }
    }

    /** Makes a process known. Under the lock. */
    void register(Process process) {
        processes.put(process.pid(), process);
    }

    /** Makes a task known. Under the lock. @throws Errno EAGAIN where the kernel is being closed */
    void register(Task task) {
        if (closing) {
            throw new Errno(Errno.EAGAIN);
        }
        tasks.put(task.tid(), task);
        task.process().tasks.add(task);
    }

    /** Under the lock. */
    void forget(Task task) {
        tasks.remove(task.tid(), task);
    }

    /** execve made this task the process's first. Under the lock. */
    void rename(Task task, int tid) {
        tasks.remove(task.tid(), task);
        task.setTid(tid);
        tasks.put(tid, task);
    }

    /** The process was reaped. Under the lock. */
    void forget(Process process) {
        processes.remove(process.pid(), process);
    }

    /** Under the lock. */
    Collection<Process> all() {
        return processes.values();
    }

    /** The process with this pid, zombies too. */
    public @Nullable Process findProcess(int pid) {
        synchronized (lock) {
            return processes.get(pid);
        }
    }

    /** The task with this thread id. */
    public @Nullable Task findTask(int tid) {
        synchronized (lock) {
            return tasks.get(tid);
        }
    }

    /** Opens a program's interpreter, in the sysroot first; a host descriptor. @throws Errno as execve does */
    public int openProgram(byte[] path) {
        return ExecFile.openAbsolute(this, path, path).hostFd();
    }

    /** All pids there are, for {@code /proc}. */
    public int[] pids() {
        synchronized (lock) {
            int[] ids = new int[processes.size()];
            int n = 0;
            for (int id : processes.keySet()) {
                ids[n++] = id;
            }
            return ids;
        }
    }

    public Terminals terminals() {
        return terminals;
    }

    /** Sends a signal that the host got: to the foreground group if it came from the terminal, else to the first process. */
    public void hostSignal(int signal) {
        synchronized (lock) {
            boolean terminal = signal == Signal.SIGINT
                    || signal == Signal.SIGQUIT
                    || signal == Signal.SIGTSTP
                    || signal == Signal.SIGWINCH;
            if (terminal && sendToGroup(terminals.host().foreground, SignalInfo.kernel(signal), true)) {
                return;
            }
            Process first = processes.get(hostPid);
            if (first != null) {
                SignalSending.toProcess(first, SignalInfo.user(signal, hostParent, uid));
            }
        }
    }

    /** Whether there was anybody. Under the lock. */
    boolean sendToGroup(int group, SignalInfo info) {
        return sendToGroup(group, info, false);
    }

    /** @param fromTerminal programs of the host are in the JVM's own group there and have got it already */
    private boolean sendToGroup(int group, SignalInfo info, boolean fromTerminal) {
        boolean any = false;
        for (Process process : List.copyOf(processes.values())) {
            if (process.group == group) {
                any = true;
                if (!fromTerminal || process.hostProgram == null) {
                    SignalSending.toProcess(process, info);
                }
            }
        }
        return any;
    }

    /** Has {@code listener} called, under the kernel's lock, whenever a signal was queued: it must not wait. */
    public void addSignalListener(Runnable listener) {
        synchronized (lock) {
            signalListeners.add(listener);
        }
    }

    public void removeSignalListener(Runnable listener) {
        synchronized (lock) {
            signalListeners.remove(listener);
        }
    }

    /** A signal was queued. Under the lock. */
    void signalListeners(Process process) {
        for (int i = 0; i < signalListeners.size(); i++) {
            signalListeners.get(i).run();
        }
    }

    void traceSignal(Task task, SignalInfo info) {
        if (strace != null) {
            strace.signal(task, info);
        }
    }

    /** A process has stopped as a whole. */
    void stopped(Process process) {
        if (process.pid() == hostPid) {
            options.firstProcessStopped().run();
        }
    }

    /** A process has ended. */
    void ended(Process process) {
        process.end.countDown();
        synchronized (lock) {
            if (tasks.isEmpty()) {
                lock.notifyAll();
            }
        }
    }

    /** Waits until a process has ended; its wait status. */
    public int await(Process process) throws InterruptedException {
        process.end.await();
        synchronized (lock) {
            return process.status;
        }
    }

    /** Waits until no task is left. */
    public void awaitAll() throws InterruptedException {
        synchronized (lock) {
            while (!tasks.isEmpty()) {
                lock.wait();
            }
        }
    }

    /** Nanoseconds since the kernel was made. */
    long uptime() {
        return System.nanoTime() - bootNanos;
    }

    /** Kills every process and waits for its threads' end. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            for (Process process : List.copyOf(processes.values())) {
                process.beginExit(Signal.SIGKILL);
            }
        }
        try {
            if (!threads.close(10, TimeUnit.SECONDS)) {
                System.getLogger(Kernel.class.getName())
                        .log(System.Logger.Level.ERROR, "guest threads did not end within ten seconds of being killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timers.close();
    }
}
