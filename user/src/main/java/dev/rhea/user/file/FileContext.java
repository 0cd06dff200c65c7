package dev.rhea.user.file;

/** Current directory and umask; shared by tasks cloned with CLONE_FS. */
public final class FileContext {
    /** For fork. */
    public FileContext copy() {
        return new FileContext();
    }

    /** The last task that shares this context has gone. */
    public void close() {}
}
