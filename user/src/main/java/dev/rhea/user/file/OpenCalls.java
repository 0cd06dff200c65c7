package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Call;
import dev.rhea.user.call.CallFamily;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Paths.Located;
import dev.rhea.user.file.Paths.Use;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.file.proc.ProcPath;
import dev.rhea.user.process.Task;
import dev.rhea.user.process.Terminal;
import dev.rhea.user.process.Terminals;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The calls that make new open files: openat, openat2, pipes, memfd_create. */
public final class OpenCalls implements CallFamily {
    /** Members of {@code struct open_how}. */
    enum OpenHow {
        FLAGS,
        MODE,
        RESOLVE
    }

    private static final int MFD_CLOEXEC = 1;
    private static final int OPEN_HOW_SIZE = 24;
    private static final int TIOCGPTN = 0x80045430;
    private static final byte[] DEV_TTY = "/dev/tty\0".getBytes(StandardCharsets.ISO_8859_1);

    private final Abi abi;
    private final Paths paths;
    private final Layout<OpenHow> openHow;
    private final ProcFiles procFiles;

    public OpenCalls(Abi abi, Paths paths) {
        this.abi = abi;
        this.paths = paths;
        openHow = openHow(abi.model());
        procFiles = new ProcFiles(paths);
    }

    private static Layout<OpenHow> openHow(DataModel model) {
        return new Struct<>(OpenHow.class)
                .u64(OpenHow.FLAGS, OpenHow.MODE, OpenHow.RESOLVE)
                .in(model);
    }

    @Override
    public @Nullable Call find(String name) {
        return switch (name) {
            case "openat" -> (t, a) -> openat(t, (int) a[0], a[1], (int) a[2], (int) a[3]);
            case "open" -> (t, a) -> openat(t, Linux.AT_FDCWD, a[0], (int) a[1], (int) a[2]);
            case "creat" ->
                (t, a) -> openat(t, Linux.AT_FDCWD, a[0], Linux.O_CREAT | Linux.O_WRONLY | Linux.O_TRUNC, (int) a[1]);
            case "openat2" -> this::openat2;
            case "pipe2" -> (t, a) -> pipe2(t, a[0], (int) a[1]);
            case "pipe" -> (t, a) -> pipe2(t, a[0], 0);
            case "memfd_create" -> this::memfdCreate;
            default -> null;
        };
    }

    private long openat(Task task, int directory, long path, int flags, int mode) {
        try (Located at = paths.locate(task, directory, path, 0, Use.LOOKUP, (flags & Linux.O_NOFOLLOW) == 0)) {
            if (at.proc != null) {
                return install(task, procFiles.open(task, at.proc, at, flags), flags);
            }
            return install(task, open(task, at, flags, mode, 0), flags);
        }
    }

    private static long install(Task task, Description d, int flags) {
        return task.files().install(d, (flags & Linux.O_CLOEXEC) != 0);
    }

    private long openat2(Task task, long[] a) {
        GuestMemory memory = task.memory();
        long how = abi.word(a[2]);
        long size = abi.word(a[3]);
        if (size < OPEN_HOW_SIZE) {
            return -Errno.EINVAL;
        }
        if (size > 4096) {
            return -Errno.E2BIG;
        }
        for (long i = OPEN_HOW_SIZE; i < size; i++) {
            if (memory.read(how + i, 1) != 0) {
                return -Errno.E2BIG;
            }
        }
        long flags = openHow.get(memory, how, OpenHow.FLAGS);
        long mode = openHow.get(memory, how, OpenHow.MODE);
        long resolve = openHow.get(memory, how, OpenHow.RESOLVE);
        if (flags >>> 32 != 0 || (mode & ~07777) != 0) {
            return -Errno.EINVAL;
        }
        if (resolve == 0) {
            return openat(task, (int) a[0], a[1], (int) flags, (int) mode);
        }
        try (Located at = paths.locate(task, (int) a[0], a[1], 0, Use.CHANGE, true)) {
            return install(task, open(task, at, (int) flags, (int) mode, resolve), (int) flags);
        }
    }

