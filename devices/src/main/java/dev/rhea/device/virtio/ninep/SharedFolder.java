package dev.rhea.device.virtio.ninep;

import dev.rhea.host.Errno;
import dev.rhea.host.FileStatus;
import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.host.HostFolder;
import dev.rhea.host.RawMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code -fsdev local}: a folder of the host as a guest sees it, with owners and modes as the security model keeps them. Paths are
 * relative, components joined by {@code /}, empty for the folder itself.
 */
public final class SharedFolder implements AutoCloseable {
    private static final String UID = "user.virtfs.uid";
    private static final String GID = "user.virtfs.gid";
    private static final String MODE = "user.virtfs.mode";
    private static final String RDEV = "user.virtfs.rdev";
    private static final String MAPPED = "user.virtfs.";
    private static final int MAPPED_FILE = 0600;
    private static final int MAPPED_FOLDER = 0700;
    private static final int PERMISSIONS = 07777;

    private final HostFolder folder;
    private final SecurityModel model;
    private final boolean readOnly;

    private SharedFolder(HostFolder folder, SecurityModel model, boolean readOnly) {
        this.folder = folder;
        this.model = model;
        this.readOnly = readOnly;
    }

    /** Opens the folder. @throws HostException what the host says */
    public static SharedFolder open(String path, SecurityModel model, boolean readOnly) throws HostException {
        return new SharedFolder(HostFolder.open(path), model, readOnly);
    }

    private boolean isMapped() {
        return model == SecurityModel.MAPPED_XATTR;
    }

    private void write() throws HostException {
        if (readOnly) {
            throw new HostException(Errno.EROFS);
        }
    }

    static String join(String parent, String name) {
        return parent.isEmpty() ? name : parent + '/' + name;
    }

    static String parent(String path) {
        return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
    }

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    // ---- looking

    FileStatus status(String path) throws HostException {
        FileStatus real = folder.status(path);
        if (!isMapped() || real.isSymbolicLink()) {
            return real;
        }
        return new FileStatus(
                (int) mapped(path, MODE, 4, real.mode()),
                (int) mapped(path, UID, 4, real.uid()),
                (int) mapped(path, GID, 4, real.gid()),
                real.links(),
                real.inode(),
                real.device(),
                mapped(path, RDEV, 8, real.rdev()),
                real.size(),
                real.blockSize(),
                real.blocks(),
                real.accessSeconds(),
                real.accessNanoseconds(),
                real.modifySeconds(),
                real.modifyNanoseconds(),
                real.changeSeconds(),
                real.changeNanoseconds());
    }

    private long mapped(String path, String attribute, int size, long otherwise) {
        try {
            byte[] value = folder.attribute(path, attribute);
            if (value.length == size) {
                ByteBuffer buffer = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
                return size == 4 ? buffer.getInt() & 0xffffffffL : buffer.getLong();
            }
        } catch (HostException e) {
            // Not set, or not to be had: then the file's own holds.
        }
        return otherwise;
    }

    byte[] readLink(String path) throws HostException {
        if (!isMapped() || folder.status(path).isSymbolicLink()) {
            return folder.readLink(path);
        }
        if (!status(path).isSymbolicLink()) {
            throw new HostException(Errno.EINVAL);
        }
        try (HostFile file = folder.open(path, HostFile.O_RDONLY)) {
            int size = (int) Math.min(file.size(), 4096);
            long buffer = RawMemory.allocate(4096);
            try {
                byte[] result = new byte[(int) file.read(0, buffer, size)];
                RawMemory.copyOut(buffer, result, 0, result.length);
                return result;
            } finally {
                RawMemory.free(buffer);
            }
        }
    }

    long[] fileSystem(String path) throws HostException {
        return folder.fileSystem(path);
    }

    // ---- files

    /** @param flags of {@link NineP#O_PASSED} */
    HostFile open(String path, int flags) throws HostException {
        if ((flags & (NineP.O_ACCMODE | NineP.O_TRUNC)) != 0) {
            write();
        }
        return folder.open(path, flags & NineP.O_PASSED);
    }

    HostFile create(String parent, String name, int flags, int mode, int uid, int gid) throws HostException {
        write();
        HostFile file =
                folder.create(parent, name, flags & NineP.O_PASSED, isMapped() ? MAPPED_FILE : mode & PERMISSIONS);
        boolean made = false;
        try {
            own(join(parent, name), FileStatus.S_IFREG | mode & PERMISSIONS, uid, gid, 0);
            made = true;
            return file;
        } finally {
            if (!made) {
                file.close();
            }
        }
    }

    /** Gives what was created to the guest's user. */
    private void own(String path, int mode, int uid, int gid, long device) throws HostException {
        if (isMapped()) {
            setMapped(path, UID, 4, uid);
            setMapped(path, GID, 4, gid);
            setMapped(path, MODE, 4, mode);
            if (device != 0) {
                setMapped(path, RDEV, 8, device);
            }
            return;
        }
        try {
            folder.changeOwner(path, uid, gid);
            if ((mode & FileStatus.S_IFMT) != FileStatus.S_IFLNK) {
                // The host's umask does not count: the guest's has already.
                folder.changeMode(path, mode & PERMISSIONS);
            }
        } catch (HostException e) {
            if (model == SecurityModel.PASSTHROUGH) {
                throw e;
            }
        }
    }

