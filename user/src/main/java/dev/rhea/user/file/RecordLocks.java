package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.layout.DataModel;
import dev.rhea.user.file.layout.Layout;
import dev.rhea.user.file.layout.Struct;
import dev.rhea.user.process.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Record locks of fcntl.
 *
 * <p>Locks that belong to a process (F_SETLK) cannot be the host's: to the host, all guests are one process. The host is
 * given, per guest process and file, a private open file description with locks that belong to that description
 * (F_OFD_SETLK), which conflict as the guests' should, with each other and with everyone else's on the host. It goes when
 * the process closes any descriptor of the file, or ends. Locks of descriptions (F_OFD_SETLK) are the host's own. A lock that
 * has to wait waits in the host's kernel. No deadlock is detected: EDEADLK never comes. Thread-safe.
 */
public final class RecordLocks {
    /** Members of {@code struct flock}. */
    enum Flock {
        TYPE,
        WHENCE,
        START,
        LENGTH,
        PID
    }

    private static final int F_UNLCK = 2;
    private static final int HOST_FLOCK_SIZE = 32;
    private static final Layout<Flock> HOST = flock64(DataModel.HOST);

    private static Layout<Flock> flock(DataModel model) {
        return new Struct<>(Flock.class)
                .s16(Flock.TYPE, Flock.WHENCE)
                .sword(Flock.START, Flock.LENGTH)
                .s32(Flock.PID)
                .in(model);
    }

    private static Layout<Flock> flock64(DataModel model) {
        return new Struct<>(Flock.class)
                .s16(Flock.TYPE, Flock.WHENCE)
                .s64(Flock.START, Flock.LENGTH)
                .s32(Flock.PID)
                .in(model);
    }

    /** The private descriptions of one file that belong to one table of descriptors: as in Linux, that is who owns a lock. */
    private static final class Holder {
        final FileTable owner;
        final int pid;
        int readable = -1;
        int writable = -1;

        Holder(FileTable owner, int pid) {
            this.owner = owner;
            this.pid = pid;
        }
    }

    /** A file by device and inode. */
    private record File(long major, long minor, long inode) {}

    private final Map<File, List<Holder>> holders = new HashMap<>();
    private volatile boolean any;

    /** Whether any process ever took a lock: closing a descriptor need not look if not. */
    boolean any() {
        return any;
    }

    /** F_GETLK to F_SETLKW and the F_OFD_… commands. */
    long fcntl(Task task, Abi abi, Description d, int command, long address, boolean wide) {
        GuestMemory memory = task.memory();
        Layout<Flock> guest = wide ? flock64(abi.model()) : flock(abi.model());
        long host = task.scratch().struct();
        RawMemory.fill(host, HOST_FLOCK_SIZE, (byte) 0);
        for (Flock field : Flock.values()) {
            HOST.putHost(host, field, guest.get(memory, address, field));
        }
        boolean ofDescription = command >= Linux.F_OFD_GETLK;
        boolean get = command == Linux.F_GETLK || command == Linux.F_OFD_GETLK;
        boolean wait = command == Linux.F_SETLKW || command == Linux.F_OFD_SETLKW;
        int type = (int) HOST.getHost(host, Flock.TYPE);
        int fd = d.hostFd();
        if (!ofDescription) {
            if (!get) {
                long failed = mayLock(d, type);
                if (failed != 0) {
                    return failed;
                }
            }
            long failed = makeAbsolute(d, host);
            if (failed != 0) {
                return failed;
            }
            HOST.putHost(host, Flock.PID, 0);
            fd = privateDescription(task, d, type, get);
            if (fd < 0) {
                return fd;
            }
        }
        int hostFd = fd;
        long result = Syscall.call(SyscallNumber.FCNTL, hostFd, get ? Linux.F_OFD_GETLK : Linux.F_OFD_SETLK, host);
        if (result == -Errno.EAGAIN && wait) {
            result = task.blocking(() -> Syscall.call(SyscallNumber.FCNTL, hostFd, Linux.F_OFD_SETLKW, host));
        }
        if (result == 0 && get) {
            for (Flock field : Flock.values()) {
                guest.put(memory, address, field, HOST.getHost(host, field));
            }
            if (!ofDescription && HOST.getHost(host, Flock.TYPE) != F_UNLCK) {
                int holder = holderOf(task, d);
                if (holder != 0) {
                    guest.put(memory, address, Flock.PID, holder);
                }
            }
        }
        return result;
    }

