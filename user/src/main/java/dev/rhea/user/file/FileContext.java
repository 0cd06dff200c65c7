package dev.rhea.user.file;

import dev.rhea.user.call.Errno;

/** Current directory and umask; shared by tasks cloned with CLONE_FS. The JVM's own never change. Thread-safe. */
public final class FileContext {
    private Description directory;
    private volatile int umask;

    private FileContext(Description directory, int umask) {
        this.directory = directory;
        this.umask = umask;
    }

    /** A first process's: the host's current directory and umask. */
    public static FileContext inheriting() {
        return new FileContext(
                new Description(Host.openCurrentDirectory(), Description.Kind.PATH, false), Host.umask());
    }

    /** The current directory, with a reference for the caller. */
    public synchronized Description acquireDirectory() {
        return directory.share();
    }

    /** Makes a directory the current one; takes over the caller's reference. */
    public void setDirectory(Description d) {
        Description old;
        synchronized (this) {
            old = directory;
            directory = d;
        }
        old.release();
    }

    public int umask() {
        return umask;
    }

    /** Sets the umask and returns the old one. */
    public synchronized int setUmask(int mask) {
        int old = umask;
        umask = mask & 0777;
        return old;
    }

    /** For fork. */
    public synchronized FileContext copy() {
        return new FileContext(directory.share(), umask);
    }

    /** The last task that shares this context has gone. */
    public void close() {
        synchronized (this) {
            directory.release();
        }
    }

    /** The current directory's path. @throws Errno ENOENT where it was removed */
    public byte[] path() {
        Description d = acquireDirectory();
        try {
            byte[] path = Host.pathOf(d.hostFd());
            if (path.length == 0 || path[0] != '/' || endsWithDeleted(path)) {
                throw new Errno(Errno.ENOENT);
            }
            return path;
        } finally {
            d.release();
        }
    }

    private static boolean endsWithDeleted(byte[] path) {
        byte[] mark = " (deleted)".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        int at = path.length - mark.length;
        return at > 0 && java.util.Arrays.equals(path, at, path.length, mark, 0, mark.length);
    }
}