    private void setMapped(String path, String attribute, int size, long value) throws HostException {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        if (size == 4) {
            buffer.putInt((int) value);
        } else {
            buffer.putLong(value);
        }
        folder.setAttribute(path, attribute, buffer.array(), 0);
    }

    void makeFolder(String parent, String name, int mode, int uid, int gid) throws HostException {
        write();
        folder.makeFolder(parent, name, isMapped() ? MAPPED_FOLDER : mode & PERMISSIONS);
        own(join(parent, name), FileStatus.S_IFDIR | mode & PERMISSIONS, uid, gid, 0);
    }

    void makeSymbolicLink(String parent, String name, String target, int uid, int gid) throws HostException {
        write();
        int mode = FileStatus.S_IFLNK | 0777;
        if (!isMapped()) {
            folder.makeSymbolicLink(parent, name, target);
            own(join(parent, name), mode, uid, gid, 0);
            return;
        }
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        long buffer = RawMemory.allocate(Math.max(bytes.length, 1));
        try (HostFile file = folder.create(parent, name, NineP.O_EXCL | NineP.O_RDWR, MAPPED_FILE)) {
            RawMemory.copyIn(bytes, 0, buffer, bytes.length);
            file.write(0, buffer, bytes.length);
        } finally {
            RawMemory.free(buffer);
        }
        own(join(parent, name), mode, uid, gid, 0);
    }

    void makeNode(String parent, String name, int mode, int major, int minor, int uid, int gid) throws HostException {
        write();
        if (isMapped()) {
            folder.makeNode(parent, name, FileStatus.S_IFREG | MAPPED_FILE, 0);
            own(join(parent, name), mode, uid, gid, (long) major << 32 | minor & 0xffffffffL);
            return;
        }
        // makedev(3) of the C library.
        long device = (major & 0xfffL) << 8 | (major & 0xfffff000L) << 32 | minor & 0xffL | (minor & 0xffffff00L) << 12;
        folder.makeNode(parent, name, mode, device);
        own(join(parent, name), mode, uid, gid, 0);
    }

    void link(String path, String parent, String name) throws HostException {
        write();
        folder.link(parent(path), name(path), parent, name);
    }

    void rename(String path, String parent, String name) throws HostException {
        write();
        folder.rename(parent(path), name(path), parent, name);
    }

    void remove(String parent, String name, boolean isFolder) throws HostException {
        write();
        folder.remove(parent, name, isFolder);
    }

    // ---- changing

    void changeMode(String path, int mode) throws HostException {
        write();
        if (isMapped()) {
            setMapped(path, MODE, 4, status(path).mode() & FileStatus.S_IFMT | mode & PERMISSIONS);
        } else {
            folder.changeMode(path, mode & PERMISSIONS);
        }
    }

    void changeOwner(String path, int uid, int gid) throws HostException {
        write();
        if (isMapped()) {
            if (uid != -1) {
                setMapped(path, UID, 4, uid);
            }
            if (gid != -1) {
                setMapped(path, GID, 4, gid);
            }
            return;
        }
        try {
            folder.changeOwner(path, uid, gid);
        } catch (HostException e) {
            if (model == SecurityModel.PASSTHROUGH) {
                throw e;
            }
        }
    }

    void setSize(String path, long size) throws HostException {
        write();
        folder.setSize(path, size);
    }

    void setTimes(String path, long accessSeconds, long accessNanos, long modifySeconds, long modifyNanos)
            throws HostException {
        write();
        folder.setTimes(path, accessSeconds, accessNanos, modifySeconds, modifyNanos);
    }

    // ---- extended attributes

    private void checkAttribute(String name) throws HostException {
        if (isMapped() && name.startsWith(MAPPED)) {
            throw new HostException(Errno.EACCES);
        }
    }

    /** @param name null for the list of names */
    byte[] attribute(String path, @Nullable String name) throws HostException {
        if (name != null) {
            checkAttribute(name);
            return folder.attribute(path, name);
        }
        byte[] names = folder.attributeNames(path);
        if (!isMapped()) {
            return names;
        }
        StringBuilder visible = new StringBuilder();
        for (String one : new String(names, StandardCharsets.ISO_8859_1).split("\0")) {
            if (!one.isEmpty() && !one.startsWith(MAPPED)) {
                visible.append(one).append('\0');
            }
        }
        return visible.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    void setAttribute(String path, String name, byte[] value, int flags) throws HostException {
        write();
        checkAttribute(name);
        folder.setAttribute(path, name, value, flags);
    }

    void removeAttribute(String path, String name) throws HostException {
        write();
        checkAttribute(name);
        folder.removeAttribute(path, name);
    }

    @Override
    public void close() {
        folder.close();
    }
}
