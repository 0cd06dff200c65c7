package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A file's content for private mappings, read into frames when first touched. Processes that run the same program share
 * it, and with it the code decoded from its pages. Nothing that happens to the file can take the memory away from under us.
 */
final class FilePages extends Backing {
    private static final int GROUP = 1024;

    private final FramePool pool;
    private final FileCache cache;
    final FileIdentity identity;
    private final int fd;
    private final String path;
    private long size;
    private long[] @Nullable [] clusters;
    private int clustersHeld;

    /** Takes over the descriptor. */
    FilePages(FramePool pool, FileCache cache, FileIdentity identity, int fd) {
        this.pool = pool;
        this.cache = cache;
        this.identity = identity;
        this.fd = fd;
        this.size = identity.size();
        this.path = pathOf(fd);
        this.clusters = new long[groups(size)][];
    }

    private static int groups(long size) {
        return (int) Math.min(1 << 20, (size >>> 16) / GROUP + 1);
    }

    static String pathOf(int fd) {
        byte[] name = ("/proc/self/fd/" + fd + "\0").getBytes(StandardCharsets.US_ASCII);
        int room = 4096;
        long memory = RawMemory.allocate(name.length + room);
        try {
            RawMemory.copyIn(name, 0, memory, name.length);
            long length = Syscall.call(SyscallNumber.READLINKAT, -100, memory, memory + name.length, room);
            if (Syscall.failed(length)) {
                return "";
            }
            byte[] path = new byte[(int) length];
            RawMemory.copyOut(memory + name.length, path, 0, path.length);
            return new String(path, StandardCharsets.ISO_8859_1);
        } finally {
            RawMemory.free(memory);
        }
    }

    /** How many pages have memory. */
    synchronized int pagesHeld() {
        return clustersHeld * FramePool.CLUSTER_PAGES;
    }

    @Override
    synchronized long page(long index) {
        if (index << 12 >= size && !grown(index)) {
            return 0;
        }
        long number = index / FramePool.CLUSTER_PAGES;
        int group = (int) (number / GROUP);
        if (group >= clusters.length) {
            return 0;
        }
        long[] table = clusters[group];
        if (table == null) {
            table = new long[GROUP];
            clusters[group] = table;
        }
        int slot = (int) (number % GROUP);
        long cluster = table[slot];
        if (cluster == 0) {
            cluster = pool.allocateCluster();
            if (cluster == 0) {
                return NO_MEMORY;
            }
            fill(cluster, number);
            table[slot] = cluster;
            clustersHeld++;
        }
        return cluster + index % FramePool.CLUSTER_PAGES * Mmu.PAGE_SIZE;
    }

    private void fill(long cluster, long number) {
        long at = 0;
        while (at < FramePool.CLUSTER_BYTES) {
            long got = Syscall.call(
                    SyscallNumber.PREAD64,
                    fd,
                    cluster + at,
                    FramePool.CLUSTER_BYTES - at,
                    number * FramePool.CLUSTER_BYTES + at);
            if (got <= 0) {
                return;
            }
            at += got;
        }
    }

    /** Looks whether the file has grown past a page. */
    private boolean grown(long index) {
        FileIdentity now = FileIdentity.of(fd);
        if (now == null || now.size() <= index << 12) {
            return false;
        }
        long old = size;
        size = now.size();
        if (groups(size) > clusters.length) {
            clusters = java.util.Arrays.copyOf(clusters, groups(size));
        }
        // What was beyond the end and read as zeros is now the file's.
        long number = old / FramePool.CLUSTER_BYTES;
        long[] table = clusters[(int) (number / GROUP)];
        if (table != null && table[(int) (number % GROUP)] != 0) {
            fill(table[(int) (number % GROUP)], number);
        }
        return true;
    }

    @Override
    long device() {
        return identity.device();
    }

    @Override
    long inode() {
        return identity.inode();
    }

    @Override
    String path() {
        return path;
    }

    @Override
    void unused() {
        cache.unused(this);
    }

    /** Gives up memory and file. Nobody uses it any more, nor will. */
    synchronized void close() {
        for (long[] group : clusters) {
            if (group != null) {
                for (long cluster : group) {
                    if (cluster != 0) {
                        for (int i = 0; i < FramePool.CLUSTER_PAGES; i++) {
                            pool.release(cluster + (long) i * Mmu.PAGE_SIZE);
                        }
                    }
                }
            }
        }
        clusters = new long[0][];
        clustersHeld = 0;
        Syscall.call(SyscallNumber.CLOSE, fd);
    }
}