    private static long mayLock(Description d, int type) {
        long flags = Syscall.call(SyscallNumber.FCNTL, d.hostFd(), Linux.F_GETFL, 0);
        int access = (int) flags & Linux.O_ACCMODE;
        if (type == 0 && access == Linux.O_WRONLY || type == 1 && access == Linux.O_RDONLY) {
            return -Errno.EBADF;
        }
        return type < 0 || type > F_UNLCK ? -Errno.EINVAL : 0;
    }

    /** The private description has a position of its own: SEEK_CUR counts from the guest's. */
    private static long makeAbsolute(Description d, long host) {
        if (HOST.getHost(host, Flock.WHENCE) != 1) {
            return 0;
        }
        long position = Syscall.call(SyscallNumber.LSEEK, d.hostFd(), 0, 1);
        if (position < 0) {
            return position;
        }
        HOST.putHost(host, Flock.WHENCE, 0);
        HOST.putHost(host, Flock.START, HOST.getHost(host, Flock.START) + position);
        return 0;
    }

    private static @Nullable File file(Description d) {
        long status = RawMemory.allocate(HostStatus.SIZE);
        try {
            return HostStatus.ofDescriptor(d.hostFd(), status) < 0
                    ? null
                    : new File(
                            HostStatus.LAYOUT.getHost(status, HostStatus.Field.DEV_MAJOR),
                            HostStatus.LAYOUT.getHost(status, HostStatus.Field.DEV_MINOR),
                            HostStatus.LAYOUT.getHost(status, HostStatus.Field.INO));
        } finally {
            RawMemory.free(status);
        }
    }

    /** The process's description for locks on this file; one that can be read and written if the host allows. */
    private int privateDescription(Task task, Description d, int type, boolean get) {
        File file = file(d);
        if (file == null) {
            return -Errno.EBADF;
        }
        FileTable owner = task.files();
        synchronized (this) {
            any = true;
        }
        owner.whenClosed(() -> ended(owner));
        return privateDescription(task, file, d, type, get);
    }

    private synchronized int privateDescription(Task task, File file, Description d, int type, boolean get) {
        List<Holder> all = holders.computeIfAbsent(file, f -> new ArrayList<>());
        Holder mine = null;
        for (Holder h : all) {
            if (h.owner == task.files()) {
                mine = h;
            }
        }
        if (mine == null) {
            mine = new Holder(task.files(), task.process().pid());
            all.add(mine);
        }
        boolean write = type == 1;
        if (mine.writable < 0 && mine.readable < 0) {
            String path = "/proc/self/fd/" + d.hostFd();
            int both = Host.open(path, Linux.O_RDWR);
            mine.readable = both >= 0 ? both : Host.open(path, Linux.O_RDONLY);
            mine.writable = both >= 0 ? both : Host.open(path, Linux.O_WRONLY);
        }
        int fd = write && mine.writable >= 0 || mine.readable < 0 ? mine.writable : mine.readable;
        return fd < 0 && get ? d.hostFd() : fd < 0 ? -Errno.ENOLCK : fd;
    }

    /** The pid of another process that holds locks on the file, or 0. */
    private synchronized int holderOf(Task task, Description d) {
        File file = file(d);
        List<Holder> all = file == null ? null : holders.get(file);
        if (all != null) {
            for (Holder h : all) {
                if (h.owner != task.files()) {
                    return h.pid;
                }
            }
        }
        return 0;
    }

    /** A process closes a descriptor: its locks on that file go, whatever descriptor they were taken with. */
    void closing(Task task, int fd) {
        Description d;
        try {
            d = task.files().acquire(fd);
        } catch (Errno e) {
            return;
        }
        try {
            File file = file(d);
            if (file != null) {
                drop(file, task.files());
            }
        } finally {
            d.release();
        }
    }

    private synchronized void drop(File file, FileTable owner) {
        List<Holder> all = holders.get(file);
        if (all != null) {
            all.removeIf(h -> release(h, owner));
            if (all.isEmpty()) {
                holders.remove(file);
            }
        }
    }

    private static boolean release(Holder h, FileTable owner) {
        if (h.owner != owner) {
            return false;
        }
        if (h.readable >= 0) {
            Host.close(h.readable);
        }
        if (h.writable >= 0 && h.writable != h.readable) {
            Host.close(h.writable);
        }
        return true;
    }

    /** A table is closed, its process has ended: its locks go. */
    private synchronized void ended(FileTable owner) {
        holders.values().removeIf(all -> {
            all.removeIf(h -> release(h, owner));
            return all.isEmpty();
        });
    }
}
