package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.process.Terminal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Calls to the host's kernel about descriptors. Results are the kernel's: errors are {@code -errno}. */
public final class Host {
    private Host() {}

    /** AT_FDCWD of the host, which is the JVM's current directory: only with absolute paths. */
    static final int NO_DIRECTORY = Linux.AT_FDCWD;

    /** Closes a host descriptor of ours. */
    public static void close(int fd) {
        Syscall.call(SyscallNumber.CLOSE, fd);
    }

    /**
     * Closes a host descriptor that a guest has done with. The JVM's own 0, 1 and 2 become {@code /dev/null} instead, so that
     * who waits at the other end sees the end, and no later descriptor takes their number.
     */
    static void closeForGuest(int fd) {
        if (fd > 2) {
            close(fd);
            return;
        }
        int silence = (int) withPath(
                "/dev/null",
                p -> Syscall.call(SyscallNumber.OPENAT, NO_DIRECTORY, p, Linux.O_RDWR | Linux.O_CLOEXEC, 0));
        if (silence >= 0) {
            Syscall.call(SyscallNumber.DUP3, silence, fd, 0);
            close(silence);
        }
    }

    /** A call with the address of a path. */
    @FunctionalInterface
    interface PathCall {
        long run(long path);
    }

    /** Makes a call with a path of our own (not the guest's). */
    static long withPath(String path, PathCall call) {
        return withPath(path.getBytes(StandardCharsets.ISO_8859_1), call);
    }

    /** Makes a call with a path of our own (not the guest's). */
    static long withPath(byte[] path, PathCall call) {
        long memory = RawMemory.allocate(path.length + 1);
        try {
            RawMemory.copyIn(path, 0, memory, path.length);
            RawMemory.putByte(memory + path.length, (byte) 0);
            return call.run(memory);
        } finally {
            RawMemory.free(memory);
        }
    }

    /** Opens a path of our own. @return the descriptor or {@code -errno} */
    static int open(String path, int flags) {
        return (int)
                withPath(path, p -> Syscall.call(SyscallNumber.OPENAT, NO_DIRECTORY, p, flags | Linux.O_CLOEXEC, 0));
    }

    /** An O_PATH descriptor of the JVM's current directory, or of the root where that was removed. */
    static int openCurrentDirectory() {
        int fd = open(".", Linux.O_PATH | Linux.O_DIRECTORY);
        return fd >= 0 ? fd : open("/", Linux.O_PATH | Linux.O_DIRECTORY);
    }

    /** The JVM's umask. Reads it by setting it for a moment. */
    static int umask() {
        int mask = (int) Syscall.call(SyscallNumber.UMASK, 022);
        Syscall.call(SyscallNumber.UMASK, mask);
        return mask;
    }

    /** What a link says, or an empty array. */
    static byte[] readLink(String link) {
        long memory = RawMemory.allocate(2 * Linux.PATH_MAX);
        try {
            long n = withPath(
                    link, p -> Syscall.call(SyscallNumber.READLINKAT, NO_DIRECTORY, p, memory, 2 * Linux.PATH_MAX));
            byte[] target = new byte[(int) Math.max(0, n)];
            RawMemory.copyOut(memory, target, 0, target.length);
            return target;
        } finally {
            RawMemory.free(memory);
        }
    }

    /** The path of what a host descriptor has open, or an empty array. */
    static byte[] pathOf(int hostFd) {
        return readLink("/proc/self/fd/" + hostFd);
    }

    /** {@code st_mode} of an open descriptor. @param buffer at least {@link HostStatus#SIZE} bytes; @return mode or -errno */
    static long mode(int hostFd, long buffer) {
        long result = HostStatus.ofDescriptor(hostFd, buffer);
        return result < 0 ? result : HostStatus.mode(buffer);
    }

    /** Sets or clears O_NONBLOCK on the host, leaving the other flags. */
    static void setNonBlocking(int hostFd, boolean on) {
        long flags = Syscall.call(SyscallNumber.FCNTL, hostFd, Linux.F_GETFL, 0);
        if (flags >= 0) {
            Syscall.call(
                    SyscallNumber.FCNTL,
                    hostFd,
                    Linux.F_SETFL,
                    on ? flags | Linux.O_NONBLOCK : flags & ~Linux.O_NONBLOCK);
        }
    }

