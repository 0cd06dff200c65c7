package dev.rhea.user.file.poll;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Abi;
import dev.rhea.user.file.Description;
import dev.rhea.user.file.Linux;
import dev.rhea.user.file.Paths;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** Descriptors that exist to be waited for: eventfd, timerfd, signalfd, inotify. */
public final class EventCalls implements CallFamily {
    private static final int EFD_SEMAPHORE = 1;
    private static final int FLAGS = Linux.O_CLOEXEC | Linux.O_NONBLOCK;
    private static final long UNBLOCKABLE = 1L << 9 - 1 | 1L << 19 - 1;

    private final Abi abi;
    private final Paths paths;

    public EventCalls(Abi abi, Paths paths) {
        this.abi = abi;
        this.paths = paths;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "eventfd2" -> (t, a) -> eventfd(t, (int) a[0], (int) a[1]);
            case "eventfd" -> (t, a) -> eventfd(t, (int) a[0], 0);
            case "timerfd_create" -> (t, a) -> make(t, SyscallNumber.TIMERFD_CREATE, (int) a[0], (int) a[1], 0);
            case "timerfd_settime" -> (t, a) -> timerfdSet(t, a, abi.time);
            case "timerfd_settime64" -> (t, a) -> timerfdSet(t, a, abi.time64);
            case "timerfd_gettime" -> (t, a) -> timerfdGet(t, a, abi.time);
            case "timerfd_gettime64" -> (t, a) -> timerfdGet(t, a, abi.time64);
            case "signalfd4" -> (t, a) -> signalfd(t, (int) a[0], abi.word(a[1]), a[2], (int) a[3]);
            case "signalfd" -> (t, a) -> signalfd(t, (int) a[0], abi.word(a[1]), a[2], 0);
            case "inotify_init1" -> (t, a) -> inotify(t, (int) a[0]);
            case "inotify_init" -> (t, a) -> inotify(t, 0);
            case "inotify_add_watch" -> this::inotifyAdd;
            case "inotify_rm_watch" -> this::inotifyRemove;
            default -> null;
        };
    }

    private static long install(Task task, long hostFd, int flags) {
        Errno.check(hostFd);
        Description d = new Description((int) hostFd, Description.Kind.STREAM, (flags & Linux.O_NONBLOCK) != 0);
        return task.files().install(d, (flags & Linux.O_CLOEXEC) != 0);
    }

    private static long make(Task task, int number, long first, int flags, int otherFlags) {
        if ((flags & ~(FLAGS | otherFlags)) != 0) {
            return -Errno.EINVAL;
        }
        return install(task, Syscall.call(number, first, flags | FLAGS), flags);
    }

    private static long eventfd(Task task, int count, int flags) {
        return make(task, SyscallNumber.EVENTFD2, count & 0xffff_ffffL, flags, EFD_SEMAPHORE);
    }

    private static long inotify(Task task, int flags) {
        return (flags & ~FLAGS) != 0
                ? -Errno.EINVAL
                : install(task, Syscall.call(SyscallNumber.INOTIFY_INIT1, flags | FLAGS), flags);
    }

    private long timerfdSet(Task task, long[] a, Layout<Abi.Time> time) {
        GuestMemory memory = task.memory();
        long host = task.scratch().struct();
        long from = abi.word(a[2]);
        for (int i = 0; i < 2; i++) {
            long at = from + (long) i * time.size();
            RawMemory.putLong(host + 16 * i, time.get(memory, at, Abi.Time.SECONDS));
            long fraction = time.get(memory, at, Abi.Time.FRACTION);
            RawMemory.putLong(host + 16 * i + 8, abi.is32() ? (int) fraction : fraction);
        }
        Description d = task.files().acquireFile((int) a[0]);
        try {
            long result = Syscall.call(SyscallNumber.TIMERFD_SETTIME, d.hostFd(), (int) a[1], host, host + 32);
            if (result == 0 && a[3] != 0) {
                write(memory, time, host + 32, abi.word(a[3]));
            }
            return result;
        } finally {
            d.release();
        }
    }

    private long timerfdGet(Task task, long[] a, Layout<Abi.Time> time) {
        long host = task.scratch().struct();
        Description d = task.files().acquireFile((int) a[0]);
        try {
            long result = Syscall.call(SyscallNumber.TIMERFD_GETTIME, d.hostFd(), host);
            if (result == 0) {
                write(task.memory(), time, host, abi.word(a[1]));
            }
            return result;
        } finally {
            d.release();
        }
    }

    /** {@code struct itimerspec}: interval and value. */
    private static void write(GuestMemory memory, Layout<Abi.Time> time, long host, long to) {
        for (int i = 0; i < 2; i++) {
            time.put(memory, to + (long) i * time.size(), Abi.Time.SECONDS, RawMemory.getLong(host + 16 * i));
            time.put(memory, to + (long) i * time.size(), Abi.Time.FRACTION, RawMemory.getLong(host + 16 * i + 8));
        }
    }

    private long signalfd(Task task, int fd, long maskAt, long size, int flags) {
        if (size != SignalMask.SIZE || (flags & ~FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        long mask = SignalMask.read(abi, task.memory(), maskAt) & ~UNBLOCKABLE;
        if (fd != -1) {
            Description d = task.files().acquire(fd);
            try {
                if (!(d.extra() instanceof SignalFd signals)) {
                    return -Errno.EINVAL;
                }
                signals.setMask(mask);
                return fd;
            } finally {
                d.release();
            }
        }
        int hostFd = (int) Errno.check(Syscall.call(SyscallNumber.EVENTFD2, 0, FLAGS));
        Description d = new Description(hostFd, Description.Kind.STREAM, (flags & Linux.O_NONBLOCK) != 0);
        return task.files().install(d.with(new SignalFd(abi, task, hostFd, mask)), (flags & Linux.O_CLOEXEC) != 0);
    }

    private long inotifyAdd(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return paths.withPlainPath(
                    task,
                    a[1],
                    path -> Syscall.call(SyscallNumber.INOTIFY_ADD_WATCH, d.hostFd(), path, a[2] & 0xffff_ffffL));
        } finally {
            d.release();
        }
    }

    private long inotifyRemove(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return Syscall.call(SyscallNumber.INOTIFY_RM_WATCH, d.hostFd(), (int) a[1]);
        } finally {
            d.release();
        }
    }
}
