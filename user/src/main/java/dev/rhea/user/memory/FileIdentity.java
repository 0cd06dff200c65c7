package dev.rhea.user.memory;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import org.jspecify.annotations.Nullable;

/**
 * A file's state at one moment: equal for two openings only if the file is the same one and was not changed between.
 *
 * @param device {@code st_dev} as {@code major << 32 | minor}
 * @param mode {@code st_mode}
 * @param modified {@code st_mtime} in nanoseconds
 * @param changed {@code st_ctime} in nanoseconds
 * @param special {@code st_rdev} as {@code major << 32 | minor}
 */
record FileIdentity(long device, long inode, int mode, long size, long modified, long changed, long special) {
    static final int S_IFMT = 0xF000;
    static final int S_IFREG = 0x8000;
    static final int S_IFCHR = 0x2000;

    /** {@code struct statx} of the kernel's uapi headers, the same on every architecture. */
    private static final int STATX_BYTES = 256;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int BASIC_STATS = 0x7ff;

    // By hand: what the compiler makes for a record is linked at its first use, which every start would pay for.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FileIdentity o
                && device == o.device
                && inode == o.inode
                && mode == o.mode
                && size == o.size
                && modified == o.modified
                && changed == o.changed
                && special == o.special;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(((device * 31 + inode) * 31 + size) * 31 + modified);
    }

    /** Of an open file; null if the descriptor is none. */
    static @Nullable FileIdentity of(int fd) {
        long buffer = RawMemory.allocate(STATX_BYTES + 8);
        try {
            // The byte after the structure is the empty path.
            long result =
                    Syscall.call(SyscallNumber.STATX, fd, buffer + STATX_BYTES, AT_EMPTY_PATH, BASIC_STATS, buffer);
            if (Syscall.failed(result)) {
                return null;
            }
            return new FileIdentity(
                    (long) RawMemory.getInt(buffer + 136) << 32 | RawMemory.getInt(buffer + 140) & 0xffffffffL,
                    RawMemory.getLong(buffer + 32),
                    RawMemory.getShort(buffer + 28) & 0xffff,
                    RawMemory.getLong(buffer + 40),
                    time(buffer + 112),
                    time(buffer + 96),
                    (long) RawMemory.getInt(buffer + 128) << 32 | RawMemory.getInt(buffer + 132) & 0xffffffffL);
        } finally {
            RawMemory.free(buffer);
        }
    }

    private static long time(long address) {
        return RawMemory.getLong(address) * 1_000_000_000L + RawMemory.getInt(address + 8);
    }

    boolean isRegular() {
        return (mode & S_IFMT) == S_IFREG;
    }

    /** /dev/zero: a private mapping of it is anonymous memory. */
    boolean isDevZero() {
        return (mode & S_IFMT) == S_IFCHR && special == (1L << 32 | 5);
    }

    /** Whether the file may have been changed since without its times telling, which advance in ticks. */
    boolean isFresh(long nowNanos) {
        return nowNanos - Math.max(modified, changed) < 50_000_000L;
    }
}
