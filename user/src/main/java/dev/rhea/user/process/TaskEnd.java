package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.cpu.GuestFault;
import java.util.ArrayList;
import java.util.List;

/** The end of a task and, with its last one, of a process. */
final class TaskEnd {
    private TaskEnd() {}

    /** On the ending task's thread, once. */
    static void end(Task task) {
        Process process = task.process();
        Kernel kernel = process.kernel();
        try {
            releaseUserMemory(task);
        } catch (GuestMemory.BadAddress | GuestFault e) {
            // The guest gave addresses that are gone: the kernel lets it pass as well.
        }
        kernel.engine().detach(task.cpu());
        process.memory().detach(task.cpu());
        process.cpuUse.ended(task);
        task.files.release();
        task.context.release();
        task.scratch().free();
        boolean last;
        synchronized (kernel.lock) {
            process.tasks.remove(task);
            kernel.forget(task);
            if (process.execing != null) {
                process.execing.wake();
            }
            if (process.stopSignal != 0) {
                kernel.lock.notifyAll();
            }
            last = process.tasks.isEmpty();
            if (last) {
                process.exiting = true;
            }
        }
        if (last) {
            process.timers.close();
            // Before anybody hears of the end: who waited for it finds shared memory detached.
            process.memory.release();
            List<Runnable> listeners;
            synchronized (kernel.lock) {
                listeners = new ArrayList<>(process.atExit);
                processEnd(process);
            }
            releaseVforkParent(process);
            for (Runnable listener : listeners) {
                listener.run();
            }
            kernel.ended(process);
        }
    }

    /** What a thread leaves in memory that others look at: robust futexes and the word that pthread_join waits for. */
    static void releaseUserMemory(Task task) {
        if (task.robustList != 0) {
            long head = task.robustList;
            task.robustList = 0;
            RobustList.walk(task, head);
        }
        if (task.clearChildTid != 0) {
            long address = task.clearChildTid;
            task.clearChildTid = 0;
            // Nobody looks where the memory ends with the task; and in a vforked child the parent's must stay as it is.
            if (task.process().tasks.size() > 1 || task.process().memory.isShared()) {
                task.memory().write(address, 0, 4);
                task.kernel().futexes().wake(task, address, 1, -1, false);
            }
        }
    }

    static void releaseVforkParent(Process process) {
        Task waiting;
        synchronized (process.kernel().lock) {
            waiting = process.vforkParent;
            process.vforkParent = null;
        }
        if (waiting != null) {
            waiting.wake();
        }
    }

    private static void processEnd(Process process) {
        Kernel kernel = process.kernel();
        process.beforeEnd.forEach(Runnable::run);
        process.beforeEnd.clear();
        process.zombie = true;
        process.atExit.clear();
        kernel.terminals().leaderEnds(process);
        adopt(process, kernel);
        Children.tellParentOfEnd(process);
    }

    /** Children go to the nearest subreaper, or to nobody: then their ends are reaped at once. */
    private static void adopt(Process process, Kernel kernel) {
        if (process.children.isEmpty()) {
            return;
        }
        Process reaper = process.parent;
        while (reaper != null && !(reaper.subreaper && !reaper.exiting)) {
            reaper = reaper.parent;
        }
        for (Process child : process.children) {
            child.parent = reaper;
            for (Task task : child.tasks) {
                if (task.parentDeathSignal != 0) {
                    SignalSending.toTask(task, SignalInfo.user(task.parentDeathSignal, process.pid(), kernel.uid()));
                }
            }
            if (reaper != null) {
                reaper.children.add(child);
                if (child.zombie) {
                    Children.tellParentOfEnd(child);
                }
            } else if (child.zombie) {
                kernel.forget(child);
            } else if (child.stopSignal != 0 && Stops.orphaned(kernel, child.group)) {
                SignalSending.toProcess(child, SignalInfo.kernel(Signal.SIGHUP));
                SignalSending.toProcess(child, SignalInfo.kernel(Signal.SIGCONT));
            }
        }
        process.children.clear();
    }
}
