package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Spawn;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program of the host gets of a guest's open files: copies of the host's descriptors, above all numbers that the
 * guest uses, so that each can be put where it belongs without overwriting another.
 *
 * <p>The personality keeps pipes, sockets and terminals O_NONBLOCK on the host and waits in poll; a program that does not
 * know that would take EAGAIN for an error. So pipes and terminals are opened anew, with flags of their own. A socket cannot
 * be: its flag is taken away for good, and our own calls on it wait in poll first, as for any file whose flags others own.
 */
public final class LentFiles implements AutoCloseable {
    private static final int STANDARD = 3;
    private static final int CLOSE_RANGE_CLOEXEC = 4;

    private final List<Integer> copies = new ArrayList<>();

    /** Adds all that is not close-on-exec to what is to be spawned. @throws Errno EMFILE */
    public void lend(FileTable files, Spawn spawn) {
        // The JVM's own files (its archives of classes) are nobody else's. Kernels before 5.11 do not know how.
        Syscall.call(SyscallNumber.CLOSE_RANGE, STANDARD, 0xFFFF_FFFFL, CLOSE_RANGE_CLOEXEC);
        int above = STANDARD;
        for (int fd = files.nextOpen(0); fd >= 0; fd = files.nextOpen(fd + 1)) {
            above = fd + 1;
        }
        for (int fd = 0; fd < above; fd++) {
            Description d = inherited(files, fd);
            if (d == null) {
                if (fd < STANDARD) {
                    spawn.without(fd);
                }
                continue;
            }
            try {
                int copy = copy(d, Math.max(above, STANDARD));
                copies.add(copy);
                spawn.descriptor(copy, fd);
            } finally {
                d.release();
            }
        }
    }

    private static @Nullable Description inherited(FileTable files, int fd) {
        try {
            return files.isCloseOnExec(fd) ? null : files.acquire(fd);
        } catch (Errno closed) {
            return null;
        }
    }

    private static int copy(Description d, int above) {
        int hostFd = d.hostFd();
        if (d.kind() == Description.Kind.STREAM && !d.nonBlocking()) {
            int own = reopened(hostFd);
            if (own >= 0) {
                long moved = Syscall.call(SyscallNumber.FCNTL, own, Linux.F_DUPFD_CLOEXEC, above);
                Host.close(own);
                return (int) Errno.check(moved);
            }
        }
        if ((d.kind() == Description.Kind.STREAM || d.kind() == Description.Kind.SOCKET) && !d.nonBlocking()) {
            d.lend();
            Host.setNonBlocking(hostFd, false);
        }
        return (int) Errno.check(Syscall.call(SyscallNumber.FCNTL, hostFd, Linux.F_DUPFD_CLOEXEC, above));
    }

    /** The same pipe or terminal with status flags of its own, or a negated error. */
    private static int reopened(int hostFd) {
        long buffer = RawMemory.allocate(HostStatus.SIZE);
        try {
            int type = (int) Host.mode(hostFd, buffer) & Linux.S_IFMT;
            long flags = Syscall.call(SyscallNumber.FCNTL, hostFd, Linux.F_GETFL, 0);
            if (type != Linux.S_IFIFO && type != Linux.S_IFCHR || Errno.isError(flags)) {
                return -Errno.EINVAL;
            }
            // O_NONBLOCK: a pipe without readers would make the open wait.
            int kept = (int) flags & (Linux.O_ACCMODE | Linux.O_APPEND | Linux.O_DIRECT);
            int own = Host.open("/proc/self/fd/" + hostFd, kept | Linux.O_NONBLOCK | Linux.O_NOCTTY);
            if (own >= 0) {
                Host.setNonBlocking(own, false);
            }
            return own;
        } finally {
            RawMemory.free(buffer);
        }
    }

    /** Closes the copies; the program has its own. */
    @Override
    public void close() {
        copies.forEach(Host::close);
        copies.clear();
    }
}