    /** Opens on the host. */
    private Description open(Task task, Located at, int flags, int mode, long resolve) {
        if ((flags & Linux.O_CREAT) != 0 || (flags & Linux.O_TMPFILE) == Linux.O_TMPFILE) {
            ThreadDirectory.applyUmask(task);
        }
        long status = task.scratch().struct();
        boolean nonBlocking = (flags & Linux.O_NONBLOCK) != 0;
        // A terminal becomes a guest session's, never the JVM's.
        int hostFlags = flags | Linux.O_CLOEXEC | Linux.O_NOCTTY;
        if (isControllingTerminal(at.path)) {
            nameControllingTerminal(task, at.path);
        }
        long opened;
        if (!nonBlocking && (flags & Linux.O_PATH) == 0 && resolve == 0 && isFifo(at, status)) {
            // Waits for the other end, which no descriptor announces.
            opened = task.blocking(() -> Syscall.call(SyscallNumber.OPENAT, at.directory, at.path, hostFlags, mode));
        } else if (resolve == 0) {
            opened = Syscall.call(SyscallNumber.OPENAT, at.directory, at.path, hostFlags, mode);
        } else {
            long how = task.scratch().struct2();
            RawMemory.putLong(how, hostFlags & 0xffff_ffffL);
            RawMemory.putLong(how + 8, mode);
            RawMemory.putLong(how + 16, resolve);
            opened = Syscall.call(SyscallNumber.OPENAT2, at.directory, at.path, how, OPEN_HOW_SIZE);
        }
        int fd = (int) Errno.check(opened);
        if ((flags & Linux.O_PATH) != 0) {
            return new Description(fd, Description.Kind.PATH, false);
        }
        if ((flags & Linux.O_TRUNC) != 0) {
            task.memory().fileCut(fd, 0);
        }
        Description d = Host.adopt(fd, nonBlocking, status);
        if (d.terminal() != Terminal.NONE) {
            return terminal(task, d, flags);
        }
        if (procFiles.isOnProc(status)) {
            return procFiles.check(task, d, flags);
        }
        return d;
    }

    /** A terminal, or the other side of one, was opened. */
    private static Description terminal(Task task, Description d, int flags) {
        Terminals terminals = task.kernel().terminals();
        if (Syscall.call(
                        SyscallNumber.IOCTL,
                        d.hostFd(),
                        TIOCGPTN,
                        task.scratch().struct())
                == 0) {
            return d.with(new PtyMaster(terminals, d.terminal()));
        }
        if ((flags & Linux.O_NOCTTY) == 0) {
            terminals.opened(task, d.terminal());
        }
        return d;
    }

    private static boolean isControllingTerminal(long path) {
        for (int i = 0; i < DEV_TTY.length; i++) {
            if (RawMemory.getByte(path + i) != DEV_TTY[i]) {
                return false;
            }
        }
        return true;
    }

    /** Replaces {@code /dev/tty} by what it is for a guest's session. @throws Errno ENXIO where it has none */
    private static void nameControllingTerminal(Task task, long path) {
        Terminal terminal = task.kernel().terminals().of(task.process());
        if (terminal == null) {
            throw new Errno(Errno.ENXIO);
        }
        if (terminal.number() >= 0) {
            byte[] name = ("/dev/pts/" + terminal.number() + "\0").getBytes(StandardCharsets.ISO_8859_1);
            RawMemory.copyIn(name, 0, path, name.length);
        }
    }

    private static boolean isFifo(Located at, long status) {
        return HostStatus.ofPath(at.directory, at.path, 0, status) == 0
                && (HostStatus.mode(status) & Linux.S_IFMT) == Linux.S_IFIFO;
    }

    private long pipe2(Task task, long address, int flags) {
        if ((flags & ~(Linux.O_CLOEXEC | Linux.O_NONBLOCK | Linux.O_DIRECT)) != 0) {
            return -Errno.EINVAL;
        }
        long fds = task.scratch().struct();
        Errno.check(
                Syscall.call(SyscallNumber.PIPE2, fds, flags & Linux.O_DIRECT | Linux.O_CLOEXEC | Linux.O_NONBLOCK));
        boolean nonBlocking = (flags & Linux.O_NONBLOCK) != 0;
        return installPair(
                task,
                new Description(RawMemory.getInt(fds), Description.Kind.STREAM, nonBlocking),
                new Description(RawMemory.getInt(fds + 4), Description.Kind.STREAM, nonBlocking),
                (flags & Linux.O_CLOEXEC) != 0,
                abi.word(address));
    }

    /** Installs two descriptions and tells the guest their descriptors, or neither. */
    public static long installPair(Task task, Description one, Description other, boolean cloexec, long address) {
        int first;
        try {
            first = task.files().install(one, cloexec);
        } catch (Errno e) {
            other.release();
            throw e;
        }
        int second;
        try {
            second = task.files().install(other, cloexec);
        } catch (Errno e) {
            task.files().close(first);
            throw e;
        }
        try {
            task.memory().write(address, first, 4);
            task.memory().write(address + 4, second, 4);
        } catch (GuestMemory.BadAddress e) {
            task.files().close(first);
            task.files().close(second);
            throw e;
        }
        return 0;
    }

    private long memfdCreate(Task task, long[] a) {
        long name = task.scratch().path(0);
        if (GuestString.copy(task.memory(), abi.model().bigEndian(), abi.word(a[0]), name, Linux.PATH_MAX) < 0) {
            return -Errno.EINVAL;
        }
        int fd = (int) Errno.check(Syscall.call(SyscallNumber.MEMFD_CREATE, name, a[1] & 0xffff_ffffL | MFD_CLOEXEC));
        return task.files().install(new Description(fd, Description.Kind.FILE, false), (a[1] & MFD_CLOEXEC) != 0);
    }

