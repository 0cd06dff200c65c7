package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** The calls about descriptors themselves and about open files' sizes and storage: close, dup, fcntl, flock, fsync … */
public final class DescriptorCalls implements CallFamily {
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int LOCK_NB = 4;

    private final Abi abi;
    private final RecordLocks locks;

    public DescriptorCalls(Abi abi, RecordLocks locks) {
        this.abi = abi;
        this.locks = locks;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "close" -> this::close;
            case "close_range" -> this::closeRange;
            case "dup" -> (t, a) -> t.files().install(t.files().acquire((int) a[0]), false);
            case "dup2" -> this::dup2;
            case "dup3" -> this::dup3;
            case "fcntl" -> (t, a) -> fcntl(t, a, false);
            case "fcntl64" -> (t, a) -> fcntl(t, a, true);
            case "flock" -> this::flock;
            case "fsync" -> (t, a) -> plain(t, SyscallNumber.FSYNC, a);
            case "fdatasync" -> (t, a) -> plain(t, SyscallNumber.FDATASYNC, a);
            case "syncfs" -> (t, a) -> plain(t, SyscallNumber.SYNCFS, a);
            case "sync" -> (t, a) -> Syscall.call(SyscallNumber.SYNC);
            case "ftruncate", "ftruncate64" -> (t, a) -> truncate(t, (int) a[0], abi.offset(a, 1));
            case "fallocate" ->
                (t, a) -> onFile(
                        t, a, SyscallNumber.FALLOCATE, (int) a[1], abi.offset(a, 2), abi.offset(a, abi.afterOffset(2)));
            case "fadvise64", "fadvise64_64" -> this::fadvise;
            case "readahead" ->
                (t, a) -> onFile(t, a, SyscallNumber.READAHEAD, abi.offset(a, 1), abi.word(a[abi.afterOffset(1)]), 0);
            case "sync_file_range" ->
                (t, a) -> {
                    int second = abi.afterOffset(1);
                    return onFile(
                            t,
                            a,
                            SyscallNumber.SYNC_FILE_RANGE,
                            abi.offset(a, 1),
                            abi.offset(a, second),
                            a[abi.afterOffset(second)]);
                };
            case "sync_file_range2" ->
                (t, a) -> onFile(
                        t, a, SyscallNumber.SYNC_FILE_RANGE, abi.offset(a, 2), abi.offset(a, abi.afterOffset(2)), a[1]);
            default -> null;
        };
    }

    private static long truncate(Task task, int descriptor, long length) {
        Description file = task.files().acquireFile(descriptor);
        try {
            return truncateHost(task, file.hostFd(), length);
        } finally {
            file.release();
        }
    }

    /** ftruncate on the host; mappings of what is cut off are looked after. */
    static long truncateHost(Task task, int hostFd, long length) {
        if (length < 0) {
            return -Errno.EINVAL;
        }
        task.memory().fileCut(hostFd, length);
        long result = Syscall.call(SyscallNumber.FTRUNCATE, hostFd, length);
        task.memory().fileCut(hostFd, length);
        return result;
    }

    private long close(Task task, long[] a) {
        int fd = (int) a[0];
        if (locks.any()) {
            locks.closing(task, fd);
        }
        task.files().close(fd);
        return 0;
    }

    private long closeRange(Task task, long[] a) {
        int flags = (int) a[2];
        if ((flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE)) != 0
                || Integer.compareUnsigned((int) a[0], (int) a[1]) > 0) {
            return -Errno.EINVAL;
        }
        if ((flags & CLOSE_RANGE_UNSHARE) != 0) {
            return -Errno.EINVAL; // as a kernel from before 5.9 would; the callers fall back
        }
        task.files().closeRange((int) a[0], (int) a[1], (flags & CLOSE_RANGE_CLOEXEC) != 0);
        return 0;
    }

    private long dup2(Task task, long[] a) {
        if (a[0] == a[1]) {
            task.files().acquire((int) a[0]).release();
            return a[1];
        }
        return dup(task, (int) a[0], (int) a[1], false);
    }

    private long dup3(Task task, long[] a) {
        if ((a[2] & ~Linux.O_CLOEXEC) != 0 || (int) a[0] == (int) a[1]) {
            return -Errno.EINVAL;
        }
        return dup(task, (int) a[0], (int) a[1], (a[2] & Linux.O_CLOEXEC) != 0);
    }

    private long dup(Task task, int from, int to, boolean cloexec) {
        Description d = task.files().acquire(from);
        if (locks.any() && task.files().isOpen(to)) {
            locks.closing(task, to);
        }
        task.files().installAt(to, d, cloexec);
        return to;
    }

    private long fcntl(Task task, long[] a, boolean wide) {
        int fd = (int) a[0];
        int command = (int) a[1];
        FileTable files = task.files();
        switch (command) {
            case Linux.F_DUPFD, Linux.F_DUPFD_CLOEXEC:
                if (a[2] < 0) {
                    return -Errno.EINVAL;
                }
                return files.install(
                        files.acquire(fd), command == Linux.F_DUPFD_CLOEXEC, (int) Math.min(a[2], Integer.MAX_VALUE));
            case Linux.F_GETFD:
                return files.isCloseOnExec(fd) ? Linux.FD_CLOEXEC : 0;
            case Linux.F_SETFD:
                files.setCloseOnExec(fd, (a[2] & Linux.FD_CLOEXEC) != 0);
                return 0;
            default:
                break;
        }
        Description d = files.acquire(fd);
        try {
            if (d.kind() == Description.Kind.PATH && command != Linux.F_GETFL) {
                return -Errno.EBADF;
            }
            return onDescription(task, d, command, a[2], wide);
        } finally {
            d.release();
        }
    }

    private long onDescription(Task task, Description d, int command, long argument, boolean wide) {
        switch (command) {
            case Linux.F_GETFL: {
                long flags = Syscall.call(SyscallNumber.FCNTL, d.hostFd(), Linux.F_GETFL, 0);
                return flags < 0 ? flags : flags & ~Linux.O_NONBLOCK | (d.nonBlocking() ? Linux.O_NONBLOCK : 0);
            }
            case Linux.F_SETFL: {
                boolean nonBlocking = (argument & Linux.O_NONBLOCK) != 0;
                boolean kept = d.kind() == Description.Kind.STREAM || d.kind() == Description.Kind.SOCKET;
                long result = Syscall.call(
                        SyscallNumber.FCNTL,
                        d.hostFd(),
                        Linux.F_SETFL,
                        kept ? (int) argument | Linux.O_NONBLOCK : (int) argument);
                if (result == 0) {
                    d.setNonBlocking(nonBlocking);
                }
                return result;
            }
            case Linux.F_GETLK, Linux.F_SETLK, Linux.F_SETLKW:
                return locks.fcntl(task, abi, d, command, abi.word(argument), false);
            case Linux.F_GETLK64, Linux.F_SETLK64, Linux.F_SETLKW64:
                // Only 32-bit ABIs have these numbers.
                return abi.is32() && wide || abi.is32()
                        ? locks.fcntl(task, abi, d, command - Linux.F_GETLK64 + Linux.F_GETLK, abi.word(argument), true)
                        : -Errno.EINVAL;
            case Linux.F_OFD_GETLK, Linux.F_OFD_SETLK, Linux.F_OFD_SETLKW:
                return locks.fcntl(task, abi, d, command, abi.word(argument), abi.is32());
            case Linux.F_SETPIPE_SZ,
                    Linux.F_GETPIPE_SZ,
                    Linux.F_ADD_SEALS,
                    Linux.F_GET_SEALS,
                    Linux.F_GETLEASE,
                    Linux.F_GETSIG:
                return Syscall.call(SyscallNumber.FCNTL, d.hostFd(), command, argument);
            case Linux.F_GETOWN:
                return 0;
            default:
                if (command >= 1024 && command < 1060) {
                    return rareCommand(task, d, command, argument);
                }
                return -Errno.EINVAL;
        }
    }

    /** F_GET_RW_HINT and its kin take a pointer to 64 bits; leases and directory notification would signal the JVM. */
    private long rareCommand(Task task, Description d, int command, long argument) {
        if (command == Linux.F_SETLEASE || command == Linux.F_NOTIFY) {
            return -Errno.EAGAIN;
        }
        if (command < 1035 || command > 1038) {
            return -Errno.EINVAL;
        }
        long hint = task.scratch().struct();
        boolean set = (command & 1) == 0;
        if (set) {
            RawMemory.putLong(hint, task.memory().read(abi.word(argument), 8));
        }
        long result = Syscall.call(SyscallNumber.FCNTL, d.hostFd(), command, hint);
        if (result == 0 && !set) {
            task.memory().write(abi.word(argument), RawMemory.getLong(hint), 8);
        }
        return result;
    }

    private long flock(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            int operation = (int) a[1];
            long result = Syscall.call(SyscallNumber.FLOCK, d.hostFd(), operation | LOCK_NB);
            if (result != -Errno.EAGAIN || (operation & LOCK_NB) != 0) {
                return result;
            }
            return task.blocking(() -> Syscall.call(SyscallNumber.FLOCK, d.hostFd(), operation));
        } finally {
            d.release();
        }
    }

    private static long plain(Task task, int number, long[] a) {
        return onFile(task, a, number, 0, 0, 0);
    }

    private static long onFile(Task task, long[] a, int number, long b, long c, long e) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return Syscall.call(number, d.hostFd(), b, c, e);
        } finally {
            d.release();
        }
    }

    private long fadvise(Task task, long[] a) {
        int length = abi.afterOffset(1);
        // fadvise64 of 32-bit ABIs has a word as its length; asm-generic ABIs have fadvise64_64 under that name.
        int advice = abi.afterOffset(length);
        return onFile(task, a, SyscallNumber.FADVISE64, abi.offset(a, 1), abi.offset(a, length), (int)
                a[Math.min(advice, 5)]);
    }
}
