package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;

/** {@code struct statx} of the host, which is the same on every architecture: what all of the stat family is made of. */
final class HostStatus {
    private HostStatus() {}

    /** Bytes in {@code struct statx}. */
    static final int SIZE = 256;

    private static final int STATX_BASIC_STATS = 0x7ff;

    private static final long EMPTY = emptyPath();

    /** Members of {@code struct statx}; a time is two members. */
    enum Field {
        MASK,
        BLKSIZE,
        ATTRIBUTES,
        NLINK,
        UID,
        GID,
        MODE,
        INO,
        FILE_SIZE,
        BLOCKS,
        ATTRIBUTES_MASK,
        ATIME,
        ATIME_NSEC,
        BTIME,
        BTIME_NSEC,
        CTIME,
        CTIME_NSEC,
        MTIME,
        MTIME_NSEC,
        RDEV_MAJOR,
        RDEV_MINOR,
        DEV_MAJOR,
        DEV_MINOR,
        MNT_ID,
        DIO_MEM_ALIGN,
        DIO_OFFSET_ALIGN
    }

    /** The declaration; guests have the same under their own byte order. */
    static Layout<Field> layout(DataModel model) {
        return new Struct<>(Field.class)
                .u32(Field.MASK, Field.BLKSIZE)
                .u64(Field.ATTRIBUTES)
                .u32(Field.NLINK, Field.UID, Field.GID)
                .u16(Field.MODE)
                .skip(2)
                .u64(Field.INO, Field.FILE_SIZE, Field.BLOCKS, Field.ATTRIBUTES_MASK)
                .s64(Field.ATIME)
                .u32(Field.ATIME_NSEC)
                .skip(4)
                .s64(Field.BTIME)
                .u32(Field.BTIME_NSEC)
                .skip(4)
                .s64(Field.CTIME)
                .u32(Field.CTIME_NSEC)
                .skip(4)
                .s64(Field.MTIME)
                .u32(Field.MTIME_NSEC)
                .skip(4)
                .u32(Field.RDEV_MAJOR, Field.RDEV_MINOR, Field.DEV_MAJOR, Field.DEV_MINOR)
                .u64(Field.MNT_ID)
                .u32(Field.DIO_MEM_ALIGN, Field.DIO_OFFSET_ALIGN)
                .in(model);
    }

    static final Layout<Field> LAYOUT = layout(DataModel.HOST);

    private static long emptyPath() {
        return RawMemory.allocate(8);
    }

    /** Fills {@code buffer} about an open descriptor. @return 0 or -errno */
    static long ofDescriptor(int hostFd, long buffer) {
        return Syscall.call(SyscallNumber.STATX, hostFd, EMPTY, Linux.AT_EMPTY_PATH, STATX_BASIC_STATS, buffer);
    }

    /** Fills {@code buffer} about a path. @return 0 or -errno */
    static long ofPath(int directory, long path, int flags, long buffer) {
        return Syscall.call(SyscallNumber.STATX, directory, path, flags, STATX_BASIC_STATS, buffer);
    }

    static int mode(long buffer) {
        return (int) LAYOUT.getHost(buffer, Field.MODE);
    }

    /** A device number as 64-bit {@code st_dev} encodes it. */
    static long device(long major, long minor) {
        return minor & 0xff | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
    }
}
