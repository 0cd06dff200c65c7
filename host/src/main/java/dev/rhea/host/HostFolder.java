package dev.rhea.host;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;

/**
 * A folder of the host that nobody gets out of: paths are relative to it, symbolic links in them are not followed, and {@code
 * ..} does not lead above it (openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS). The empty path is the folder itself. Names
 * of what is created are single components, which callers have checked. Paths and names are bytes, one in each {@code char}
 * (ISO 8859-1), since the host's need not be UTF-8.
 */
public final class HostFolder implements AutoCloseable {
    private static final boolean AARCH64 = System.getProperty("os.arch").equals("aarch64");
    public static final int O_DIRECTORY = AARCH64 ? 0x4000 : 0x10000;
    private static final int O_NOFOLLOW = AARCH64 ? 0x8000 : 0x20000;
    private static final int O_PATH = 0x200000;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_NOCTTY = 0x100;
    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_REMOVEDIR = 0x200;
    private static final long RESOLVE_NO_MAGICLINKS = 2;
    private static final long RESOLVE_NO_SYMLINKS = 4;
    private static final long RESOLVE_BENEATH = 8;
    private static final int STATFS_SIZE = 120;
    private static final int PATH_MAX = 4096;
    private static final int XATTR_MAX = 65536;

    /** What is to be done with an open file. */
    @FunctionalInterface
    private interface Use {
        long with(int descriptor, Arena arena) throws HostException;
    }

    private final int root;

    private HostFolder(int root) {
        this.root = root;
    }

