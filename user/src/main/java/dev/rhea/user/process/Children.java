package dev.rhea.user.process;

import dev.rhea.user.call.Errno;
import org.jspecify.annotations.Nullable;

/** What a parent learns of its children: SIGCHLD and the wait family. */
final class Children {
    private Children() {}

    static final int WNOHANG = 1;
    static final int WUNTRACED = 2;
    static final int WEXITED = 4;
    static final int WCONTINUED = 8;
    static final int WNOWAIT = 0x0100_0000;
    static final int WNOTHREAD = 0x2000_0000;
    static final int WALL = 0x4000_0000;
    static final int WCLONE = 0x8000_0000;

    /** A child's news. {@code code} and {@code status} are SIGCHLD's. */
    record News(int pid, int code, int status, int waitStatus, long userNanos, long systemNanos) {}

    /** Which children a wait is for. */
    sealed interface Which {
        /** Any. */
        record Any() implements Which {}

        /** The one with this pid. */
        record Pid(int pid) implements Which {}

        /** Those of a group. */
        record Group(int group) implements Which {}
    }

    private static boolean matches(Process child, Which which, int options) {
        boolean named = switch (which) {
            case Which.Any any -> true;
            case Which.Pid p -> child.pid() == p.pid();
            case Which.Group g -> child.group == g.group();
        };
        if (!named) {
            return false;
        }
        // Children that end without SIGCHLD are "clone" children: waited for only by who asks.
        return (options & WALL) != 0 || (child.exitSignal != Signal.SIGCHLD) == ((options & WCLONE) != 0);
    }

    /**
     * Waits as waitid does.
     *
     * @return null where WNOHANG found nothing
     * @throws Errno ECHILD, or ERESTARTSYS where it was interrupted
     */
    static @Nullable News await(Task task, Which which, int options) {
        Process process = task.process();
        while (true) {
            synchronized (task.kernel().lock) {
                boolean any = false;
                for (Process child : process.children) {
                    if (!matches(child, which, options)) {
                        continue;
                    }
                    any = true;
                    News news = newsOf(child, options);
                    if (news != null) {
                        if (child.zombie && (options & WNOWAIT) == 0) {
                            reap(process, child);
                        }
                        return news;
                    }
                }
                if (!any) {
                    throw new Errno(Errno.ECHILD);
                }
                if ((options & WNOHANG) != 0) {
                    return null;
                }
            }
            if (task.await(Task.FOREVER) == Task.INTERRUPTED) {
                throw new Errno(Errno.ERESTARTSYS);
            }
        }
    }

    private static @Nullable News newsOf(Process child, int options) {
        boolean keep = (options & WNOWAIT) != 0;
        long user = child.cpuUse.user();
        long system = child.cpuUse.system();
        if (child.zombie) {
            if ((options & WEXITED) == 0) {
                return null;
            }
            return new News(child.pid(), endCode(child.status), endStatus(child.status), child.status, user, system);
        }
        if (child.stopUnreported && (options & WUNTRACED) != 0) {
            child.stopUnreported = keep;
            int signal = child.stopSignal;
            return new News(child.pid(), SignalInfo.CLD_STOPPED, signal, signal << 8 | 0x7F, user, system);
        }
        if (child.continueUnreported && (options & WCONTINUED) != 0) {
            child.continueUnreported = keep;
            return new News(child.pid(), SignalInfo.CLD_CONTINUED, Signal.SIGCONT, 0xFFFF, user, system);
        }
        return null;
    }

    private static void reap(Process parent, Process child) {
        parent.children.remove(child);
        parent.cpuUse.reaped(child.cpuUse);
        parent.kernel().forget(child);
    }

    /** {@code si_code} of an end. */
    static int endCode(int waitStatus) {
        if ((waitStatus & 0x7F) == 0) {
            return SignalInfo.CLD_EXITED;
        }
        return (waitStatus & 0x80) != 0 ? SignalInfo.CLD_DUMPED : SignalInfo.CLD_KILLED;
    }

    /** {@code si_status} of an end: exit code or signal. */
    static int endStatus(int waitStatus) {
        return (waitStatus & 0x7F) == 0 ? waitStatus >>> 8 & 0xFF : waitStatus & 0x7F;
    }

    /** A child has become a zombie. Under the lock. */
    static void tellParentOfEnd(Process child) {
        Process parent = child.parent;
        if (parent == null) {
            child.kernel().forget(child);
            return;
        }
        SignalAction action = parent.actions.get(Signal.SIGCHLD);
        boolean chld = child.exitSignal == Signal.SIGCHLD;
        boolean unwanted = chld && (action.handler() == SignalAction.IGNORE || action.has(SignalAction.SA_NOCLDWAIT));
        if (unwanted) {
            parent.children.remove(child);
            child.kernel().forget(child);
        }
        if (child.exitSignal != 0 && !(unwanted && action.handler() == SignalAction.IGNORE)) {
            SignalSending.toProcess(
                    parent, info(child, child.exitSignal, endCode(child.status), endStatus(child.status)));
        }
        wakeWaiters(parent);
    }

    /** A child has stopped or goes on. Under the lock. */
    static void tellParent(Process child, int code, int status) {
        Process parent = child.parent;
        if (parent == null) {
            return;
        }
        SignalAction action = parent.actions.get(Signal.SIGCHLD);
        if (action.handler() != SignalAction.IGNORE && !action.has(SignalAction.SA_NOCLDSTOP)) {
            SignalSending.toProcess(parent, info(child, Signal.SIGCHLD, code, status));
        }
        wakeWaiters(parent);
    }

    private static SignalInfo info(Process child, int signal, int code, int status) {
        return new SignalInfo(signal, code, child.pid(), child.kernel().uid(), 0, status);
    }

    private static void wakeWaiters(Process parent) {
        for (Task task : parent.tasks) {
            task.wake();
        }
    }
}
