package dev.rhea.block;

import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.host.RawMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * {@code snapshot=on}: writes go to a sparse temporary file that is gone with the process; the image stays as it is. A cluster is
 * in the file as a whole or not at all; a bit says which.
 */
public final class SnapshotOverlay implements BlockBackend {
    private static final int CLUSTER = 64 << 10;

    private final BlockBackend base;
    private final HostFile file;
    private final long size;
    /** A bit for each cluster that the file has. Set after the cluster is complete. */
    private final AtomicLongArray present;

    private final Object allocation = new Object();
    private final long scratch = RawMemory.allocate(CLUSTER);

    /** @param base closed with the overlay */
    public SnapshotOverlay(BlockBackend base) throws IOException {
        this.base = base;
        size = base.size();
        present = new AtomicLongArray(Math.toIntExact((size + CLUSTER - 1) / CLUSTER + 63 >> 6));
        Path temporary = Files.createTempFile("rhea-snapshot", ".img");
        try {
            file = HostFile.open(temporary.toString(), HostFile.O_RDWR, 0);
        } finally {
            Files.delete(temporary);
        }
        file.setSize(size);
    }

    private boolean has(long cluster) {
        return (present.get((int) (cluster >> 6)) >>> (cluster & 63) & 1) != 0;
    }

    private void set(long cluster) {
        present.accumulateAndGet((int) (cluster >> 6), 1L << (cluster & 63), (a, b) -> a | b);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public void read(long offset, long host, long length) throws IOException {
        while (length > 0) {
            boolean ours = has(offset / CLUSTER);
            long piece = Math.min(length, CLUSTER - offset % CLUSTER);
            while (piece < length && has((offset + piece) / CLUSTER) == ours) {
                piece += Math.min(length - piece, CLUSTER);
            }
            if (ours) {
                transfer(offset, host, piece, false);
            } else {
                base.read(offset, host, piece);
            }
            offset += piece;
            host += piece;
            length -= piece;
        }
    }

    @Override
    public void write(long offset, long host, long length) throws IOException {
        while (length > 0) {
            long cluster = offset / CLUSTER;
            long piece = Math.min(length, CLUSTER - offset % CLUSTER);
            if (has(cluster)) {
                transfer(offset, host, piece, true);
            } else {
                synchronized (allocation) {
                    if (!has(cluster) && piece != Math.min(CLUSTER, size - cluster * CLUSTER)) {
                        long whole = Math.min(CLUSTER, size - cluster * CLUSTER);
                        base.read(cluster * CLUSTER, scratch, whole);
                        transfer(cluster * CLUSTER, scratch, whole, true);
                    }
                    transfer(offset, host, piece, true);
                    set(cluster);
                }
            }
            offset += piece;
            host += piece;
            length -= piece;
        }
    }

    private void transfer(long offset, long host, long length, boolean write) throws HostException {
        while (length > 0) {
            long done = write ? file.write(offset, host, length) : file.read(offset, host, length);
            offset += done;
            host += done;
            length -= done;
        }
    }

    @Override
    public void flush() {
        // Nobody will ever read it again.
    }

    @Override
    public void discard(long offset, long length) {}

    @Override
    public void writeZeroes(long offset, long length, boolean unmap) throws IOException {
        long zeros = RawMemory.allocate(CLUSTER);
        try {
            while (length > 0) {
                long piece = Math.min(length, CLUSTER);
                write(offset, zeros, piece);
                offset += piece;
                length -= piece;
            }
        } finally {
            RawMemory.free(zeros);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        RawMemory.free(scratch);
        base.close();
    }
}
