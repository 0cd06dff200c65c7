package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Paths.Located;
import dev.rhea.user.file.Paths.Use;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.process.Task;
import org.jspecify.annotations.Nullable;

/** The calls that make, remove and change names and their files' attributes, and the current directory. */
public final class NameCalls implements CallFamily {
    private static final int UTIME_OMIT = 0x3fff_fffe;

    private final Abi abi;
    private final Paths paths;

    public NameCalls(Abi abi, Paths paths) {
        this.abi = abi;
        this.paths = paths;
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "mkdirat" -> (t, a) -> mkdir(t, (int) a[0], a[1], (int) a[2]);
            case "mkdir" -> (t, a) -> mkdir(t, Linux.AT_FDCWD, a[0], (int) a[1]);
            case "mknodat" -> (t, a) -> mknod(t, (int) a[0], a[1], (int) a[2], a[3]);
            case "mknod" -> (t, a) -> mknod(t, Linux.AT_FDCWD, a[0], (int) a[1], a[2]);
            case "unlinkat" -> (t, a) -> unlink(t, (int) a[0], a[1], (int) a[2]);
            case "unlink" -> (t, a) -> unlink(t, Linux.AT_FDCWD, a[0], 0);
            case "rmdir" -> (t, a) -> unlink(t, Linux.AT_FDCWD, a[0], Linux.AT_REMOVEDIR);
            case "linkat" -> (t, a) -> link(t, (int) a[0], a[1], (int) a[2], a[3], (int) a[4]);
            case "link" -> (t, a) -> link(t, Linux.AT_FDCWD, a[0], Linux.AT_FDCWD, a[1], 0);
            case "symlinkat" -> (t, a) -> symlink(t, a[0], (int) a[1], a[2]);
            case "symlink" -> (t, a) -> symlink(t, a[0], Linux.AT_FDCWD, a[1]);
            case "renameat2" -> (t, a) -> rename(t, (int) a[0], a[1], (int) a[2], a[3], (int) a[4]);
            case "renameat" -> (t, a) -> rename(t, (int) a[0], a[1], (int) a[2], a[3], 0);
            case "rename" -> (t, a) -> rename(t, Linux.AT_FDCWD, a[0], Linux.AT_FDCWD, a[1], 0);
            case "fchmodat" -> (t, a) -> chmod(t, (int) a[0], a[1], (int) a[2]);
            case "chmod" -> (t, a) -> chmod(t, Linux.AT_FDCWD, a[0], (int) a[1]);
            case "fchmodat2" -> this::fchmodat2;
            case "fchmod" -> (t, a) -> onDescriptor(t, SyscallNumber.FCHMOD, a, 1);
            case "fchown" -> (t, a) -> onDescriptor(t, SyscallNumber.FCHOWN, a, 2);
            case "fchownat" -> (t, a) -> chown(t, (int) a[0], a[1], (int) a[2], (int) a[3], (int) a[4]);
            case "chown" -> (t, a) -> chown(t, Linux.AT_FDCWD, a[0], (int) a[1], (int) a[2], 0);
            case "lchown" ->
                (t, a) -> chown(t, Linux.AT_FDCWD, a[0], (int) a[1], (int) a[2], Linux.AT_SYMLINK_NOFOLLOW);
            case "utimensat" -> (t, a) -> utimensat(t, a, false);
            case "utimensat_time64" -> (t, a) -> utimensat(t, a, true);
            case "truncate", "truncate64" -> (t, a) -> truncate(t, a[0], abi.offset(a, 1));
            case "chdir" -> this::chdir;
            case "fchdir" -> this::fchdir;
            case "getcwd" -> this::getcwd;
            case "umask" -> (t, a) -> t.fileContext().setUmask((int) a[0]);
            case "chroot",
                    "pivot_root",
                    "mount",
                    "umount",
                    "umount2",
                    "swapon",
                    "swapoff",
                    "move_mount",
                    "open_tree",
                    "fsopen",
                    "fsmount",
                    "fsconfig",
                    "fspick",
                    "mount_setattr",
                    "quotactl",
                    "quotactl_fd",
                    "acct",
                    "open_by_handle_at" -> (t, a) -> -Errno.EPERM;
            default -> null;
        };
    }

    private Located change(Task task, int directory, long path, int slot) {
        return paths.locate(task, directory, path, slot, Use.CHANGE, false);
    }

    private long mkdir(Task task, int directory, long path, int mode) {
        ThreadDirectory.applyUmask(task);
        try (Located at = change(task, directory, path, 0)) {
            return Syscall.call(SyscallNumber.MKDIRAT, at.directory, at.path, mode);
        }
    }

    private long mknod(Task task, int directory, long path, int mode, long device) {
        ThreadDirectory.applyUmask(task);
        try (Located at = change(task, directory, path, 0)) {
            return Syscall.call(SyscallNumber.MKNODAT, at.directory, at.path, mode, device);
        }
    }

    private long unlink(Task task, int directory, long path, int flags) {
        try (Located at = change(task, directory, path, 0)) {
            return Syscall.call(SyscallNumber.UNLINKAT, at.directory, at.path, flags);
        }
    }

    private long link(Task task, int fromDirectory, long from, int toDirectory, long to, int flags) {
        try (Located old = change(task, fromDirectory, from, 0);
                Located made = change(task, toDirectory, to, 1)) {
            return Syscall.call(SyscallNumber.LINKAT, old.directory, old.path, made.directory, made.path, flags);
        }
    }

    private long symlink(Task task, long target, int directory, long path) {
        long text = task.scratch().path(1);
        if (GuestString.copy(task.memory(), abi.model().bigEndian(), abi.word(target), text, Linux.PATH_MAX) < 0) {
            return -Errno.ENAMETOOLONG;
        }
        try (Located at = change(task, directory, path, 0)) {
            return Syscall.call(SyscallNumber.SYMLINKAT, text, at.directory, at.path);
        }
    }

    private long rename(Task task, int fromDirectory, long from, int toDirectory, long to, int flags) {
        try (Located old = change(task, fromDirectory, from, 0);
                Located made = change(task, toDirectory, to, 1)) {
            return Syscall.call(SyscallNumber.RENAMEAT2, old.directory, old.path, made.directory, made.path, flags);
        }
    }

    private long chmod(Task task, int directory, long path, int mode) {
        try (Located at = paths.locate(task, directory, path, Use.CHANGE)) {
            return Syscall.call(SyscallNumber.FCHMODAT, at.directory, at.path, mode);
        }
    }

    private long fchmodat2(Task task, long[] a) {
        boolean follow = (a[3] & Linux.AT_SYMLINK_NOFOLLOW) == 0;
        try (Located at = paths.locate(task, (int) a[0], a[1], 0, Use.CHANGE, follow)) {
            return Syscall.call(SyscallNumber.FCHMODAT2, at.directory, at.path, (int) a[2], (int) a[3]);
        }
    }

    /** fchmod, fchown: a descriptor and up to two numbers. */
    private static long onDescriptor(Task task, int number, long[] a, int arguments) {
        Description d = task.files().acquireFile((int) a[0]);
        try {
            return Syscall.call(number, d.hostFd(), (int) a[1], arguments > 1 ? (int) a[2] : 0);
        } finally {
            d.release();
        }
    }

    private long chown(Task task, int directory, long path, int user, int group, int flags) {
        boolean follow = (flags & Linux.AT_SYMLINK_NOFOLLOW) == 0;
        try (Located at = paths.locate(task, directory, path, 0, Use.CHANGE, follow)) {
            return Syscall.call(SyscallNumber.FCHOWNAT, at.directory, at.path, user, group, flags);
        }
    }

    private long utimensat(Task task, long[] a, boolean wide) {
        long host = 0;
        if (a[2] != 0) {
            host = task.scratch().struct();
            Layout<Abi.Time> time = abi.time(wide);
            for (int i = 0; i < 2; i++) {
                long from = abi.word(a[2]) + (long) i * time.size();
                RawMemory.putLong(host + 16L * i, time.get(task.memory(), from, Abi.Time.SECONDS));
                long nanoseconds = time.get(task.memory(), from, Abi.Time.FRACTION);
                // 32-bit guests leave rubbish in the upper half of a 64-bit tv_nsec.
                RawMemory.putLong(host + 16L * i + 8, abi.is32() ? (int) nanoseconds : nanoseconds);
            }
            if (RawMemory.getLong(host + 8) == UTIME_OMIT && RawMemory.getLong(host + 24) == UTIME_OMIT) {
                return 0;
            }
        }
        int flags = (int) a[3];
        if (a[1] == 0) {
            Description d = task.files().acquireFile((int) a[0]);
            try {
                return flags != 0 ? -Errno.EINVAL : Syscall.call(SyscallNumber.UTIMENSAT, d.hostFd(), 0, host, 0);
            } finally {
                d.release();
            }
        }
        boolean follow = (flags & Linux.AT_SYMLINK_NOFOLLOW) == 0;
        try (Located at = paths.locate(task, (int) a[0], a[1], 0, Use.LOOKUP, follow)) {
            return Syscall.call(SyscallNumber.UTIMENSAT, at.directory, at.path, host, flags);
        }
    }

    private long truncate(Task task, long path, long length) {
        if (length < 0) {
            return -Errno.EINVAL;
        }
        try (Located at = paths.locate(task, Linux.AT_FDCWD, path, Use.CHANGE)) {
            // The host's truncate is relative to the JVM's directory, so open first; ETXTBSY and EISDIR come out the
            // same.
            int fd = (int) Errno.check(Syscall.call(
                    SyscallNumber.OPENAT,
                    at.directory,
                    at.path,
                    Linux.O_WRONLY | Linux.O_NONBLOCK | Linux.O_NOCTTY | Linux.O_CLOEXEC,
                    0));
            long result = DescriptorCalls.truncateHost(task, fd, length);
            Host.close(fd);
            return result;
        }
    }

    private long chdir(Task task, long[] a) {
        try (Located at = paths.locate(task, Linux.AT_FDCWD, a[0], Use.CHANGE)) {
            int fd = (int) Errno.check(Syscall.call(
                    SyscallNumber.OPENAT,
                    at.directory,
                    at.path,
                    Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_CLOEXEC,
                    0));
            Description d = new Description(fd, Description.Kind.PATH, false);
            if (at.proc != null
                    && !at.proc.entry().startsWith("fd/")
                    && !at.proc.entry().startsWith("cwd")) {
                d.with(new ProcDirectory(at.proc));
            }
            return enter(task, d);
        }
    }

    /** Whether we may search the directory is not checked by O_PATH, so ask. */
    private static long enter(Task task, Description d) {
        long dot = task.scratch().path(1);
        RawMemory.putShort(dot, (short) (dev.rhea.user.file.layout.DataModel.HOST.bigEndian() ? '.' << 8 : '.'));
        long result = Syscall.call(SyscallNumber.FACCESSAT, d.hostFd(), dot, 1);
        if (result < 0) {
            d.release();
            return result;
        }
        task.fileContext().setDirectory(d);
        return 0;
    }

    private long fchdir(Task task, long[] a) {
        Description from = task.files().acquire((int) a[0]);
        try {
            long status = task.scratch().struct();
            long mode = Errno.check(Host.mode(from.hostFd(), status));
            if ((mode & Linux.S_IFMT) != Linux.S_IFDIR) {
                return -Errno.ENOTDIR;
            }
            return enter(task, from.share());
        } finally {
            from.release();
        }
    }

    private long getcwd(Task task, long[] a) {
        byte[] path = task.fileContext().path();
        long size = abi.word(a[1]);
        if (Long.compareUnsigned(size, path.length + 1L) < 0) {
            return -Errno.ERANGE;
        }
        long to = abi.word(a[0]);
        task.memory().write(to, path, 0, path.length);
        task.memory().write(to + path.length, 0, 1);
        return path.length + 1;
    }
}
