package dev.rhea.user.process;

import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;
import dev.rhea.user.file.Description;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A file that is to be executed, open on the host. */
final class ExecFile implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;
    private static final int X_OK = 1;
    private static final int S_IFMT = 0xF000;
    private static final int S_IFREG = 0x8000;
    private static final int S_IFLNK = 0xA000;
    private static final int COMM_BYTES = 15;

    private final int hostFd;
    private final byte[] path;
    private final byte[] name;
    private boolean closed;

    private ExecFile(int hostFd, byte[] path, byte[] name) {
        this.hostFd = hostFd;
        this.path = path;
        this.name = name;
    }

    int hostFd() {
        return hostFd;
    }

    /** Absolute path on the host. */
    byte[] path() {
        return path.clone();
    }

    /** The path as the guest gave it. */
    byte[] name() {
        return name.clone();
    }

    /** The last part of the name, cut to what a task's name holds. */
    byte[] shortName() {
        int from = name.length;
        while (from > 0 && name[from - 1] != '/') {
            from--;
        }
        return Arrays.copyOfRange(name, from, Math.min(name.length, from + COMM_BYTES));
    }

    /** Opens what a guest's path names, from its current directory. */
    static ExecFile open(Task task, byte[] name) {
        return open(task, AT_FDCWD, name, 0);
    }

    /** As execveat names a file. */
    static ExecFile open(Task task, int directory, byte[] name, int flags) {
        if (name.length == 0 && (flags & AT_EMPTY_PATH) == 0) {
            throw new Errno(Errno.ENOENT);
        }
        if (name.length > 0 && name[0] == '/') {
            return openAbsolute(task.kernel(), personal(task, name), name, flags);
        }
        if (name.length == 0 || directory != AT_FDCWD) {
            Description held = task.files().acquire(directory);
            try {
                byte[] base = ascii("/proc/self/fd/" + held.hostFd());
                byte[] whole = name.length == 0 ? base : join(base, name);
                byte[] shown = ascii("/dev/fd/" + directory);
                return openAbsolute(task.kernel(), whole, name.length == 0 ? shown : join(shown, name), flags);
            } finally {
                held.release();
            }
        }
        return openAbsolute(task.kernel(), join(task.fileContext().path(), name), name, flags);
    }

    /** The guest's own /proc: exe and descriptors are the process's, not the JVM's. */
    private static byte[] personal(Task task, byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        if (text.equals("/proc/self/exe")
                || text.equals("/proc/" + task.process().pid() + "/exe")) {
            return task.process().executable().getBytes(StandardCharsets.ISO_8859_1);
        }
        String own =
                text.startsWith("/proc/self/fd/") ? "/proc/self/fd/" : text.startsWith("/dev/fd/") ? "/dev/fd/" : null;
        if (own != null) {
            try {
                Description held = task.files().acquire(Integer.parseInt(text.substring(own.length())));
                try {
                    return ascii("/proc/self/fd/" + held.hostFd());
                } finally {
                    held.release();
                }
            } catch (NumberFormatException e) {
                return name;
            }
        }
        return name;
    }

    static ExecFile openAbsolute(Kernel kernel, byte[] path, byte[] name) {
        return openAbsolute(kernel, path, name, 0);
    }

    private static ExecFile openAbsolute(Kernel kernel, byte[] path, byte[] name, int flags) {
        String sysroot = kernel.options().sysroot();
        if (sysroot != null) {
            ExecFile found = tryOpen(join(sysroot.getBytes(StandardCharsets.ISO_8859_1), path), name, flags, true);
            if (found != null) {
                return found;
            }
        }
        ExecFile found = tryOpen(path, name, flags, false);
        if (found == null) {
            throw new Errno(Errno.ENOENT);
        }
        return found;
    }

    private static @Nullable ExecFile tryOpen(byte[] path, byte[] name, int flags, boolean optional) {
        long memory = RawMemory.allocate(Math.max(path.length + 1L, 256));
        try {
            RawMemory.copyIn(path, 0, memory, path.length);
            RawMemory.putByte(memory + path.length, (byte) 0);
            long allowed = HostCalls.faccessat(memory, X_OK);
            if (allowed == -Errno.ENOENT && optional) {
                return null;
            }
            Errno.check(allowed);
            boolean noFollow = (flags & AT_SYMLINK_NOFOLLOW) != 0;
            long fd = Errno.check(HostCalls.openForReading(memory, noFollow));
            int type = HostCalls.fileType((int) fd, memory) & S_IFMT;
            if (type != S_IFREG) {
                HostCalls.close((int) fd);
                throw new Errno(type == S_IFLNK ? Errno.ELOOP : Errno.EACCES);
            }
            return new ExecFile((int) fd, resolved((int) fd, memory, path), name);
        } finally {
            RawMemory.free(memory);
        }
    }

    /** The host's name for an open file. */
    private static byte[] resolved(int fd, long scratch, byte[] otherwise) {
        long buffer = RawMemory.allocate(4096);
        try {
            byte[] link = ascii("/proc/self/fd/" + fd);
            RawMemory.copyIn(link, 0, scratch, link.length);
            RawMemory.putByte(scratch + link.length, (byte) 0);
            long length = HostCalls.readlink(scratch, buffer, 4096);
            if (length <= 0) {
                return otherwise;
            }
            byte[] result = new byte[(int) length];
            RawMemory.copyOut(buffer, result, 0, result.length);
            return result;
        } finally {
            RawMemory.free(buffer);
        }
    }

    private static byte[] join(byte[] directory, byte[] name) {
        byte[] result = Arrays.copyOf(directory, directory.length + 1 + name.length);
        result[directory.length] = '/';
        System.arraycopy(name, 0, result, directory.length + 1, name.length);
        return result;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Up to {@code bytes} from the file's beginning. @throws Errno EACCES or EIO where it cannot be read */
    byte[] head(int bytes) {
        long memory = RawMemory.allocate(bytes);
        try {
            int length = (int) Errno.check(HostCalls.pread(hostFd, memory, bytes, 0));
            byte[] head = new byte[length];
            RawMemory.copyOut(memory, head, 0, length);
            return head;
        } finally {
            RawMemory.free(memory);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            HostCalls.close(hostFd);
        }
    }
}
