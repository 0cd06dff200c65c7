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
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The calls that ask about files without opening them: the stat family, statfs, access, readlink, getdents64. */
public final class StatusCalls implements CallFamily {
    private static final int STATX_RESERVED = 0x8000_0000;
    /** Attributes of {@code faccessat2}. */
    private static final int ACCESS_FLAGS = 0x200 | Linux.AT_SYMLINK_NOFOLLOW | Linux.AT_EMPTY_PATH;

    private final Abi abi;
    private final Paths paths;
    private final StatusLayouts layouts;
    private final Layout<ProcDirectory.Entry> entry;

    public StatusCalls(Abi abi, Paths paths) {
        this.abi = abi;
        this.paths = paths;
        layouts = new StatusLayouts(abi);
        entry = ProcDirectory.layout(abi.model());
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "fstat" -> (t, a) -> fstat(t, a, false);
            case "fstat64" -> (t, a) -> fstat(t, a, true);
            case "newfstatat", "fstatat" -> (t, a) -> fstatat(t, (int) a[0], a[1], a[2], (int) a[3], false);
            case "fstatat64" -> (t, a) -> fstatat(t, (int) a[0], a[1], a[2], (int) a[3], true);
            case "stat" -> (t, a) -> fstatat(t, Linux.AT_FDCWD, a[0], a[1], 0, false);
            case "stat64" -> (t, a) -> fstatat(t, Linux.AT_FDCWD, a[0], a[1], 0, true);
            case "lstat" -> (t, a) -> fstatat(t, Linux.AT_FDCWD, a[0], a[1], Linux.AT_SYMLINK_NOFOLLOW, false);
            case "lstat64" -> (t, a) -> fstatat(t, Linux.AT_FDCWD, a[0], a[1], Linux.AT_SYMLINK_NOFOLLOW, true);
            case "statx" -> this::statx;
            case "statfs" -> (t, a) -> statfs(t, a[0], a[1], false);
            case "statfs64" -> (t, a) -> a[1] != layouts.statfs64Size() ? -Errno.EINVAL : statfs(t, a[0], a[2], true);
            case "fstatfs" -> (t, a) -> fstatfs(t, (int) a[0], a[1], false);
            case "fstatfs64" ->
                (t, a) -> a[1] != layouts.statfs64Size() ? -Errno.EINVAL : fstatfs(t, (int) a[0], a[2], true);
            case "faccessat" -> (t, a) -> access(t, (int) a[0], a[1], (int) a[2], 0);
            case "faccessat2" -> (t, a) -> access(t, (int) a[0], a[1], (int) a[2], (int) a[3]);
            case "access" -> (t, a) -> access(t, Linux.AT_FDCWD, a[0], (int) a[1], 0);
            case "readlinkat" -> (t, a) -> readlink(t, (int) a[0], a[1], a[2], (int) a[3]);
            case "readlink" -> (t, a) -> readlink(t, Linux.AT_FDCWD, a[0], a[1], (int) a[2]);
            case "getdents64" -> this::getdents64;
            default -> null;
        };
    }

    private long fstat(Task task, long[] a, boolean wide) {
        Description d = task.files().acquire((int) a[0]);
        long status = task.scratch().struct();
        try {
            long result = HostStatus.ofDescriptor(d.hostFd(), status);
            if (result < 0) {
                return result;
            }
        } finally {
            d.release();
        }
        layouts.writeStat(task, status, abi.word(a[1]), wide);
        return 0;
    }

    private long fstatat(Task task, int directory, long path, long to, int flags, boolean wide) {
        if ((flags & ~(Linux.AT_SYMLINK_NOFOLLOW | Linux.AT_NO_AUTOMOUNT | Linux.AT_EMPTY_PATH)) != 0) {
            return -Errno.EINVAL;
        }
        long status = task.scratch().struct();
        boolean follow = (flags & Linux.AT_SYMLINK_NOFOLLOW) == 0;
        try (Located at = paths.locate(task, directory, path, 0, Use.LOOKUP, follow)) {
            long result = HostStatus.ofPath(at.directory, at.path, hostFlags(at, flags), status);
            if (result < 0) {
                return result;
            }
        }
        layouts.writeStat(task, status, abi.word(to), wide);
        return 0;
    }

    private static int hostFlags(Located at, int flags) {
        // What is a link for the guest is one for the host too: /proc/self/fd/N, exe and cwd stay links under lstat.
        return at.proc != null ? flags & ~Linux.AT_EMPTY_PATH : flags;
    }

    private long statx(Task task, long[] a) {
        int flags = (int) a[2];
        if ((a[3] & STATX_RESERVED) != 0) {
            return -Errno.EINVAL;
        }
        long status = task.scratch().struct();
        boolean follow = (flags & Linux.AT_SYMLINK_NOFOLLOW) == 0;
        RawMemory.fill(status, HostStatus.SIZE, (byte) 0);
        try (Located at = paths.locate(task, (int) a[0], a[1], 0, Use.LOOKUP, follow)) {
            long result = Syscall.call(
                    SyscallNumber.STATX, at.directory, at.path, hostFlags(at, flags), a[3] & 0xffff_ffffL, status);
            if (result < 0) {
                return result;
            }
        }
        layouts.writeStatx(task, status, abi.word(a[4]));
        return 0;
    }

    private long statfs(Task task, long path, long to, boolean wide) {
        long status = task.scratch().struct();
        try (Located at = paths.locate(task, Linux.AT_FDCWD, path, Use.LOOKUP)) {
            // No statfs is relative to a directory, so open what the path leads to.
            int fd = (int) Errno.check(
                    Syscall.call(SyscallNumber.OPENAT, at.directory, at.path, Linux.O_PATH | Linux.O_CLOEXEC, 0));
            long result = Syscall.call(SyscallNumber.FSTATFS, fd, status);
            Host.close(fd);
            if (result < 0) {
                return result;
            }
        }
        layouts.writeStatFs(task, status, abi.word(to), wide);
        return 0;
    }

    private long fstatfs(Task task, int fd, long to, boolean wide) {
        Description d = task.files().acquire(fd);
        long status = task.scratch().struct();
        try {
            long result = Syscall.call(SyscallNumber.FSTATFS, d.hostFd(), status);
            if (result < 0) {
                return result;
            }
        } finally {
            d.release();
        }
        layouts.writeStatFs(task, status, abi.word(to), wide);
        return 0;
    }

    private long access(Task task, int directory, long path, int mode, int flags) {
        if ((mode & ~7) != 0 || (flags & ~ACCESS_FLAGS) != 0) {
            return -Errno.EINVAL;
        }
        boolean follow = (flags & Linux.AT_SYMLINK_NOFOLLOW) == 0;
        try (Located at = paths.locate(task, directory, path, 0, Use.LOOKUP, follow)) {
            return flags == 0
                    ? Syscall.call(SyscallNumber.FACCESSAT, at.directory, at.path, mode)
                    : Syscall.call(SyscallNumber.FACCESSAT2, at.directory, at.path, mode, flags);
        }
    }

    private long readlink(Task task, int directory, long path, long to, int size) {
        if (size <= 0) {
            return -Errno.EINVAL;
        }
        try (Located at = paths.locate(task, directory, path, 0, Use.LOOKUP, false)) {
            byte[] target;
            if (at.proc != null && at.proc.entry().equals("exe")) {
                target = at.proc.process().executable();
            } else if (at.proc != null && at.proc.entry().isEmpty()) {
                // /proc/self: a link to the JVM's number on the host, to the guest's here.
                target = Integer.toString(at.proc.process().pid()).getBytes(StandardCharsets.US_ASCII);
            } else {
                long buffer = task.scratch().struct();
                long n = Syscall.call(SyscallNumber.READLINKAT, at.directory, at.path, buffer, Scratch.STRUCT_SIZE);
                if (n < 0) {
                    return n;
                }
                target = new byte[(int) n];
                RawMemory.copyOut(buffer, target, 0, target.length);
            }
            int n = Math.min(target.length, size);
            task.memory().write(abi.word(to), target, 0, n);
            return n;
        }
    }

    private long getdents64(Task task, long[] a) {
        Description d = task.files().acquireFile((int) a[0]);
        long to = abi.word(a[1]);
        long size = a[2] & 0xffff_ffffL;
        try {
            if (d.extra() instanceof ProcDirectory directory && directory.lists()) {
                byte[] entries = directory.read(entry, (int) Math.min(size, Integer.MAX_VALUE));
                task.memory().write(to, entries, 0, entries.length);
                return entries.length;
            }
            if (abi.model().likeHost()) {
                Buffers b = task.scratch().buffers(task).range(to, size, true);
                if (b.count() == 1 && b.total() == size) {
                    return Syscall.call(SyscallNumber.GETDENTS64, d.hostFd(), b.first(), size);
                }
            }
            return getdentsByCopy(task, d, to, size);
        } finally {
            d.release();
        }
    }

    private long getdentsByCopy(Task task, Description d, long to, long size) {
        int room = (int) Math.min(size, 2 * Scratch.STRUCT_SIZE);
        byte[] copy = new byte[room];
        task.memory().read(to, copy, 0, room); // EFAULT before the entries are gone
        long buffer = task.scratch().struct(); // and struct2 behind it
        long n = Syscall.call(SyscallNumber.GETDENTS64, d.hostFd(), buffer, room);
        if (n <= 0) {
            return n;
        }
        RawMemory.copyOut(buffer, copy, 0, (int) n);
        if (!abi.model().likeHost()) {
            for (int at = 0; at < n; ) {
                int length = RawMemory.getShort(buffer + at + HOST_ENTRY.offset(ProcDirectory.Entry.RECLEN)) & 0xffff;
                for (ProcDirectory.Entry field : ENTRY_FIELDS) {
                    entry.put(copy, at, field, HOST_ENTRY.getHost(buffer + at, field));
                }
                at += length;
            }
        }
        task.memory().write(to, copy, 0, (int) n);
        return n;
    }

    private static final ProcDirectory.Entry[] ENTRY_FIELDS = ProcDirectory.Entry.values();
    private static final Layout<ProcDirectory.Entry> HOST_ENTRY =
            ProcDirectory.layout(dev.rhea.user.file.layout.DataModel.HOST);
}
