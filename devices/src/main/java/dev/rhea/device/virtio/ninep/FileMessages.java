package dev.rhea.device.virtio.ninep;

import dev.rhea.host.Errno;
import dev.rhea.host.FileStatus;
import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.host.RawMemory;
import java.util.Arrays;

/** The messages about files and folders that 9P2000.L adds. */
final class FileMessages implements AutoCloseable {
    private static final int ENTRIES = 32 << 10;
    private static final long UTIME_NOW = (1 << 30) - 1;
    private static final long UTIME_OMIT = (1 << 30) - 2;
    private static final int XATTR_SIZE_MAX = 65536;

    // struct linux_dirent64
    private static final int D_OFF = 8;
    private static final int D_RECLEN = 16;
    private static final int D_TYPE = 18;
    private static final int D_NAME = 19;
    private static final int DT_DIR = 4;
    private static final int DT_LNK = 10;

    private final NinePServer server;
    private final SharedFolder folder;
    private final Fids fids;
    private final Request in;
    private final Reply out;
    private final long entries = RawMemory.allocate(ENTRIES);

    FileMessages(NinePServer server) {
        this.server = server;
        folder = server.folder;
        fids = server.fids;
        in = server.request;
        out = server.reply;
    }

    void answer(int type) throws NinePException, HostException {
        switch (type) {
            case NineP.TSTATFS -> fileSystem();
            case NineP.TLOPEN -> open();
            case NineP.TLCREATE -> create();
            case NineP.TSYMLINK -> symbolicLink();
            case NineP.TMKNOD -> node();
            case NineP.TRENAME -> rename();
            case NineP.TREADLINK -> out.raw(folder.readLink(fids.file(in.u32()).path), true);
            case NineP.TGETATTR -> getAttributes();
            case NineP.TSETATTR -> setAttributes();
            case NineP.TXATTRWALK -> readExtended();
            case NineP.TXATTRCREATE -> writeExtended();
            case NineP.TREADDIR -> readFolder();
            case NineP.TFSYNC -> {
                HostFile file = fids.file(in.u32()).open();
                if (in.u32() != 0) {
                    file.flush();
                } else {
                    file.flushAll();
                }
            }
            case NineP.TLOCK -> {
                // The folder has this one client, whose kernel keeps the locks of its processes apart.
                fids.file(in.u32()).open();
                out.u8(NineP.LOCK_SUCCESS);
            }
            case NineP.TGETLOCK -> getLock();
            case NineP.TLINK -> link();
            case NineP.TMKDIR -> makeFolder();
            case NineP.TRENAMEAT -> renameAt();
            case NineP.TUNLINKAT -> unlinkAt();
            case NineP.TREMOVE -> remove();
            default -> throw new NinePException(Errno.EOPNOTSUPP);
        }
    }

    private void fileSystem() throws NinePException, HostException {
        long[] figures = folder.fileSystem(fids.file(in.u32()).path);
        out.u32(figures[0]).u32(figures[1]);
        for (int i = 2; i < 8; i++) {
            out.u64(figures[i]);
        }
        out.u32(figures[8]);
    }

    private int ioUnit(FileStatus status) {
        int room = server.msize() - 24;
        int block = (int) Math.max(status.blockSize(), 1);
        return room < block ? room : room / block * block;
    }

