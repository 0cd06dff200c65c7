package dev.rhea.block;

import dev.rhea.host.Errno;
import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.host.RawMemory;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A raw image, or a block device of the host: sectors are where they are in the file. Data goes straight between the host's
 * kernel and guest memory.
 */
public final class RawFile implements BlockBackend {
    /** What a disk's size is a multiple of. */
    public static final int SECTOR = 512;

    /** Alignment that direct I/O takes everywhere. */
    private static final int DIRECT_ALIGNMENT = 4096;

    private static final int ZEROS = 1 << 16;

    private final HostFile file;
    /** The same without O_DIRECT for what is not aligned; null without direct I/O. The kernel keeps the two coherent. */
    private final @Nullable HostFile buffered;

    private final long size;
    private final boolean readOnly;
    private final boolean noFlush;
    private volatile boolean canZero = true;
    private volatile boolean canPunch = true;

    private RawFile(HostFile file, @Nullable HostFile buffered, boolean readOnly, boolean noFlush)
            throws HostException {
        this.file = file;
        this.buffered = buffered;
        this.readOnly = readOnly;
        this.noFlush = noFlush;
        size = file.size() + SECTOR - 1 & -SECTOR;
    }

    /**
     * Opens.
     *
     * @param lock whether to keep other users away, as the reference does
     * @param shareWrites whether others may write too: {@code share-rw=on}
     * @throws BadDriveException {@code Could not open 'x': No such file or directory}, or another user has it
     */
    public static RawFile open(String path, boolean readOnly, CacheMode cache, boolean lock, boolean shareWrites)
            throws BadDriveException {
        HostFile file = null;
        HostFile buffered = null;
        RawFile made = null;
        try {
            int access = readOnly ? HostFile.O_RDONLY : HostFile.O_RDWR;
            file = HostFile.open(path, cache.direct() ? access | HostFile.O_DIRECT : access, 0);
            if (!file.isRegular() && !file.isBlockDevice()) {
                throw new BadDriveException("'file' driver requires '" + path + "' to be a regular file");
            }
            if (lock) {
                ImageLock.take(file, path, readOnly, shareWrites);
            }
            if (cache.direct()) {
                buffered = HostFile.open(path, access, 0);
            }
            made = new RawFile(file, buffered, readOnly, cache.noFlush());
            return made;
        } catch (HostException e) {
            if (e.errno == Errno.EISDIR) {
                throw new BadDriveException("'file' driver requires '" + path + "' to be a regular file");
            }
            throw new BadDriveException("Could not open '" + path + "': " + e.getMessage());
        } finally {
            if (made == null) {
                if (buffered != null) {
                    buffered.close();
                }
                if (file != null) {
                    file.close();
                }
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public void read(long offset, long host, long length) throws IOException {
        HostFile from = fileFor(offset | host | length);
        while (length > 0) {
            long done = from.read(offset, host, length);
            if (done == 0) {
                // The last sector of a file that ends inside it.
                RawMemory.fill(host, length, (byte) 0);
                return;
            }
            offset += done;
            host += done;
            length -= done;
            from = buffered == null ? file : buffered;
        }
    }

    @Override
    public void write(long offset, long host, long length) throws IOException {
        HostFile to = fileFor(offset | host | length);
        while (length > 0) {
            long done = to.write(offset, host, length);
            offset += done;
            host += done;
            length -= done;
            to = buffered == null ? file : buffered;
        }
    }

    @Override
    public void readVector(long offset, long iovecs, int count) throws IOException {
        long alignment = offset;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long length = RawMemory.getLong(iovecs + 16L * i + 8);
            alignment |= RawMemory.getLong(iovecs + 16L * i) | length;
            bytes += length;
        }
        if (count > HostFile.IOV_MAX || fileFor(alignment).readVector(offset, iovecs, count) != bytes) {
            BlockBackend.super.readVector(offset, iovecs, count);
        }
    }

    @Override
    public void writeVector(long offset, long iovecs, int count) throws IOException {
        long alignment = offset;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long length = RawMemory.getLong(iovecs + 16L * i + 8);
            alignment |= RawMemory.getLong(iovecs + 16L * i) | length;
            bytes += length;
        }
        if (count > HostFile.IOV_MAX || fileFor(alignment).writeVector(offset, iovecs, count) != bytes) {
            BlockBackend.super.writeVector(offset, iovecs, count);
        }
    }

    private HostFile fileFor(long alignment) {
        return buffered == null || (alignment & DIRECT_ALIGNMENT - 1) == 0 ? file : buffered;
    }

    @Override
    public void flush() throws IOException {
        if (!noFlush && !readOnly) {
            file.flush();
        }
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        if (!canPunch) {
            return;
        }
        try {
            file.discard(offset, length);
        } catch (HostException e) {
            if (!isUnsupported(e)) {
                throw e;
            }
            canPunch = false;
        }
    }

    @Override
    public void writeZeroes(long offset, long length, boolean unmap) throws IOException {
        // A hole in a file reads as zeros; a discarded device reads as anything.
        if (unmap && canPunch && file.isRegular() && offset + length <= file.size()) {
            try {
                file.discard(offset, length);
                return;
            } catch (HostException e) {
                if (!isUnsupported(e)) {
                    throw e;
                }
                canPunch = false;
            }
        }
        if (canZero && (!file.isRegular() || offset + length <= file.size())) {
            try {
                file.zero(offset, length);
                return;
            } catch (HostException e) {
                if (!isUnsupported(e)) {
                    throw e;
                }
                canZero = false;
            }
        }
        long zeros = RawMemory.allocate(ZEROS);
        try {
            while (length > 0) {
                long piece = Math.min(length, ZEROS);
                write(offset, zeros, piece);
                offset += piece;
                length -= piece;
            }
        } finally {
            RawMemory.free(zeros);
        }
    }

    private static boolean isUnsupported(HostException e) {
        return e.errno == Errno.EOPNOTSUPP
                || e.errno == Errno.ENOTTY
                || e.errno == Errno.ENOSYS
                || e.errno == Errno.EINVAL;
    }

    @Override
    public void close() {
        file.close();
        if (buffered != null) {
            buffered.close();
        }
    }
}
