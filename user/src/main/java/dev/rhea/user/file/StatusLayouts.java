package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Task;

/** The guest's {@code struct stat}, {@code stat64}, {@code statx} and {@code statfs}, filled from what the host says. */
final class StatusLayouts {
    /** Members of {@code struct stat}. */
    enum Stat {
        DEV,
        INO,
        MODE,
        NLINK,
        UID,
        GID,
        RDEV,
        SIZE,
        BLKSIZE,
        BLOCKS,
        ATIME,
        ATIME_NSEC,
        MTIME,
        MTIME_NSEC,
        CTIME,
        CTIME_NSEC,
        PAD1,
        PAD2,
        UNUSED4,
        UNUSED5
    }

    /** Members of {@code struct statfs}. */
    enum StatFs {
        TYPE,
        BSIZE,
        BLOCKS,
        BFREE,
        BAVAIL,
        FILES,
        FFREE,
        FSID0,
        FSID1,
        NAMELEN,
        FRSIZE,
        FLAGS,
        SPARE0,
        SPARE1,
        SPARE2,
        SPARE3
    }

    private static final int STATX_SIZE = HostStatus.SIZE;
    private static final HostStatus.Field[] STATX_FIELDS = HostStatus.Field.values();
    private static final StatFs[] STATFS_FIELDS = StatFs.values();
    private static final Layout<StatFs> HOST_STATFS = statfs(DataModel.HOST);

    private final Layout<Stat> stat;
    private final Layout<Stat> stat64;
    private final Layout<HostStatus.Field> statx;
    private final Layout<StatFs> statfs;
    private final Layout<StatFs> statfs64;
    private final boolean likeHost;

    StatusLayouts(Abi abi) {
        DataModel model = abi.model();
        stat = genericStat().in(model);
        stat64 = abi.is32() ? genericStat64().in(model) : stat;
        statx = HostStatus.layout(model);
        statfs = statfs(model);
        statfs64 = abi.is32() ? statfs64(model) : statfs;
        likeHost = model.likeHost();
    }

    /** {@code asm-generic/stat.h}: RISC-V, AArch64 and most later architectures. */
    private static Struct<Stat> genericStat() {
        return new Struct<>(Stat.class)
                .word(Stat.DEV, Stat.INO)
                .u32(Stat.MODE, Stat.NLINK, Stat.UID, Stat.GID)
                .word(Stat.RDEV, Stat.PAD1)
                .sword(Stat.SIZE)
                .s32(Stat.BLKSIZE, Stat.PAD2)
                .sword(Stat.BLOCKS, Stat.ATIME)
                .word(Stat.ATIME_NSEC)
                .sword(Stat.MTIME)
                .word(Stat.MTIME_NSEC)
                .sword(Stat.CTIME)
                .word(Stat.CTIME_NSEC)
                .u32(Stat.UNUSED4, Stat.UNUSED5);
    }

    private static Struct<Stat> genericStat64() {
        return new Struct<>(Stat.class)
                .u64(Stat.DEV, Stat.INO)
                .u32(Stat.MODE, Stat.NLINK, Stat.UID, Stat.GID)
                .u64(Stat.RDEV, Stat.PAD1)
                .s64(Stat.SIZE)
                .s32(Stat.BLKSIZE, Stat.PAD2)
                .s64(Stat.BLOCKS)
                .s32(Stat.ATIME)
                .u32(Stat.ATIME_NSEC)
                .s32(Stat.MTIME)
                .u32(Stat.MTIME_NSEC)
                .s32(Stat.CTIME)
                .u32(Stat.CTIME_NSEC, Stat.UNUSED4, Stat.UNUSED5);
    }

    private static Layout<StatFs> statfs(DataModel model) {
        return new Struct<>(StatFs.class)
                .word(StatFs.TYPE, StatFs.BSIZE, StatFs.BLOCKS, StatFs.BFREE, StatFs.BAVAIL, StatFs.FILES, StatFs.FFREE)
                .u32(StatFs.FSID0, StatFs.FSID1)
                .word(
                        StatFs.NAMELEN,
                        StatFs.FRSIZE,
                        StatFs.FLAGS,
                        StatFs.SPARE0,
                        StatFs.SPARE1,
                        StatFs.SPARE2,
                        StatFs.SPARE3)
                .in(model);
    }

