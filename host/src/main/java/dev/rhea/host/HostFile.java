package dev.rhea.host;

import java.lang.foreign.Arena;

/**
 * An open file or block device of the host, with positioned vectored I/O straight from and to host memory: what {@code
 * java.nio} has no way for. Calls are safe from any thread; {@link #close} comes after all others.
 */
public final class HostFile implements AutoCloseable {
    public static final int O_RDONLY = 0;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_CLOEXEC = 0x80000;
    /** The one flag here that architectures number differently. */
    public static final int O_DIRECT = System.getProperty("os.arch").equals("aarch64") ? 0x10000 : 0x4000;

    /** Size of a {@code struct iovec}: address and length, 8 bytes each. */
    public static final int IOVEC = 16;

    /** How many of them one call takes. */
    public static final int IOV_MAX = 1024;

    private static final int AT_FDCWD = -100;
    private static final int SEEK_END = 2;
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int F_RDLCK = 0;
    private static final int F_WRLCK = 1;
    private static final int F_UNLCK = 2;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    private static final int FALLOC_FL_ZERO_RANGE = 16;
    private static final long BLKDISCARD = 0x1277;
    private static final long BLKZEROOUT = 0x127f;
    private static final int S_IFBLK = 0x6000;
    private static final int S_IFREG = 0x8000;
    private static final int S_IFDIR = 0x4000;
    private static final int AT_EMPTY_PATH = 0x1000;

    private final int descriptor;
    private final int type;

    private HostFile(int descriptor) throws HostException {
        this.descriptor = descriptor;
        type = status().mode() & FileStatus.S_IFMT;
    }

