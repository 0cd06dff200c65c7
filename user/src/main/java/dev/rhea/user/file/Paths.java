package dev.rhea.user.file;

import dev.rhea.host.RawMemory;
import dev.rhea.host.Syscall;
import dev.rhea.host.SyscallNumber;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.proc.ProcPath;
import dev.rhea.user.file.proc.ProcessDirectory;
import dev.rhea.user.process.Task;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Guest paths to host paths.
 *
 * <p>A relative path stays relative to a host descriptor (the directory given, or the process's current one). An absolute
 * one is the host's, except for the personality's own files under {@code /proc}, and except under a sysroot: calls that look
 * something up take what exists at the same place under the sysroot; calls that make, remove or change names never do, as
 * the reference has it.
 */
public final class Paths {
    private final boolean bigEndian;
    private final Abi abi;
    private final byte[] sysroot;
    private final ProcessDirectory processes;

    /** @param sysroot directory that lookups prefer ({@code -L}), or null for none */
    public Paths(Abi abi, byte @Nullable [] sysroot, ProcessDirectory processes) {
        this.abi = abi;
        bigEndian = abi.model().bigEndian();
        this.processes = processes;
        byte[] root = sysroot == null ? new byte[0] : sysroot;
        int length = root.length;
        while (length > 0 && root[length - 1] == '/') {
            length--;
        }
        if (length > Scratch.PATH_SIZE - Linux.PATH_MAX) {
            throw new IllegalArgumentException("the sysroot's path is longer than a path can be");
        }
        this.sysroot = java.util.Arrays.copyOf(root, length);
    }

    /** Whether lookups prefer a sysroot. */
    enum Use {
        /** The call looks something up: the sysroot first. */
        LOOKUP,
        /** The call makes, removes or changes a name. */
        CHANGE
    }

    /** A path on the host, with what has to stay open while it is used. */
    static final class Located implements AutoCloseable {
        /** Host descriptor the path is relative to. */
        final int directory;
        /** Address of the path. */
        final long path;
        /** Set where the path leads to a guest process's part of /proc. */
        final @Nullable ProcPath proc;

        private final @Nullable Description held;

        Located(int directory, long path, @Nullable ProcPath proc, @Nullable Description held) {
            this.directory = directory;
            this.path = path;
            this.proc = proc;
            this.held = held;
        }

        @Override
        public void close() {
            if (held != null) {
                held.release();
            }
        }
    }

    /** As {@link #locate(Task, int, long, int, Use, boolean)} for calls that follow links. */
    Located locate(Task task, int directory, long address, Use use) {
        return locate(task, directory, address, 0, use, true);
    }

    /** A call with the address of a path. */
    @FunctionalInterface
    public interface PathCall {
        long run(long path);
    }

    /**
     * Looks a path up for a host call that knows no directory argument.
     *
     * @throws Errno EOPNOTSUPP where the path is relative and the host lets no thread have a directory of its own
     */
    public long withPlainPath(Task task, long address, PathCall call) {
        return withPlainPath(task, address, true, call);
    }

    long withPlainPath(Task task, long address, boolean follow, PathCall call) {
        try (Located at = locate(task, Linux.AT_FDCWD, address, 0, Use.LOOKUP, follow)) {
            byte first = RawMemory.getByte(at.path);
            if (first == 0) {
                return -Errno.ENOENT;
            }
            if (first != '/' && !ThreadDirectory.enter(task, at.directory)) {
                return -Errno.EOPNOTSUPP;
            }
            return call.run(at.path);
        }
    }

    /**
     * Finds where a guest path leads.
     *
     * @param directory the guest's descriptor, or AT_FDCWD
     * @param address of the string in the guest's memory
     * @param slot which of the task's two path buffers to use
     * @param follow whether the call follows a link at the end
     * @throws Errno ENAMETOOLONG, EBADF
     * @throws dev.rhea.engine.abi.GuestMemory.BadAddress where the string is not readable
     */
    Located locate(Task task, int directory, long address, int slot, Use use, boolean follow) {
        long buffer = task.scratch().path(slot);
        long path = buffer + sysroot.length;
        int length = GuestString.copy(task.memory(), bigEndian, abi.word(address), path, Linux.PATH_MAX);
        if (length < 0) {
            throw new Errno(Errno.ENAMETOOLONG);
        }
        if (RawMemory.getByte(path) == '/') {
            return absolute(task, buffer, path, length, use, follow);
        }
        Description held;
        if (directory == Linux.AT_FDCWD) {
            held = task.fileContext().acquireDirectory();
        } else {
            held = task.files().acquire(directory);
        }
        if (held.extra() instanceof ProcDirectory proc) {
            return relativeToProc(task, held, proc.at(), path, length, follow);
        }
        return new Located(held.hostFd(), path, null, held);
    }

    private Located absolute(Task task, long buffer, long path, int length, Use use, boolean follow) {
        if (mayBeOurs(path, length)) {
            byte[] text = new byte[length];
            RawMemory.copyOut(path, text, 0, length);
            ProcPath proc = ProcPath.parse(text, task, processes);
            if (proc != null) {
                return inProc(proc, path, follow);
            }
        }
        if (use == Use.LOOKUP && sysroot.length != 0) {
            RawMemory.copyIn(sysroot, 0, buffer, sysroot.length);
            if (Syscall.call(SyscallNumber.FACCESSAT, Host.NO_DIRECTORY, buffer, 0) == 0) {
                return new Located(Host.NO_DIRECTORY, buffer, null, null);
            }
        }
        return new Located(Host.NO_DIRECTORY, path, null, null);
    }

    /** Whether the path begins as /proc/ or /dev/ do, perhaps with more slashes. */
    private static boolean mayBeOurs(long path, int length) {
        int at = 1;
        while (at < length && RawMemory.getByte(path + at) == '/') {
            at++;
        }
        byte first = RawMemory.getByte(path + at);
        byte second = RawMemory.getByte(path + at + 1);
        return first == 'p' && second == 'r' || first == 'd' && second == 'e';
    }

    private Located relativeToProc(Task task, Description held, ProcPath at, long path, int length, boolean follow) {
        byte[] relative = new byte[length];
        RawMemory.copyOut(path, relative, 0, length);
        String text = new String(relative, StandardCharsets.ISO_8859_1);
        if (length == 0 || text.contains("..")) {
            return new Located(held.hostFd(), path, null, held);
        }
        byte[] whole =
                ("/proc/" + at.process().pid() + "/" + at.entry() + "/" + text).getBytes(StandardCharsets.ISO_8859_1);
        ProcPath proc = ProcPath.parse(whole, task, processes);
        held.release();
        if (proc == null) {
            throw new Errno(Errno.ENOENT);
        }
        return inProc(proc, path, follow);
    }

    /** Replaces the path by the host's that shows the same: our descriptor for the guest's, the program for "exe". */
    Located inProc(ProcPath proc, long path, boolean follow) {
        byte[] host;
        Description held = null;
        int fd = proc.descriptor();
        if (fd >= 0) {
            try {
                held = proc.process().files().acquire(fd);
            } catch (Errno e) {
                throw new Errno(Errno.ENOENT);
            }
            String directory = proc.entry().substring(0, proc.entry().indexOf('/') + 1);
            host = ascii("/proc/self/" + directory + held.hostFd());
        } else if (proc.entry().equals("cwd")) {
            held = proc.process().fileContext().acquireDirectory();
            host = ascii("/proc/self/fd/" + held.hostFd());
        } else if (proc.entry().startsWith("cwd/")) {
            held = proc.process().fileContext().acquireDirectory();
            host = ascii("/proc/self/fd/" + held.hostFd() + proc.entry().substring(3));
        } else if (proc.entry().equals("exe") && follow) {
            host = proc.process().executable();
        } else {
            host = ascii("/proc/self/" + proc.entry());
        }
        if (host.length >= Linux.PATH_MAX) {
            throw new Errno(Errno.ENAMETOOLONG);
        }
        RawMemory.copyIn(host, 0, path, host.length);
        RawMemory.putByte(path + host.length, (byte) 0);
        return new Located(Host.NO_DIRECTORY, path, proc, held);
    }

    /** As {@link ProcPath#parse}. */
    @Nullable
    ProcPath procPath(Task task, String path) {
        return ProcPath.parse(ascii(path), task, processes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
