package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.Errno;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Beginning, end and waiting of processes and threads. */
final class ProcessCalls {
    private ProcessCalls() {}

    private static final int AT_FDCWD = -100;
    private static final int P_ALL = 0;
    private static final int P_PID = 1;
    private static final int P_PGID = 2;
    private static final int P_PIDFD = 3;

    /** CLONE_ARGS_SIZE_VER0 and the size we know: {@code struct clone_args} with cgroup. */
    private static final int CLONE_ARGS_FIRST = 64;

    private static final int CLONE_ARGS_KNOWN = 88;

    static @Nullable Call find(String name) {
        return switch (name) {
            case "clone" -> ProcessCalls::clone;
            case "clone3" -> ProcessCalls::clone3;
            case "fork" -> (t, a) -> new Cloning(0, Signal.SIGCHLD, 0, 0, 0, 0, 0).run(t);
            case "vfork" ->
                (t, a) -> new Cloning(Cloning.CLONE_VM | Cloning.CLONE_VFORK, Signal.SIGCHLD, 0, 0, 0, 0, 0).run(t);
            case "execve" -> ProcessCalls::execve;
            case "execveat" -> ProcessCalls::execveat;
            case "exit" -> ProcessCalls::exit;
            case "exit_group" -> ProcessCalls::exitGroup;
            case "wait4" -> ProcessCalls::wait4;
            case "waitid" -> ProcessCalls::waitid;
            case "getpid" -> (t, a) -> t.process().pid();
            case "gettid" -> (t, a) -> t.tid();
            case "getppid" -> (t, a) -> t.process().parentPid();
            case "restart_syscall" -> Task::resumeRestart;
            default -> null;
        };
    }

    private static long clone(Task task, long[] a) {
        boolean tlsFirst = task.abi().cloneTlsBeforeChildTid();
        long parentTid = task.address(a[2]);
        return new Cloning(
                        a[0] & 0xFFFF_FF00L,
                        (int) a[0] & 0xFF,
                        task.address(a[1]),
                        a[tlsFirst ? 3 : 4],
                        parentTid,
                        task.address(a[tlsFirst ? 4 : 3]),
                        parentTid)
                .run(task);
    }

    private static long clone3(Task task, long[] a) {
        long size = task.address(a[1]);
        if (size > 4096) {
            return -Errno.E2BIG;
        }
        if (size < CLONE_ARGS_FIRST) {
            return -Errno.EINVAL;
        }
        long from = task.address(a[0]);
        GuestMemory memory = task.memory();
        for (long at = CLONE_ARGS_KNOWN; at < size; at++) {
            if (memory.read(from + at, 1) != 0) {
                return -Errno.E2BIG;
            }
        }
        long flags = memory.read(from, 8);
        long exitSignal = memory.read(from + 32, 8);
        long stack = memory.read(from + 40, 8);
        long stackSize = memory.read(from + 48, 8);
        boolean setTid = size >= 72 && memory.read(from + 64, 8) != 0;
        if ((flags & 0xFF) != 0
                || exitSignal < 0
                || exitSignal > Signal.MAX
                || (stack == 0) != (stackSize == 0)
                || (flags & (Cloning.CLONE_THREAD | Cloning.CLONE_PARENT)) != 0 && exitSignal != 0) {
            return -Errno.EINVAL;
        }
        if (setTid) {
            return -Errno.EPERM;
        }
        return new Cloning(
                        flags,
                        (int) exitSignal,
                        stack == 0 ? 0 : stack + stackSize,
                        memory.read(from + 56, 8),
                        memory.read(from + 24, 8),
                        memory.read(from + 16, 8),
                        memory.read(from + 8, 8))
                .run(task);
    }

    private static long execve(Task task, long[] a) {
        return exec(task, AT_FDCWD, a[0], a[1], a[2], 0);
    }

    private static long execveat(Task task, long[] a) {
        int flags = (int) a[4];
        if ((flags & ~(ExecFile.AT_EMPTY_PATH | ExecFile.AT_SYMLINK_NOFOLLOW)) != 0) {
            return -Errno.EINVAL;
        }
        return exec(task, (int) a[0], a[1], a[2], a[3], flags);
    }