    /**
     * Opens or creates.
     *
     * @param flags as of open(2); O_CLOEXEC is added
     * @param mode permissions of a file that is created
     */
    public static HostFile open(String path, int flags, int mode) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            long text = arena.allocateFrom(path).address();
            return of((int) HostException.check(retry(SyscallNumber.OPENAT, AT_FDCWD, text, flags | O_CLOEXEC, mode)));
        }
    }

    /** A file that is open already; closed where this throws. */
    static HostFile of(int descriptor) throws HostException {
        HostFile file = null;
        try {
            file = new HostFile(descriptor);
            return file;
        } finally {
            if (file == null) {
                Syscall.call(SyscallNumber.CLOSE, descriptor);
            }
        }
    }

    /** An anonymous file in memory. */
    public static HostFile inMemory(String name) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            return of((int) HostException.check(Syscall.call(
                    SyscallNumber.MEMFD_CREATE, arena.allocateFrom(name).address(), 1)));
        }
    }

    /** What the host knows of it. */
    public FileStatus status() throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            long empty = arena.allocate(1).address();
            long statx = arena.allocate(FileStatus.STATX_SIZE, 8).address();
            HostException.check(Syscall.call(
                    SyscallNumber.STATX, descriptor, empty, AT_EMPTY_PATH, FileStatus.STATX_BASIC_STATS, statx, 0));
            return FileStatus.at(statx);
        }
    }

    public int descriptor() {
        return descriptor;
    }

    public boolean isBlockDevice() {
        return type == S_IFBLK;
    }

    public boolean isRegular() {
        return type == S_IFREG;
    }

    public boolean isDirectory() {
        return type == S_IFDIR;
    }

    /** In bytes: of a file or of a block device. */
    public long size() throws HostException {
        return HostException.check(Syscall.call(SyscallNumber.LSEEK, descriptor, 0, SEEK_END));
    }

    public void setSize(long bytes) throws HostException {
        HostException.check(retry(SyscallNumber.FTRUNCATE, descriptor, bytes, 0, 0));
    }

    /** Reads up to {@code length} bytes to host memory. @return how many; 0 at the end of the file */
    public long read(long offset, long host, long length) throws HostException {
        return HostException.check(retry(SyscallNumber.PREAD64, descriptor, host, length, offset));
    }

    /** Writes up to {@code length} bytes. @return how many, at least 1 */
    public long write(long offset, long host, long length) throws HostException {
        return HostException.check(retry(SyscallNumber.PWRITE64, descriptor, host, length, offset));
    }

    /** Reads into the {@code count} pieces that the iovecs at a host address name; at most {@link #IOV_MAX}. */
    public long readVector(long offset, long iovecs, int count) throws HostException {
        return HostException.check(retry(SyscallNumber.PREADV, descriptor, iovecs, count, offset));
    }

    /** Writes the pieces. @return how many bytes */
    public long writeVector(long offset, long iovecs, int count) throws HostException {
        return HostException.check(retry(SyscallNumber.PWRITEV, descriptor, iovecs, count, offset));
    }

    /**
     * Reads entries of a folder.
     *
     * @param position where the last entry said that the next one is; 0 for the first
     * @param buffer host address of room for {@code struct linux_dirent64}s
     * @return bytes of entries; 0 at the end
     */
    public long readEntries(long position, long buffer, int length) throws HostException {
        HostException.check(Syscall.call(SyscallNumber.LSEEK, descriptor, position, 0));
        return HostException.check(retry(SyscallNumber.GETDENTS64, descriptor, buffer, length, 0));
    }

    /** fsync(2). */
    public void flushAll() throws HostException {
        HostException.check(retry(SyscallNumber.FSYNC, descriptor, 0, 0, 0));
    }

    /** fdatasync(2). */
    public void flush() throws HostException {
        HostException.check(retry(SyscallNumber.FDATASYNC, descriptor, 0, 0, 0));
    }

    /** Gives the storage of a range back: a hole, or BLKDISCARD. What it reads as then: zeros for a file, anything for a device. */
    public void discard(long offset, long length) throws HostException {
        if (isBlockDevice()) {
            range(BLKDISCARD, offset, length);
        } else {
            HostException.check(retry(
                    SyscallNumber.FALLOCATE, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length));
        }
    }

    /** Makes a range of zeros without transferring any, the storage staying allocated. */
    public void zero(long offset, long length) throws HostException {
        if (isBlockDevice()) {
            range(BLKZEROOUT, offset, length);
        } else {
            HostException.check(retry(
                    SyscallNumber.FALLOCATE, descriptor, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, offset, length));
        }
    }

    private void range(long request, long offset, long length) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            long pair = arena.allocate(16, 8).address();
            RawMemory.putLong(pair, offset);
            RawMemory.putLong(pair + 8, length);
            HostException.check(retry(SyscallNumber.IOCTL, descriptor, request, pair, 0));
        }
    }

    /**
     * Takes an open-file-description lock on one byte, shared or exclusive, without waiting.
     *
     * @return false if another open file has a lock that forbids it
     */
    public boolean lock(long offset, boolean exclusive) throws HostException {
        return lockCall(F_OFD_SETLK, offset, exclusive ? F_WRLCK : F_RDLCK) >= 0;
    }

    /** Gives a lock back. */
    public void unlock(long offset) throws HostException {
        lockCall(F_OFD_SETLK, offset, F_UNLCK);
    }

    /** Whether another open file has any lock on a byte. */
    public boolean isLocked(long offset) throws HostException {
        return lockCall(F_OFD_GETLK, offset, F_WRLCK) != F_UNLCK;
    }

    /** Sets or asks. @return -1 if another's lock forbids it; otherwise the type that the kernel left in the structure */
    private int lockCall(int command, long offset, int lockType) throws HostException {
        try (Arena arena = Arena.ofConfined()) {
            // struct flock: l_type, l_whence (SEEK_SET), l_start, l_len, l_pid = 0 as these locks demand
            long flock = arena.allocate(32, 8).address();
            RawMemory.putShort(flock, (short) lockType);
            RawMemory.putLong(flock + 8, offset);
            RawMemory.putLong(flock + 16, 1);
            long result = retry(SyscallNumber.FCNTL, descriptor, command, flock, 0);
            if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
                return -1;
            }
            HostException.check(result);
            return RawMemory.getShort(flock);
        }
    }

    private static long retry(int number, long a0, long a1, long a2, long a3) {
        long result;
        do {
            result = Syscall.call(number, a0, a1, a2, a3);
        } while (result == -Errno.EINTR);
        return result;
    }

    @Override
    public void close() {
        Syscall.call(SyscallNumber.CLOSE, descriptor);
    }
}