    /** Opens a folder, following symbolic links on the way to it. */
    public static HostFolder open(String path) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            return new HostFolder((int) HostException.check(Syscall.call(
                    SyscallNumber.OPENAT,
                    AT_FDCWD,
                    arena.allocateFrom(path).address(),
                    O_PATH | O_DIRECTORY | HostFile.O_CLOEXEC,
                    0)));
        }
    }

    private static long text(Arena arena, String bytes) {
        return arena.allocateFrom(bytes, StandardCharsets.ISO_8859_1).address();
    }

    private long resolve(Arena arena, String path, int flags) {
        long how = arena.allocate(24, 8).address();
        RawMemory.putLong(how, flags | O_NOFOLLOW | HostFile.O_CLOEXEC);
        RawMemory.putLong(how + 16, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
        long text = text(arena, path.isEmpty() ? "." : path);
        return Syscall.call(SyscallNumber.OPENAT2, root, text, how, 24);
    }

    /** Does something with the file itself, whatever it is, symbolic links included. */
    private long use(String path, Use use) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) HostException.check(resolve(arena, path, O_PATH));
            try {
                return HostException.check(use.with(descriptor, arena));
            } finally {
                Syscall.call(SyscallNumber.CLOSE, descriptor);
            }
        }
    }

    /** The way to an open file that calls take which know no descriptors. */
    private static long self(Arena arena, int descriptor) {
        return arena.allocateFrom("/proc/self/fd/" + descriptor).address();
    }

    /** Opens a file or folder; never waits for the other end of a pipe. @param flags of open(2) */
    public HostFile open(String path, int flags) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            return HostFile.of((int) HostException.check(resolve(arena, path, flags | O_NONBLOCK | O_NOCTTY)));
        }
    }

    /** Creates a file in a folder and opens it. */
    public HostFile create(String folder, String name, int flags, int mode) throws HostException {
        long[] made = new long[1];
        use(
                folder,
                (descriptor, arena) -> made[0] = Syscall.call(
                        SyscallNumber.OPENAT,
                        descriptor,
                        text(arena, name),
                        flags | HostFile.O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | HostFile.O_CLOEXEC,
                        mode));
        return HostFile.of((int) made[0]);
    }

    public FileStatus status(String path) throws HostException {
        FileStatus[] result = new FileStatus[1];
        use(path, (descriptor, arena) -> {
            long statx = arena.allocate(FileStatus.STATX_SIZE, 8).address();
            long empty = arena.allocate(1).address();
            long done = Syscall.call(
                    SyscallNumber.STATX, descriptor, empty, AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, statx, 0);
            if (done >= 0) {
                result[0] = FileStatus.at(statx);
            }
            return done;
        });
        return result[0];
    }

    /** The file system's figures: type, block size, blocks, free, available, files, free files, id, longest name. */
    public long[] fileSystem(String path) throws HostException {
        long[] result = new long[9];
        use(path, (descriptor, arena) -> {
            long statfs = arena.allocate(STATFS_SIZE, 8).address();
            long done = Syscall.call(SyscallNumber.FSTATFS, descriptor, statfs);
            for (int i = 0; i < result.length; i++) {
                result[i] = RawMemory.getLong(statfs + 8L * i);
            }
            return done;
        });
        return result;
    }

    public void makeFolder(String folder, String name, int mode) throws HostException {
        use(folder, (descriptor, arena) -> Syscall.call(SyscallNumber.MKDIRAT, descriptor, text(arena, name), mode));
    }

    /** @param device as mknod(2) takes it */
    public void makeNode(String folder, String name, int mode, long device) throws HostException {
        use(
                folder,
                (descriptor, arena) ->
                        Syscall.call(SyscallNumber.MKNODAT, descriptor, text(arena, name), mode, device));
    }

    public void makeSymbolicLink(String folder, String name, String target) throws HostException {
        use(
                folder,
                (descriptor, arena) ->
                        Syscall.call(SyscallNumber.SYMLINKAT, text(arena, target), descriptor, text(arena, name)));
    }

    /** Gives a file another name. The file is found by its folder and name, so that a link is linked and not what it names. */
    public void link(String fromFolder, String fromName, String folder, String name) throws HostException {
        use(
                fromFolder,
                (from, arena) -> use(
                        folder,
                        (to, inner) -> Syscall.call(
                                SyscallNumber.LINKAT, from, text(inner, fromName), to, text(inner, name), 0)));
    }

    public void rename(String fromFolder, String fromName, String folder, String name) throws HostException {
        use(
                fromFolder,
                (from, arena) -> use(
                        folder,
                        (to, inner) -> Syscall.call(
                                SyscallNumber.RENAMEAT2, from, text(inner, fromName), to, text(inner, name), 0)));
    }

    public void remove(String folder, String name, boolean isFolder) throws HostException {
        use(
                folder,
                (descriptor, arena) -> Syscall.call(
                        SyscallNumber.UNLINKAT, descriptor, text(arena, name), isFolder ? AT_REMOVEDIR : 0));
    }

    public byte[] readLink(String path) throws HostException {
        byte[][] result = new byte[1][];
        use(path, (descriptor, arena) -> {
            long buffer = arena.allocate(PATH_MAX).address();
            long empty = arena.allocate(1).address();
            long length = Syscall.call(SyscallNumber.READLINKAT, descriptor, empty, buffer, PATH_MAX);
            result[0] = new byte[(int) Math.max(length, 0)];
            RawMemory.copyOut(buffer, result[0], 0, result[0].length);
            return length;
        });
        return result[0];
    }

    public void changeMode(String path, int mode) throws HostException {
        use(path, (descriptor, arena) -> Syscall.call(SyscallNumber.FCHMODAT, AT_FDCWD, self(arena, descriptor), mode));
    }

    /** @param uid and gid: -1 leaves it */
    public void changeOwner(String path, int uid, int gid) throws HostException {
        use(
                path,
                (descriptor, arena) -> Syscall.call(
                        SyscallNumber.FCHOWNAT, descriptor, arena.allocate(1).address(), uid, gid, AT_EMPTY_PATH));
    }

    public void setSize(String path, long size) throws HostException {
        use(path, (descriptor, arena) -> Syscall.call(SyscallNumber.TRUNCATE, self(arena, descriptor), size));
    }

    /** Sets access and modification time; nanoseconds as utimensat(2) takes them, with UTIME_NOW and UTIME_OMIT. */
    public void setTimes(String path, long accessSeconds, long accessNanos, long modifySeconds, long modifyNanos)
            throws HostException {
        use(path, (descriptor, arena) -> {
            long times = arena.allocate(32, 8).address();
            RawMemory.putLong(times, accessSeconds);
            RawMemory.putLong(times + 8, accessNanos);
            RawMemory.putLong(times + 16, modifySeconds);
            RawMemory.putLong(times + 24, modifyNanos);
            return Syscall.call(SyscallNumber.UTIMENSAT, AT_FDCWD, self(arena, descriptor), times, 0);
        });
    }

    // ---- extended attributes

    public byte[] attribute(String path, String name) throws HostException {
        return attributes(path, name);
    }

    /** Names, a zero byte behind each. */
    public byte[] attributeNames(String path) throws HostException {
        return attributes(path, null);
    }

    private byte[] attributes(String path, @org.jspecify.annotations.Nullable String name) throws HostException {
        byte[][] result = new byte[1][];
        use(path, (descriptor, arena) -> {
            long buffer = arena.allocate(XATTR_MAX).address();
            long file = self(arena, descriptor);
            long length = name == null
                    ? Syscall.call(SyscallNumber.LISTXATTR, file, buffer, XATTR_MAX)
                    : Syscall.call(SyscallNumber.GETXATTR, file, text(arena, name), buffer, XATTR_MAX);
            result[0] = new byte[(int) Math.max(length, 0)];
            RawMemory.copyOut(buffer, result[0], 0, result[0].length);
            return length;
        });
        return result[0];
    }

    /** @param flags of setxattr(2) */
    public void setAttribute(String path, String name, byte[] value, int flags) throws HostException {
        use(path, (descriptor, arena) -> {
            long buffer = arena.allocate(Math.max(value.length, 1)).address();
            RawMemory.copyIn(value, 0, buffer, value.length);
            return Syscall.call(
                    SyscallNumber.SETXATTR, self(arena, descriptor), text(arena, name), buffer, value.length, flags);
        });
    }

    public void removeAttribute(String path, String name) throws HostException {
        use(
                path,
                (descriptor, arena) ->
                        Syscall.call(SyscallNumber.REMOVEXATTR, self(arena, descriptor), text(arena, name)));
    }

    @Override
    public void close() {
        Syscall.call(SyscallNumber.CLOSE, root);
    }
}