    private static long exec(Task task, int directory, long path, long argv, long envp, int flags) {
        ExecFile file = ExecFile.open(task, directory, GuestStrings.path(task, path), flags);
        try {
            List<byte[]> arguments = GuestStrings.array(task, argv);
            List<byte[]> environment = GuestStrings.array(task, envp);
            if (arguments.isEmpty()) {
                arguments.add(new byte[0]);
            }
            Exec.run(task, file, arguments, environment);
        } finally {
            file.close();
        }
        task.guest().registersAreSet();
        return 0;
    }

    private static long exit(Task task, long[] a) {
        synchronized (task.kernel().lock) {
            Process process = task.process();
            // The last thread's status is the process's.
            if (!process.exiting) {
                process.status = ((int) a[0] & 0xFF) << 8;
            }
            task.killed = true;
            task.askForAttention();
        }
        task.guest().registersAreSet();
        return 0;
    }

    private static long exitGroup(Task task, long[] a) {
        synchronized (task.kernel().lock) {
            task.process().beginExit(((int) a[0] & 0xFF) << 8);
        }
        task.guest().registersAreSet();
        return 0;
    }

    private static long wait4(Task task, long[] a) {
        int pid = (int) a[0];
        int options = (int) a[2];
        int known = Children.WNOHANG
                | Children.WUNTRACED
                | Children.WCONTINUED
                | Children.WNOTHREAD
                | Children.WCLONE
                | Children.WALL;
        if ((options & ~known) != 0) {
            return -Errno.EINVAL;
        }
        if (pid == Integer.MIN_VALUE) {
            return -Errno.ESRCH;
        }
        Children.Which which = pid > 0
                ? new Children.Which.Pid(pid)
                : pid == -1
                        ? new Children.Which.Any()
                        : new Children.Which.Group(pid == 0 ? task.process().group() : -pid);
        Children.News news = Children.await(task, which, options | Children.WEXITED);
        if (news == null) {
            return 0;
        }
        if (a[1] != 0) {
            task.memory().write(task.address(a[1]), news.waitStatus(), 4);
        }
        if (a[3] != 0) {
            ResourceCalls.writeUsage(task, task.address(a[3]), news.userNanos(), news.systemNanos());
        }
        return news.pid();
    }

    private static long waitid(Task task, long[] a) {
        int options = (int) a[3];
        int any = Children.WEXITED | Children.WUNTRACED | Children.WCONTINUED;
        int known = any | Children.WNOHANG | Children.WNOWAIT | Children.WNOTHREAD | Children.WCLONE | Children.WALL;
        if ((options & ~known) != 0 || (options & any) == 0) {
            return -Errno.EINVAL;
        }
        int id = (int) a[1];
        Children.Which which;
        switch ((int) a[0]) {
            case P_ALL -> which = new Children.Which.Any();
            case P_PID -> {
                if (id <= 0) {
                    return -Errno.EINVAL;
                }
                which = new Children.Which.Pid(id);
            }
            case P_PGID -> {
                if (id < 0) {
                    return -Errno.EINVAL;
                }
                which = new Children.Which.Group(id == 0 ? task.process().group() : id);
            }
            case P_PIDFD ->
                which = new Children.Which.Pid(
                        task.kernel().options().pidfd().processOf(task, id).pid());
            default -> {
                return -Errno.EINVAL;
            }
        }
        Children.News news = Children.await(task, which, options);
        long to = task.address(a[2]);
        if (to != 0) {
            SignalInfo info = news == null
                    ? new SignalInfo(0, 0, 0, 0, 0, 0)
                    : new SignalInfo(
                            Signal.SIGCHLD,
                            news.code(),
                            news.pid(),
                            task.kernel().uid(),
                            0,
                            news.status());
            // The kernel fills these fields only.
            byte[] bytes = info.encode(task.abi().wordSize(), task.abi().bigEndian());
            task.memory().write(to, bytes, 0, (task.abi().wordSize() == 8 ? 16 : 12) + 12);
        }
        if (a[4] != 0 && news != null) {
            ResourceCalls.writeUsage(task, task.address(a[4]), news.userNanos(), news.systemNanos());
        }
        return 0;
    }
}
