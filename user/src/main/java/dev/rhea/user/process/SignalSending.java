package dev.rhea.user.process;

import org.jspecify.annotations.Nullable;

/** How a signal gets from a sender to a queue, and who is told. All under the kernel's lock. */
final class SignalSending {
    private SignalSending() {}

    /**
     * To a process: the queue all its tasks take from.
     *
     * @return false where the queue is full
     */
    static boolean toProcess(Process process, SignalInfo info) {
        HostProgram program = process.hostProgram;
        if (program != null) {
            program.signal(info.number());
            return true;
        }
        Task leader = process.leader();
        if (leader == null || !prepare(process, info.number(), leader.signals.mask())) {
            return true;
        }
        if (!process.pending.add(info)) {
            return false;
        }
        announce(process, info.number(), null);
        process.kernel().signalListeners(process);
        return true;
    }

    /** To one task. */
    static boolean toTask(Task task, SignalInfo info) {
        Process process = task.process();
        if (process.hostProgram != null) {
            return toProcess(process, info);
        }
        if (!prepare(process, info.number(), task.signals.mask())) {
            return true;
        }
        if (!task.signals.pending.add(info)) {
            return false;
        }
        announce(process, info.number(), task);
        process.kernel().signalListeners(process);
        return true;
    }

    /**
     * A fault of the task's own instruction: it cannot be ignored or blocked, so where it is, the program dies of it.
     */
    static void force(Task task, SignalInfo info) {
        Process process = task.process();
        int number = info.number();
        boolean blocked = (task.signals.mask() & Signal.bit(number)) != 0;
        SignalAction action = process.actions.get(number);
        if (blocked || action.handler() == SignalAction.IGNORE) {
            process.actions.set(number, SignalAction.INITIAL);
            task.signals.unblock(Signal.bit(number));
        }
        task.signals.pending.add(info);
        task.askForAttention();
    }

    /** Stop signals and SIGCONT cancel each other at once, whatever the masks; says whether there is anything left to send. */
    private static boolean prepare(Process process, int number, long mask) {
        if (process.exiting) {
            return false;
        }
        long bit = Signal.bit(number);
        if ((bit & Signal.STOPPING) != 0) {
            discard(process, Signal.bit(Signal.SIGCONT));
        } else if (number == Signal.SIGCONT) {
            discard(process, Signal.STOPPING);
            Stops.resume(process);
        } else if (number == Signal.SIGKILL) {
            process.beginExit(Signal.SIGKILL);
            return false;
        }
        // Blocked signals are kept even if ignored: the action may change before they are unblocked, and sigwait takes
        // them.
        return (mask & bit) != 0 || !process.actions.get(number).ignores(number);
    }

    private static void discard(Process process, long signals) {
        process.pending.discard(signals);
        for (Task task : process.tasks) {
            task.signals.pending.discard(signals);
        }
    }

    /** Tells a task that can take the signal; tells those in sigwait even if it is blocked. */
    private static void announce(Process process, int number, @Nullable Task only) {
        long bit = Signal.bit(number);
        Task taker = null;
        if (only != null) {
            taker = only.signals.wants(bit) ? only : null;
        } else {
            Task leader = process.leader();
            if (leader != null && leader.signals.wants(bit)) {
                taker = leader;
            } else {
                for (Task task : process.tasks) {
                    if (task.signals.wants(bit)) {
                        taker = task;
                        break;
                    }
                }
            }
        }
        if (taker == null) {
            return;
        }
        SignalAction action = process.actions.get(number);
        boolean fatal = action.handler() == SignalAction.DEFAULT
                && (taker.signals.mask() & bit) == 0
                && !Signal.ignoredByDefault(number)
                && !Signal.stopsByDefault(number)
                && !Signal.dumpsByDefault(number);
        if (fatal) {
            process.beginExit(number);
        } else {
            taker.askForAttention();
        }
    }
}