    /** Opening the personality's own files under /proc. */
    static final class ProcFiles {
        /** Files of the host that would show, or let the guest change, the JVM itself. */
        private static final String[] FORBIDDEN = {
            "mem",
            "pagemap",
            "clear_refs",
            "syscall",
            "stack",
            "wchan",
            "auxv",
            "environ",
            "smaps",
            "smaps_rollup",
            "numa_maps",
            "coredump_filter",
            "oom_adj",
            "oom_score_adj",
            "attr",
            "map_files",
            "patch_state",
            "exe"
        };

        private final Paths paths;
        private final long hostPid = ProcessHandle.current().pid();
        private long procDevice = -1;

        ProcFiles(Paths paths) {
            this.paths = paths;
        }

        /** Whether the file that {@code status} describes lies in procfs. */
        boolean isOnProc(long status) {
            long device = HostStatus.LAYOUT.getHost(status, HostStatus.Field.DEV_MAJOR) << 32
                    | HostStatus.LAYOUT.getHost(status, HostStatus.Field.DEV_MINOR);
            if (procDevice < 0) {
                long other = RawMemory.allocate(HostStatus.SIZE);
                long found = Host.withPath("/proc", p -> HostStatus.ofPath(Host.NO_DIRECTORY, p, 0, other));
                procDevice = found != 0
                        ? Long.MAX_VALUE
                        : HostStatus.LAYOUT.getHost(other, HostStatus.Field.DEV_MAJOR) << 32
                                | HostStatus.LAYOUT.getHost(other, HostStatus.Field.DEV_MINOR);
                RawMemory.free(other);
            }
            return device == procDevice;
        }

        /**
         * Whatever way led to it (a link, a relative path): where an opened file is the JVM's own part of /proc, the guest
         * gets its own instead.
         */
        Description check(Task task, Description opened, int flags) {
            byte[] path = Host.pathOf(opened.hostFd());
            String text = new String(path, StandardCharsets.ISO_8859_1);
            String mine = "/proc/" + hostPid;
            if (!text.startsWith(mine) || text.length() > mine.length() && text.charAt(mine.length()) != '/') {
                return opened;
            }
            ProcPath proc = paths.procPath(task, ("/proc/self" + text.substring(mine.length())));
            if (proc == null) {
                return opened;
            }
            if (proc.contents() == null && proc.names() == null && !forbidden(proc.entry())) {
                return directoryOrFile(opened, proc);
            }
            opened.release();
            Located at = paths.inProc(proc, task.scratch().path(0), true);
            try (at) {
                return open(task, proc, at, flags);
            }
        }

        private static boolean forbidden(String entry) {
            int slash = entry.indexOf('/');
            String first = slash < 0 ? entry : entry.substring(0, slash);
            for (String name : FORBIDDEN) {
                if (first.equals(name)) {
                    return true;
                }
            }
            return false;
        }

        private static Description directoryOrFile(Description opened, ProcPath proc) {
            String entry = proc.entry();
            boolean directory = entry.isEmpty() || entry.equals("fd") || entry.equals("fdinfo") || entry.equals("task");
            return directory ? opened.with(new ProcDirectory(proc)) : opened;
        }

        /** Opens an entry of a guest process. */
        Description open(Task task, ProcPath proc, Located at, int flags) {
            long status = task.scratch().struct();
            byte[] contents = proc.contents();
            if (contents != null && (flags & (Linux.O_PATH | Linux.O_DIRECTORY)) == 0) {
                if ((flags & Linux.O_ACCMODE) != Linux.O_RDONLY) {
                    throw new Errno(Errno.EACCES);
                }
                return snapshot(contents);
            }
            if (forbidden(proc.entry()) && !proc.entry().equals("exe") && (flags & Linux.O_PATH) == 0) {
                throw new Errno(Errno.EACCES);
            }
            int fd = (int) Errno.check(Syscall.call(
                    SyscallNumber.OPENAT, at.directory, at.path, flags & ~Linux.O_CREAT | Linux.O_CLOEXEC, 0));
            if ((flags & Linux.O_PATH) != 0) {
                return directoryOrFile(new Description(fd, Description.Kind.PATH, false), proc);
            }
            return directoryOrFile(Host.adopt(fd, (flags & Linux.O_NONBLOCK) != 0, status), proc);
        }

        /** A file that can only be read, with these contents. */
        private static Description snapshot(byte[] contents) {
            int fd = (int)
                    Errno.check(Host.withPath("proc", p -> Syscall.call(SyscallNumber.MEMFD_CREATE, p, MFD_CLOEXEC)));
            long memory = RawMemory.allocate(contents.length + 1L);
            try {
                RawMemory.copyIn(contents, 0, memory, contents.length);
                Errno.check(Syscall.call(SyscallNumber.PWRITE64, fd, memory, contents.length, 0));
                Syscall.call(SyscallNumber.FCHMOD, fd, 0444);
                int readable = (int) Errno.check(Host.open("/proc/self/fd/" + fd, Linux.O_RDONLY));
                return new Description(readable, Description.Kind.FILE, false);
            } finally {
                RawMemory.free(memory);
                Host.close(fd);
            }
        }
    }
}
