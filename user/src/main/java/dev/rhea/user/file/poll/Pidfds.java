package dev.rhea.user.file.poll;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Buffers;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.Linux;
import dev.rhea.user.process.KernelOptions;
import dev.rhea.user.process.Process;
import dev.rhea.user.process.SignalInfo;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** Descriptors of guest processes: on the host, eventfds that are raised for good when the process ends. */
public final class Pidfds implements CallFamily, KernelOptions.PidfdMaker {
    private static final int MAX_SIGNAL = 64;

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "pidfd_open" -> this::pidfdOpen;
            case "pidfd_send_signal" -> this::sendSignal;
            case "pidfd_getfd" -> this::getfd;
            default -> null;
        };
    }

    /** Reading a pidfd is an error. */
    private record Pidfd(Process process) implements Description.Source {
        @Override
        public long read(Task task, Buffers to) {
            return -Errno.EINVAL;
        }
    }

    @Override
    public int open(Task owner, Process process) {
        return open(owner, process, false);
    }

    private static int open(Task owner, Process process, boolean nonBlocking) {
        int hostFd = (int) Errno.check(Syscall.call(SyscallNumber.EVENTFD2, 0, Linux.O_CLOEXEC | Linux.O_NONBLOCK));
        Description d = new Description(hostFd, Description.Kind.STREAM, nonBlocking).with(new Pidfd(process));
        Description watched = d.share();
        int fd;
        try {
            fd = owner.files().install(d, true);
        } catch (Errno e) {
            watched.release();
            throw e;
        }
        process.whenEnded(() -> {
            long full = RawMemory.allocate(8);
            RawMemory.putLong(full, -2); // the largest count: readable, and not writable any more
            Syscall.call(SyscallNumber.WRITE, watched.hostFd(), full, 8);
            RawMemory.free(full);
            watched.release();
        });
        return fd;
    }

    @Override
    public Process processOf(Task owner, int descriptor) {
        Description d = owner.files().acquire(descriptor);
        try {
            if (d.extra() instanceof Pidfd pidfd) {
                return pidfd.process;
            }
            throw new Errno(Errno.EBADF);
        } finally {
            d.release();
        }
    }

    private long pidfdOpen(Task task, long[] a) {
        if ((a[1] & ~Linux.O_NONBLOCK) != 0 || (int) a[0] <= 0) {
            return -Errno.EINVAL;
        }
        Process process = task.kernel().findProcess((int) a[0]);
        if (process == null) {
            return task.kernel().findTask((int) a[0]) != null ? -Errno.EINVAL : -Errno.ESRCH;
        }
        return open(task, process, (a[1] & Linux.O_NONBLOCK) != 0);
    }

    private long sendSignal(Task task, long[] a) {
        int signal = (int) a[1];
        if (a[3] != 0 || signal < 0 || signal > MAX_SIGNAL) {
            return -Errno.EINVAL;
        }
        Process process = processOf(task, (int) a[0]);
        if (process.ended()) {
            return -Errno.ESRCH;
        }
        int code = SignalInfo.SI_USER;
        long value = 0;
        if (a[2] != 0) {
            GuestMemory memory = task.memory();
            long info = task.address(a[2]);
            int word = task.abi().wordSize();
            if ((int) memory.read(info, 4) != signal) {
                return -Errno.EINVAL;
            }
            code = (int) memory.read(info + 8, 4);
            if (code >= 0 && process != task.process()) {
                return -Errno.EPERM;
            }
            value = memory.read(info + (word == 8 ? 24 : 20), word);
        }
        if (signal != 0) {
            process.send(new SignalInfo(
                    signal,
                    code,
                    task.process().pid(),
                    task.kernel().credentials().uid(),
                    value,
                    0));
        }
        return 0;
    }

    private long getfd(Task task, long[] a) {
        if (a[2] != 0) {
            return -Errno.EINVAL;
        }
        Process process = processOf(task, (int) a[0]);
        int[] tasks = process.taskIds();
        Task other = tasks.length == 0 ? null : task.kernel().findTask(tasks[0]);
        if (other == null) {
            return -Errno.ESRCH;
        }
        return task.files().install(other.files().acquire((int) a[1]), true);
    }
}
