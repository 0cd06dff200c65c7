package dev.rhea.user.process;

/** Job control: a process stops when all its tasks have, and tells its parent. All under the kernel's lock. */
final class Stops {
    private Stops() {}

    /** A stop signal was taken: every task is to stop on its way back to the guest. */
    static void begin(Process process, int signal) {
        process.stopSignal = signal;
        process.continueUnreported = false;
        process.stopUnreported = false;
        for (Task task : process.tasks) {
            task.askForAttention();
        }
    }

    /** On the task's own thread: stays here until the process is continued or ends. */
    static void stay(Task task) {
        Process process = task.process();
        Kernel kernel = process.kernel();
        task.stopped = true;
        boolean all = true;
        for (Task other : process.tasks) {
            all &= other.stopped;
        }
        if (all && process.stopSignal != 0) {
            process.stopUnreported = true;
            Children.tellParent(process, SignalInfo.CLD_STOPPED, process.stopSignal);
            kernel.stopped(process);
        }
        boolean interrupted = false;
        while (process.stopSignal != 0 && !process.exiting && !task.killed) {
            try {
                kernel.lock.wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        task.stopped = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** SIGCONT was sent. */
    static void resume(Process process) {
        if (process.stopSignal != 0) {
            process.stopSignal = 0;
            process.stopUnreported = false;
            process.continueUnreported = true;
            process.kernel().lock.notifyAll();
            Children.tellParent(process, SignalInfo.CLD_CONTINUED, Signal.SIGCONT);
        }
    }

    /**
     * Whether nobody could continue the group: no member has a parent outside of the group in the same session. Terminal
     * stop signals do nothing then.
     */
    static boolean orphaned(Kernel kernel, int group) {
        for (Process process : kernel.all()) {
            if (process.group == group && !process.zombie) {
                Process parent = process.parent;
                if (parent == null) {
                    return false;
                }
                if (parent.group != group && parent.session == process.session) {
                    return false;
                }
            }
        }
        return true;
    }
}
