package dev.rhea.user.memory;

import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that guest processes have mapped, so that two that map the same file share its pages. Files that nobody maps
 * any more are kept for a while: the next program of a shell script is likely the same one. Thread-safe.
 */
final class FileCache {
    private static final int F_DUPFD_CLOEXEC = 1030;

    /** Unused files that are kept, and the pages they may hold: 128 MiB. */
    private static final int MAX_IDLE_FILES = 64;

    private static final int MAX_IDLE_PAGES = 32768;

    private final FramePool pool;
    private final Map<FileIdentity, FilePages> byIdentity = new HashMap<>();
    private final Map<SharedKey, SharedFile> shared = new HashMap<>();

    /** How many of the shared files may have code in them; read without the lock by every write to a file. */
    private volatile int executables;

    /** Least recently used first. */
    private final Set<FilePages> idle = new LinkedHashSet<>();

    private int idlePages;

    /** What makes shared mappings the same. */
    record SharedKey(long device, long inode, boolean writable) {}

    FileCache(FramePool pool) {
        this.pool = pool;
    }

    /**
     * The content of an open regular file for a private mapping; the caller releases it.
     *
     * @return null where the host has no more descriptors
     */
    synchronized @Nullable FilePages open(int hostFd, FileIdentity identity) {
        FilePages known = byIdentity.get(identity);
        if (known != null) {
            if (idle.remove(known)) {
                idlePages -= known.pagesHeld();
            }
            known.revive(true);
            return known;
        }
        int fd = (int) Syscall.call(SyscallNumber.FCNTL, hostFd, F_DUPFD_CLOEXEC, 3);
        if (fd < 0) {
            return null;
        }
        FilePages file = new FilePages(pool, this, identity, fd);
        if (!identity.isFresh(System.currentTimeMillis() * 1_000_000L)) {
            byIdentity.put(identity, file);
        }
        return file;
    }

    /** An open file for a shared mapping; the caller releases it. Null where the host has no more descriptors. */
    synchronized @Nullable SharedFile openShared(int hostFd, FileIdentity identity, boolean writable) {
        var key = new SharedKey(identity.device(), identity.inode(), writable);
        SharedFile known = shared.get(key);
        if (known != null && known.revive(false)) {
            return known;
        }
        int fd = (int) Syscall.call(SyscallNumber.FCNTL, hostFd, F_DUPFD_CLOEXEC, 3);
        if (fd < 0) {
            return null;
        }
        SharedFile file = new SharedFile(pool, this, key, identity, fd);
        shared.put(key, file);
        return file;
    }

    /** The file's shared mapping, if anybody has one. */
    synchronized @Nullable SharedFile shared(long device, long inode, boolean writable) {
        return shared.isEmpty() ? null : shared.get(new SharedKey(device, inode, writable));
    }

    /** Whether any file is mapped shared. */
    synchronized boolean hasShared() {
        return !shared.isEmpty();
    }

    /**
     * The shared mapping of a file that somebody has, for a private mapping that is to show what is stored there; the caller
     * releases it. Null where nobody has one.
     */
    synchronized @Nullable SharedFile joinShared(FileIdentity identity) {
        SharedFile file = shared(identity.device(), identity.inode(), true);
        if (file == null || !file.revive(false)) {
            file = shared(identity.device(), identity.inode(), false);
            if (file == null || !file.revive(false)) {
                return null;
            }
        }
        return file;
    }

    /** A shared file is mapped to be executed. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written with the lock held
    synchronized void executable(SharedFile file) {
        if (!file.executable) {
            file.executable = true;
            executables++;
        }
    }

    /** Whether any shared file may have code in it. */
    boolean hasExecutable() {
        return executables != 0;
    }

    /** The last user of a shared file has gone. */
    @SuppressWarnings("NonAtomicOperationOnVolatileField") // written with the lock held
    synchronized void forget(SharedFile file) {
        if (file.executable) {
            file.executable = false;
            executables--;
        }
        shared.remove(file.key, file);
    }

    /** The last user of a file has gone: keeps it for the next, or closes it. */
    synchronized void unused(FilePages file) {
        if (file.isUsed()) {
            return; // opened again meanwhile
        }
        if (byIdentity.get(file.identity) != file) {
            file.close();
            return;
        }
        if (idle.add(file)) {
            idlePages += file.pagesHeld();
        }
        shrink(MAX_IDLE_FILES, MAX_IDLE_PAGES);
    }

    private void shrink(int files, int pages) {
        Iterator<FilePages> oldest = idle.iterator();
        while (oldest.hasNext() && (idle.size() > files || idlePages > pages)) {
            FilePages file = oldest.next();
            oldest.remove();
            idlePages -= file.pagesHeld();
            byIdentity.remove(file.identity, file);
            file.close();
        }
    }

    /** Gives up what nobody uses: memory is short, or the kernel ends. */
    synchronized void close() {
        shrink(0, -1);
    }
}
