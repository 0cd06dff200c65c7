package dev.rhea.user.file;

import dev.rhea.user.call.Errno;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A process's descriptors; shared by tasks cloned with CLONE_FILES. Lookups take no lock; changes take the table's.
 */
public final class FileTable {
    /** Limit of every table, whatever RLIMIT_NOFILE says: Linux's {@code nr_open}. */
    private static final int NR_OPEN = 1 << 20;

    private volatile @Nullable Description[] slots = new Description[64];
    /** Bit per descriptor: FD_CLOEXEC. Guarded by this. */
    private long[] closeOnExec = new long[1];
    /** No descriptor below is free. Guarded by this. */
    private int firstFree;

    private volatile int limit = 1024;
    private volatile @Nullable Runnable closeListener;

    /** A table with nothing open. */
    public FileTable() {}

    /** The table of a first process: descriptors 0, 1 and 2 are the host's, as far as they are open. */
    public static FileTable inheriting() {
        FileTable table = new FileTable();
        for (int fd = 0; fd <= 2; fd++) {
            Description inherited = Host.inherited(fd);
            if (inherited != null) {
                table.slots[fd] = inherited;
            }
        }
        return table;
    }

    /** The first process's table where nothing of the JVM's is to be the guests': /dev/null as 0, 1 and 2. */
    public static FileTable detached() {
        FileTable table = new FileTable();
        for (int fd = 0; fd <= 2; fd++) {
            int opened = (int) Errno.check(Host.open("/dev/null", Linux.O_RDWR));
            table.slots[fd] = new Description(opened, Description.Kind.FILE, false);
        }
        return table;
    }

    /** RLIMIT_NOFILE's soft limit: what {@link #install} obeys. */
    public int limit() {
        return limit;
    }

    /** Sets RLIMIT_NOFILE's soft limit. */
    public void setLimit(long value) {
        limit = (int) Math.max(0, Math.min(value, NR_OPEN));
    }

    /**
     * The description behind a descriptor, with a reference that the caller has to {@link Description#release}.
     *
     * @throws Errno EBADF
     */
    public Description acquire(int fd) {
        @Nullable Description[] now = slots;
        while (fd >= 0 && fd < now.length) {
            Description d = now[fd];
            if (d == null) {
                break;
            }
            if (d.acquire()) {
                if (slots[fd] == d) {
                    return d;
                }
                d.release();
            }
            now = slots; // closed or replaced while we looked
        }
        throw new Errno(Errno.EBADF);
    }

    /** As {@link #acquire}, but EBADF for O_PATH descriptors too, as calls that transfer or lock answer. */
    public Description acquireFile(int fd) {
        Description d = acquire(fd);
        if (d.kind() == Description.Kind.PATH) {
            d.release();
            throw new Errno(Errno.EBADF);
        }
        return d;
    }

    /**
     * Gives a description the lowest free descriptor from {@code from} on. The table takes over the caller's reference, also
     * when it fails.
     *
     * @throws Errno EMFILE, EINVAL where {@code from} is beyond the limit
     */
    public synchronized int install(Description d, boolean cloexec, int from) {
        int fd = Math.max(from, firstFree);
        while (fd < slots.length && slots[fd] != null) {
            fd++;
        }
        if (from >= limit || fd >= limit) {
            d.release();
            throw new Errno(from >= limit && from > 0 ? Errno.EINVAL : Errno.EMFILE);
        }
        if (from <= firstFree) {
            firstFree = fd + 1;
        }
        put(fd, d, cloexec);
        return fd;
    }

    /** As {@link #install(Description, boolean, int)} from 0. */
    public int install(Description d, boolean cloexec) {
        return install(d, cloexec, 0);
    }

    /** dup3's: puts a description at exactly {@code fd}, closing what was there. Takes over the caller's reference. */
    public void installAt(int fd, Description d, boolean cloexec) {
        Description old;
        synchronized (this) {
            if (fd < 0 || fd >= limit) {
                d.release();
                throw new Errno(Errno.EBADF);
            }
            old = fd < slots.length ? slots[fd] : null;
            put(fd, d, cloexec);
        }
        if (old != null) {
            old.release();
        }
    }