    private static Layout<StatFs> statfs64(DataModel model) {
        return new Struct<>(StatFs.class)
                .u32(StatFs.TYPE, StatFs.BSIZE)
                .u64(StatFs.BLOCKS, StatFs.BFREE, StatFs.BAVAIL, StatFs.FILES, StatFs.FFREE)
                .u32(
                        StatFs.FSID0,
                        StatFs.FSID1,
                        StatFs.NAMELEN,
                        StatFs.FRSIZE,
                        StatFs.FLAGS,
                        StatFs.SPARE0,
                        StatFs.SPARE1,
                        StatFs.SPARE2,
                        StatFs.SPARE3)
                .in(model);
    }

    /** Bytes of the guest's {@code statfs64}, which the caller states. */
    int statfs64Size() {
        return statfs64.size();
    }

    /** Writes {@code struct stat} (or {@code stat64}) from the host's {@code statx}. */
    void writeStat(Task task, long host, long guest, boolean wide) {
        Layout<Stat> to = wide ? stat64 : stat;
        Layout<HostStatus.Field> from = HostStatus.LAYOUT;
        byte[] out = new byte[to.size()];
        to.put(
                out,
                0,
                Stat.DEV,
                HostStatus.device(
                        from.getHost(host, HostStatus.Field.DEV_MAJOR),
                        from.getHost(host, HostStatus.Field.DEV_MINOR)));
        to.put(out, 0, Stat.INO, from.getHost(host, HostStatus.Field.INO));
        to.put(out, 0, Stat.MODE, from.getHost(host, HostStatus.Field.MODE));
        to.put(out, 0, Stat.NLINK, from.getHost(host, HostStatus.Field.NLINK));
        to.put(out, 0, Stat.UID, from.getHost(host, HostStatus.Field.UID));
        to.put(out, 0, Stat.GID, from.getHost(host, HostStatus.Field.GID));
        to.put(
                out,
                0,
                Stat.RDEV,
                HostStatus.device(
                        from.getHost(host, HostStatus.Field.RDEV_MAJOR),
                        from.getHost(host, HostStatus.Field.RDEV_MINOR)));
        to.put(out, 0, Stat.SIZE, from.getHost(host, HostStatus.Field.FILE_SIZE));
        to.put(out, 0, Stat.BLKSIZE, from.getHost(host, HostStatus.Field.BLKSIZE));
        to.put(out, 0, Stat.BLOCKS, from.getHost(host, HostStatus.Field.BLOCKS));
        to.put(out, 0, Stat.ATIME, from.getHost(host, HostStatus.Field.ATIME));
        to.put(out, 0, Stat.ATIME_NSEC, from.getHost(host, HostStatus.Field.ATIME_NSEC));
        to.put(out, 0, Stat.MTIME, from.getHost(host, HostStatus.Field.MTIME));
        to.put(out, 0, Stat.MTIME_NSEC, from.getHost(host, HostStatus.Field.MTIME_NSEC));
        to.put(out, 0, Stat.CTIME, from.getHost(host, HostStatus.Field.CTIME));
        to.put(out, 0, Stat.CTIME_NSEC, from.getHost(host, HostStatus.Field.CTIME_NSEC));
        task.memory().write(guest, out, 0, out.length);
    }

    /** Writes {@code struct statx}, which differs in nothing but byte order. */
    void writeStatx(Task task, long host, long guest) {
        byte[] out = new byte[STATX_SIZE];
        if (likeHost) {
            RawMemory.copyOut(host, out, 0, STATX_SIZE);
        } else {
            for (HostStatus.Field field : STATX_FIELDS) {
                statx.put(out, 0, field, HostStatus.LAYOUT.getHost(host, field));
            }
        }
        task.memory().write(guest, out, 0, out.length);
    }

    /** Writes {@code struct statfs} (or {@code statfs64}) from the host's. */
    void writeStatFs(Task task, long host, long guest, boolean wide) {
        Layout<StatFs> to = wide ? statfs64 : statfs;
        byte[] out = new byte[to.size()];
        for (StatFs field : STATFS_FIELDS) {
            to.put(out, 0, field, HOST_STATFS.getHost(host, field));
        }
        task.memory().write(guest, out, 0, out.length);
    }
}
