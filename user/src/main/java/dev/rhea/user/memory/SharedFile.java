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
    /** Whether it ever was mapped to be executed; guarded by the cache. */
    boolean executable;

    private final Map<Long, Window> windows = new HashMap<>();

    /** A piece of the file's mapping; from {@link #pages} on it holds zeros since the file was cut. */
    private static final class Window {
        final long base;
        long pages = WINDOW_PAGES;

        Window(long base) {
            this.base = base;
        }
    }

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
        long number = index / WINDOW_PAGES;
        Window window = windows.get(number);
        if (window == null) {
            long base = pool.allocateWindow(WINDOW_CLUSTERS);
            if (base == 0) {
                return NO_MEMORY;
            }
            window = new Window(base);
            window.pages = 0;
            windows.put(number, window);
        }
        if (index % WINDOW_PAGES >= window.pages) {
            long from = window.pages * Mmu.PAGE_SIZE;
            int result = pool.memory()
                    .mapFile(window.base + from, WINDOW_BYTES - from, fd, number * WINDOW_BYTES + from, writable);
            if (result < 0) {
                return NO_MEMORY;
            }
            window.pages = WINDOW_PAGES;
        }
        return window.base + index % WINDOW_PAGES * Mmu.PAGE_SIZE;
    }

    /**
     * The file is about to be cut: takes the host's mapping away from beyond its new end, where a touch would kill, and puts
     * zeros there.
     */
    synchronized void cut(long size) {
        long gone = size + Mmu.PAGE_SIZE - 1 >>> 12;
        for (var entry : windows.entrySet()) {
            Window window = entry.getValue();
            long keep = Math.max(0, Math.min(window.pages, gone - entry.getKey() * WINDOW_PAGES));
            if (keep < window.pages) {
                window.pages = keep;
                long from = keep * Mmu.PAGE_SIZE;
                pool.memory().mapFresh(window.base + from, WINDOW_BYTES - from);
            }
        }
    }

    @Override
    void executable() {
        cache.executable(this);
    }

    /** The file was written by a system call: code decoded from its pages is no longer what is there. */
    synchronized void written(GuestRam ram) {
        for (Window window : windows.values()) {
            for (long page = 0; page < window.pages; page++) {
                ram.changed(window.base + page * Mmu.PAGE_SIZE);
            }
        }
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
                long at = window.getValue().base + from % WINDOW_PAGES * Mmu.PAGE_SIZE;
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
            for (Window window : windows.values()) {
                pool.releaseWindow(window.base, WINDOW_CLUSTERS);
            }
            windows.clear();
            Syscall.call(SyscallNumber.CLOSE, fd);
        }
    }
}
