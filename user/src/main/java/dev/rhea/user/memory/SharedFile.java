package dev.rhea.user.memory;

import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import java.util.HashMap;
import java.util.Map;

/**
 * A file mapped shared: the host's own mapping of it, in windows that are made when first touched. All guest processes see
 * one and the same host memory, so futexes in it meet, and other programs of the host see every store.
 *
 * <p>A page beyond the file's end kills who touches it; so the size is asked before each new page is handed out.
 */
final class SharedFile extends Backing {
    private static final int WINDOW_CLUSTERS = 64;
    private static final long WINDOW_BYTES = WINDOW_CLUSTERS * FramePool.CLUSTER_BYTES;
    private static final long WINDOW_PAGES = WINDOW_BYTES / Mmu.PAGE_SIZE;
    private static final int MS_SYNC = 4;

    private final FramePool pool;
    private final FileCache cache;
    final FileCache.SharedKey key;
    private final FileIdentity identity;
    private final int fd;
    private final boolean writable;
    private final String path;
    private final Map<Long, Long> windows = new HashMap<>();

    /** Takes over the descriptor. */
    SharedFile(FramePool pool, FileCache cache, FileCache.SharedKey key, FileIdentity identity, int fd) {
        this.pool = pool;
        this.cache = cache;
        this.key = key;
        this.identity = identity;
        this.fd = fd;
        this.writable = key.writable();
        this.path = FilePages.pathOf(fd);
    }

    @Override
    synchronized long page(long index) {
        FileIdentity now = FileIdentity.of(fd);
        if (now == null || now.isRegular() && index << 12 >= now.size()) {
            return 0;
        }
        Long number = index / WINDOW_PAGES;
        Long window = windows.get(number);
        if (window == null) {
            window = pool.allocateWindow(WINDOW_CLUSTERS);
            if (window == 0) {
                return NO_MEMORY;
            }
            int result = pool.memory().mapFile(window, WINDOW_BYTES, fd, number * WINDOW_BYTES, writable);
            if (result < 0) {
                pool.releaseWindow(window, WINDOW_CLUSTERS);
                return NO_MEMORY;
            }
            windows.put(number, window);
        }
        return window + index % WINDOW_PAGES * Mmu.PAGE_SIZE;
    }

    /** Whether the file was opened for writing. */
    boolean isWritable() {
        return writable;
    }

    @Override
    synchronized int sync(long firstPage, long pages) {
        for (var window : windows.entrySet()) {
            long from = Math.max(firstPage, window.getKey() * WINDOW_PAGES);
            long to = Math.min(firstPage + pages, (window.getKey() + 1) * WINDOW_PAGES);
            if (from < to) {
                long at = window.getValue() + from % WINDOW_PAGES * Mmu.PAGE_SIZE;
                long result = Syscall.call(SyscallNumber.MSYNC, at, (to - from) * Mmu.PAGE_SIZE, MS_SYNC);
                if (Syscall.failed(result)) {
                    return (int) result;
                }
            }
        }
        return 0;
    }

    @Override
    Object identity() {
        return new FileCache.SharedKey(key.device(), key.inode(), false);
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
        cache.forget(this);
        synchronized (this) {
            for (long window : windows.values()) {
                pool.releaseWindow(window, WINDOW_CLUSTERS);
            }
            windows.clear();
            Syscall.call(SyscallNumber.CLOSE, fd);
        }
    }
}