    private void open() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        int flags = in.u32();
        if (fid.file != null) {
            throw new NinePException(Errno.EINVAL);
        }
        fids.checkOpen();
        FileStatus status = folder.status(fid.path);
        if (!status.isDirectory() && !status.isRegular()) {
            // Devices and pipes are the guest's own: its kernel opens them itself.
            throw new NinePException(Errno.EINVAL);
        }
        fid.file = folder.open(fid.path, flags);
        fid.openFlags = flags & NineP.O_PASSED & ~NineP.O_TRUNC & ~NineP.O_EXCL;
        server.qid(status);
        out.u32(ioUnit(status));
    }

    private void create() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        String name = in.name();
        int flags = in.u32();
        int mode = in.u32();
        int gid = in.u32();
        if (fid.file != null) {
            throw new NinePException(Errno.EINVAL);
        }
        fids.checkOpen();
        fid.file = folder.create(fid.path, name, flags, mode, fid.user, gid);
        fid.openFlags = flags & NineP.O_PASSED & ~NineP.O_TRUNC & ~NineP.O_EXCL;
        fid.path = SharedFolder.join(fid.path, name);
        FileStatus status = folder.status(fid.path);
        server.qid(status);
        out.u32(ioUnit(status));
    }

    private void symbolicLink() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        String name = in.name();
        String target = in.text();
        folder.makeSymbolicLink(fid.path, name, target, fid.user, in.u32());
        server.qid(folder.status(SharedFolder.join(fid.path, name)));
    }

    private void node() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        String name = in.name();
        int mode = in.u32();
        int major = in.u32();
        int minor = in.u32();
        folder.makeNode(fid.path, name, mode, major, minor, fid.user, in.u32());
        server.qid(folder.status(SharedFolder.join(fid.path, name)));
    }

    private void makeFolder() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        String name = in.name();
        int mode = in.u32();
        folder.makeFolder(fid.path, name, mode, fid.user, in.u32());
        server.qid(folder.status(SharedFolder.join(fid.path, name)));
    }

    private void link() throws NinePException, HostException {
        Fid parent = fids.file(in.u32());
        Fid fid = fids.file(in.u32());
        folder.link(fid.path, parent.path, in.name());
    }

    private void rename() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        Fid parent = fids.file(in.u32());
        move(fid.path, parent.path, in.name());
    }

    private void renameAt() throws NinePException, HostException {
        Fid from = fids.file(in.u32());
        String name = in.name();
        Fid to = fids.file(in.u32());
        move(SharedFolder.join(from.path, name), to.path, in.name());
    }

    private void move(String path, String parent, String name) throws NinePException, HostException {
        if (path.isEmpty()) {
            throw new NinePException(Errno.EINVAL);
        }
        folder.rename(path, parent, name);
        fids.renamed(path, SharedFolder.join(parent, name));
    }

    private void unlinkAt() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        String name = in.name();
        folder.remove(fid.path, name, (in.u32() & NineP.AT_REMOVEDIR) != 0);
    }

    private void remove() throws NinePException, HostException {
        Fid fid = fids.remove(in.u32());
        fid.close();
        if (fid.path.isEmpty() || fid.attribute != null) {
            throw new NinePException(Errno.EINVAL);
        }
        folder.remove(
                SharedFolder.parent(fid.path),
                SharedFolder.name(fid.path),
                folder.status(fid.path).isDirectory());
    }

    private void getLock() throws NinePException {
        fids.file(in.u32()).open();
        in.u8();
        long start = in.u64();
        long length = in.u64();
        int process = in.u32();
        String client = in.text();
        out.u8(NineP.LOCK_TYPE_UNLCK).u64(start).u64(length).u32(process).text(client);
    }

    // ---- attributes

    private void getAttributes() throws NinePException, HostException {
        FileStatus status = status(fids.file(in.u32()));
        out.u64(NineP.GETATTR_BASIC);
        server.qid(status);
        out.u32(status.mode()).u32(status.uid()).u32(status.gid()).u64(status.links());
        long major = status.rdev() >>> 32;
        long minor = status.rdev() & 0xffffffffL;
        // new_encode_dev of the guest's kernel.
        out.u64(minor & 0xff | major << 8 | (minor & ~0xffL) << 12);
        out.u64(status.size()).u64(status.blockSize()).u64(status.blocks());
        out.u64(status.accessSeconds()).u64(status.accessNanoseconds());
        out.u64(status.modifySeconds()).u64(status.modifyNanoseconds());
        out.u64(status.changeSeconds()).u64(status.changeNanoseconds());
        out.u64(0).u64(0).u64(0).u64(0);
    }

    /** Of a file that may have been removed while it is open. */
    private FileStatus status(Fid fid) throws HostException {
        try {
            return folder.status(fid.path);
        } catch (HostException e) {
            HostFile file = fid.file;
            if (e.errno == Errno.ENOENT && file != null) {
                return file.status();
            }
            throw e;
        }
    }

    private void setAttributes() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        int valid = in.u32();
        int mode = in.u32();
        int uid = in.u32();
        int gid = in.u32();
        long size = in.u64();
        long accessSeconds = in.u64();
        long accessNanos = in.u64();
        long modifySeconds = in.u64();
        long modifyNanos = in.u64();
        if ((valid & NineP.SETATTR_MODE) != 0) {
            folder.changeMode(fid.path, mode);
        }
        if ((valid & (NineP.SETATTR_ATIME | NineP.SETATTR_MTIME)) != 0) {
            boolean access = (valid & NineP.SETATTR_ATIME) != 0;
            boolean modify = (valid & NineP.SETATTR_MTIME) != 0;
            folder.setTimes(
                    fid.path,
                    accessSeconds,
                    access ? (valid & NineP.SETATTR_ATIME_SET) != 0 ? accessNanos : UTIME_NOW : UTIME_OMIT,
                    modifySeconds,
                    modify ? (valid & NineP.SETATTR_MTIME_SET) != 0 ? modifyNanos : UTIME_NOW : UTIME_OMIT);
        }
        boolean owner = (valid & (NineP.SETATTR_UID | NineP.SETATTR_GID)) != 0;
        if (owner || (valid & ~NineP.SETATTR_CTIME) == 0 && valid != 0) {
            folder.changeOwner(
                    fid.path, (valid & NineP.SETATTR_UID) != 0 ? uid : -1, (valid & NineP.SETATTR_GID) != 0 ? gid : -1);
        }
        if ((valid & NineP.SETATTR_SIZE) != 0) {
            HostFile file = fid.file;
            if (file != null && (fid.openFlags & NineP.O_ACCMODE) != 0) {
                file.setSize(size);
            } else {
                folder.setSize(fid.path, size);
            }
        }
    }

    private void readExtended() throws NinePException, HostException {
        Fid fid = fids.file(in.u32());
        int number = in.u32();
        String name = in.text();
        fids.checkNew(number);
        Fid made = new Fid(fid.path, fid.user);
        byte[] value = folder.attribute(fid.path, name.isEmpty() ? null : name);
        fids.checkAttribute(value.length);
        made.attribute = value;
        fids.add(number, made);
        out.u64(value.length);
    }

    private void writeExtended() throws NinePException {
        Fid fid = fids.file(in.u32());
        String name = in.text();
        long size = in.u64();
        int flags = in.u32();
        if (fid.file != null || size < 0 || size > XATTR_SIZE_MAX) {
            throw new NinePException(fid.file != null ? Errno.EINVAL : Errno.ENOSPC);
        }
        fids.checkAttribute(size);
        fid.attribute = new byte[(int) size];
        fid.attributeName = name;
        fid.attributeFlags = flags;
        fid.attributeWritten = 0;
    }

    // ---- folders

    private void readFolder() throws NinePException, HostException {
        HostFile file = fids.file(in.u32()).open();
        long position = in.u64();
        int limit = (int) Math.min(in.u32() & 0xffffffffL, server.msize() - NineP.READ_HEADER) + NineP.READ_HEADER;
        out.u32(0);
        boolean more = true;
        while (more) {
            long got = file.readEntries(position, entries, ENTRIES);
            more = got > 0;
            for (long at = entries; at < entries + got && more; at += RawMemory.getShort(at + D_RECLEN) & 0xffff) {
                position = RawMemory.getLong(at + D_OFF);
                more = putEntry(at, position, limit);
            }
        }
        int end = out.length();
        out.setLength(NineP.HEADER);
        out.u32(end - NineP.READ_HEADER);
        out.setLength(end);
    }

    /** @return false if it does not fit any more */
    private boolean putEntry(long at, long position, int limit) {
        byte[] name = new byte[256];
        int length = 0;
        while (length < name.length && RawMemory.getByte(at + D_NAME + length) != 0) {
            name[length] = RawMemory.getByte(at + D_NAME + length);
            length++;
        }
        if (!out.fits(NineP.QID_SIZE + 8 + 1 + 2 + length, limit)) {
            return false;
        }
        int type = RawMemory.getByte(at + D_TYPE) & 0xff;
        out.u8(type == DT_DIR ? NineP.QTDIR : type == DT_LNK ? NineP.QTSYMLINK : 0)
                .u32(0)
                .u64(RawMemory.getLong(at));
        out.u64(position).u8(type).raw(Arrays.copyOf(name, length), true);
        return true;
    }

    @Override
    public void close() {
        RawMemory.free(entries);
    }
}