    /** Makes a description of a descriptor that was just opened for a guest: finds its kind, makes it O_NONBLOCK where it may wait. */
    static Description adopt(int hostFd, boolean nonBlocking, long buffer) {
        int type = (int) mode(hostFd, buffer) & Linux.S_IFMT;
        if (type == Linux.S_IFREG || type == Linux.S_IFDIR || type == Linux.S_IFBLK) {
            return new Description(hostFd, Description.Kind.FILE, nonBlocking);
        }
        setNonBlocking(hostFd, true);
        if (type == Linux.S_IFCHR) {
            return terminal(new Description(hostFd, Description.Kind.STREAM, nonBlocking), buffer);
        }
        return new Description(
                hostFd, type == Linux.S_IFSOCK ? Description.Kind.SOCKET : Description.Kind.STREAM, nonBlocking);
    }

    private static final int TIOCGPGRP = 0x540f;
    private static final int TIOCGPTN = 0x80045430;

    /** The first of the major numbers of {@code /dev/pts/N}, 256 to each. */
    private static final int PTS_MAJOR = 136;

    private static final int PTS_MAJORS = 8;

    /**
     * Tells which terminal a character device is, if it is one.
     *
     * @param status of the device; overwritten
     */
    private static Description terminal(Description d, long status) {
        long major = HostStatus.LAYOUT.getHost(status, HostStatus.Field.RDEV_MAJOR);
        long minor = HostStatus.LAYOUT.getHost(status, HostStatus.Field.RDEV_MINOR);
        if (Syscall.call(SyscallNumber.IOCTL, d.hostFd(), TIOCGPTN, status) == 0) {
            return d.asTerminal(RawMemory.getInt(status));
        }
        // Only of the terminal that controls the JVM the host tells its foreground group.
        if (Syscall.call(SyscallNumber.IOCTL, d.hostFd(), TIOCGPGRP, status) == 0) {
            return d.asTerminal(Terminal.HOST);
        }
        if (major >= PTS_MAJOR && major < PTS_MAJOR + PTS_MAJORS) {
            return d.asTerminal((int) (major - PTS_MAJOR << 8 | minor & 255));
        }
        return d;
    }

    /**
     * A description of what the JVM inherited as {@code fd}, or null if nothing is open there. Pipes and terminals are
     * opened anew where the host allows it, so that their status flags are ours alone. With 0 and 1, the JVM's own goes when
     * the guests' last one goes, so that whoever is at the other end sees the end; 2 stays, for messages of our own.
     */
    static @Nullable Description inherited(int fd) {
        long flags = Syscall.call(SyscallNumber.FCNTL, fd, Linux.F_GETFL, 0);
        if (Errno.isError(flags)) {
            return null;
        }
        boolean nonBlocking = (flags & Linux.O_NONBLOCK) != 0;
        long buffer = RawMemory.allocate(HostStatus.SIZE);
        try {
            int type = (int) mode(fd, buffer) & Linux.S_IFMT;
            int kept =
                    fd == 2 ? (int) Errno.check(Syscall.call(SyscallNumber.FCNTL, fd, Linux.F_DUPFD_CLOEXEC, 3)) : fd;
            if (type == Linux.S_IFREG || type == Linux.S_IFDIR || type == Linux.S_IFBLK) {
                return new Description(kept, Description.Kind.FILE, nonBlocking);
            }
            if (type == Linux.S_IFIFO || type == Linux.S_IFCHR) {
                int own = open(
                        "/proc/self/fd/" + fd,
                        (int) flags & (Linux.O_ACCMODE | Linux.O_APPEND | Linux.O_DIRECT)
                                | Linux.O_NONBLOCK
                                | Linux.O_NOCTTY);
                if (own >= 0) {
                    return terminal(new Description(own, Description.Kind.STREAM, nonBlocking), buffer)
                            .with(new Replaced(kept));
                }
            }
            return terminal(new Description(kept, Description.Kind.INHERITED, nonBlocking), buffer);
        } finally {
            RawMemory.free(buffer);
        }
    }

    /** Marks a description that was opened anew: the JVM's own descriptor goes with it. */
    private record Replaced(int fd) implements Description.Extra {
        @Override
        public void closed() {
            closeForGuest(fd);
        }
    }
}
