package dev.rhea.host;

/**
 * What statx(2) says of a file.
 *
 * @param mode type and permissions
 * @param device major number above, minor number in the low 32 bits; of the file system it is in
 * @param rdev the same of the device it is
 * @param blocks of 512 bytes
 */
public record FileStatus(
        int mode,
        int uid,
        int gid,
        long links,
        long inode,
        long device,
        long rdev,
        long size,
        long blockSize,
        long blocks,
        long accessSeconds,
        long accessNanoseconds,
        long modifySeconds,
        long modifyNanoseconds,
        long changeSeconds,
        long changeNanoseconds) {
    public static final int S_IFMT = 0xf000;
    public static final int S_IFDIR = 0x4000;
    public static final int S_IFREG = 0x8000;
    public static final int S_IFLNK = 0xa000;

    /** Bytes of a {@code struct statx}. */
    static final int STATX_SIZE = 256;

    /** What to ask statx(2) for. */
    static final int STATX_BASIC_STATS = 0x7ff;

    /** Reads a {@code struct statx}. */
    static FileStatus at(long statx) {
        return new FileStatus(
                RawMemory.getShort(statx + 28) & 0xffff,
                RawMemory.getInt(statx + 20),
                RawMemory.getInt(statx + 24),
                RawMemory.getInt(statx + 16) & 0xffffffffL,
                RawMemory.getLong(statx + 32),
                pair(statx + 136),
                pair(statx + 128),
                RawMemory.getLong(statx + 40),
                RawMemory.getInt(statx + 4) & 0xffffffffL,
                RawMemory.getLong(statx + 48),
                RawMemory.getLong(statx + 64),
                RawMemory.getInt(statx + 72),
                RawMemory.getLong(statx + 112),
                RawMemory.getInt(statx + 120),
                RawMemory.getLong(statx + 96),
                RawMemory.getInt(statx + 104));
    }

    private static long pair(long address) {
        return (long) RawMemory.getInt(address) << 32 | RawMemory.getInt(address + 4) & 0xffffffffL;
    }

    public boolean isDirectory() {
        return (mode & S_IFMT) == S_IFDIR;
    }

    public boolean isSymbolicLink() {
        return (mode & S_IFMT) == S_IFLNK;
    }

    public boolean isRegular() {
        return (mode & S_IFMT) == S_IFREG;
    }
}