    private void put(int fd, Description d, boolean cloexec) {
        if (fd >= slots.length) {
            int size = Math.min(Math.max(64, 2 * Integer.highestOneBit(fd)), NR_OPEN);
            @Nullable Description[] larger = Arrays.copyOf(slots, size);
            larger[fd] = d;
            slots = larger;
        } else {
            @Nullable Description[] now = slots;
            now[fd] = d;
            slots = now; // volatile store: publishes the slot
        }
        if (fd >>> 6 >= closeOnExec.length) {
            closeOnExec = Arrays.copyOf(closeOnExec, (slots.length + 63) / 64);
        }
        setBit(fd, cloexec);
    }

    private void setBit(int fd, boolean on) {
        if (on) {
            closeOnExec[fd >>> 6] |= 1L << fd;
        } else {
            closeOnExec[fd >>> 6] &= ~(1L << fd);
        }
    }

    /** Closes a descriptor. @throws Errno EBADF */
    public void close(int fd) {
        Description old = take(fd);
        if (old == null) {
            throw new Errno(Errno.EBADF);
        }
        old.release();
    }

    private synchronized @Nullable Description take(int fd) {
        if (fd < 0 || fd >= slots.length || slots[fd] == null) {
            return null;
        }
        @Nullable Description[] now = slots;
        Description old = now[fd];
        now[fd] = null;
        slots = now;
        firstFree = Math.min(firstFree, fd);
        setBit(fd, false);
        return old;
    }

    /** close_range's: closes, or marks close-on-exec, every open descriptor in the range (both ends included, unsigned). */
    public void closeRange(int first, int last, boolean onlyMark) {
        for (int fd = first; fd >= 0 && fd < slots.length && Integer.compareUnsigned(fd, last) <= 0; fd++) {
            if (onlyMark) {
                synchronized (this) {
                    if (fd < slots.length && slots[fd] != null) {
                        setBit(fd, true);
                    }
                }
            } else {
                Description old = take(fd);
                if (old != null) {
                    old.release();
                }
            }
        }
    }

    /** FD_CLOEXEC of an open descriptor. @throws Errno EBADF */
    public synchronized boolean isCloseOnExec(int fd) {
        if (!isOpen(fd)) {
            throw new Errno(Errno.EBADF);
        }
        return (closeOnExec[fd >>> 6] & 1L << fd) != 0;
    }

    /** Sets FD_CLOEXEC. @throws Errno EBADF */
    public synchronized void setCloseOnExec(int fd, boolean on) {
        if (!isOpen(fd)) {
            throw new Errno(Errno.EBADF);
        }
        setBit(fd, on);
    }

    /** Whether a descriptor is open at this moment. */
    public boolean isOpen(int fd) {
        @Nullable Description[] now = slots;
        return fd >= 0 && fd < now.length && now[fd] != null;
    }

    /** One more than the largest descriptor the table has room for at the moment: 64 and its doubles, as in Linux. */
    public int capacity() {
        return slots.length;
    }

    /** The lowest open descriptor from {@code fd} on, or -1. */
    public int nextOpen(int fd) {
        @Nullable Description[] now = slots;
        for (int i = Math.max(0, fd); i < now.length; i++) {
            if (now[i] != null) {
                return i;
            }
        }
        return -1;
    }

    /** For fork: a table of the same open files. */
    public synchronized FileTable copy() {
        FileTable copy = new FileTable();
        @Nullable Description[] mine = slots;
        @Nullable Description[] its = new Description[mine.length];
        for (int i = 0; i < mine.length; i++) {
            Description d = mine[i];
            if (d != null) {
                its[i] = d.share();
            }
        }
        copy.slots = its;
        copy.closeOnExec = closeOnExec.clone();
        copy.firstFree = firstFree;
        copy.limit = limit;
        return copy;
    }

    /** For execve. */
    public void closeOnExec() {
        for (int word = 0; word < closeOnExec.length; word++) {
            long bits;
            synchronized (this) {
                bits = closeOnExec[word];
            }
            for (; bits != 0; bits &= bits - 1) {
                Description old = take(64 * word + Long.numberOfTrailingZeros(bits));
                if (old != null) {
                    old.release();
                }
            }
        }
    }

    /** Has a listener called when the table is closed as a whole; later ones replace it. */
    void whenClosed(Runnable listener) {
        closeListener = listener;
    }

    /** The last task that shares this table has gone: closes all. */
    public void close() {
        Runnable listener = closeListener;
        if (listener != null) {
            listener.run();
        }
        closeRange(0, -1, false);
    }
}
